// Figures as people read them: some significant digits, and a unit that suits the size. Nothing reads them back; the exact
// texts are in quantity_text.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace georep {

/// `1.235 s`, `38.5 ms`; from two minutes on `2 min 5 s`, `1 h 12 min`, whose least part is rounded.
std::string figure(Duration duration, int digits = 4);
/// How long after the start of the run: the same.
std::string figure(Instant at, int digits = 4);

/// In one unit, `360.295 s`, so that it can be held against a bound.
std::string figure_in_one_unit(Duration duration, int digits = 6);
/// How long after the start of the run: the same.
std::string figure_in_one_unit(Instant at, int digits = 6);

/// `45 MB`, `1.5 GB`: SI units.
std::string figure_of_bytes(double bytes, int digits = 4);

/// `99.83%` of a share of 1.
std::string figure_of_ratio(double ratio, int digits = 4);

/// `178,500`, `1.235`.
std::string figure_of_number(double number, int digits = 4);

/// A whole number with a comma between groups of three digits.
std::string grouped(std::uint64_t number);

/// `1 expectation`, `2 expectations`.
std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace georep
