// What two settings differ by, as text and JSON.
#pragma once

#include <string>
#include <vector>

#include "analysis/experiments/compare.hpp"
#include "analysis/experiments/variation.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

/// Two scenarios have one point without settings, two stores one for each that both hold.
struct ComparedPoint {
  PointSettings settings;
  Comparison comparison;
};

std::string comparison_text(const std::vector<ComparedPoint>& points, const TextStyle& style);
std::string comparison_json(const std::vector<ComparedPoint>& points);

}  // namespace georep
