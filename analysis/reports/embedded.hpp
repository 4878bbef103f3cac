// Texts of others that the build puts into the program.
#pragma once

#include <string_view>

namespace georep::embedded {

extern const std::string_view chart_min;  ///< Chart.js, https://www.chartjs.org, MIT licence

}  // namespace georep::embedded
