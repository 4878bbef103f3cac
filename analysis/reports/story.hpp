// A run told on a terminal: each operation, its replica, its outcome, its time; the measures that were asked for; each
// expectation with its verdict and figure.
#pragma once

#include <string>

#include "analysis/reports/run_report.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

/// Of more lines than this in one table a reader wants the first ones and a count; the JSON has them all.
inline constexpr std::size_t most_story_lines = 60;

std::string story(const RunReport& report, const TextStyle& style);

/// The expectations alone, one to a line: `only_failed` leaves out those that held.
std::string expectation_lines(const RunReport& report, const TextStyle& style, bool only_failed);

}  // namespace georep
