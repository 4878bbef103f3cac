// The names that expectations are written with: measures, statistics, invariants, anomalies, states and
// error codes. What reads a scenario, what judges a run and what describes the language share them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

struct Term {
  std::string_view name;
  std::string_view help;
};

/// A measure: its name, what one sample is, and what it is measured in.
struct MeasureTerm {
  std::string_view name;
  std::string_view help;
  Quantity::Dimension dimension;
};

std::span<const MeasureTerm> measure_terms();
const MeasureTerm* find_measure(std::string_view name);

/// What may stand under `always`.
std::span<const Term> invariant_terms();
/// What may stand under `never`, beside the error codes.
std::span<const Term> anomaly_terms();
/// What may stand under `eventually`.
std::span<const Term> state_terms();
/// The statistics but for the percentiles.
std::span<const Term> statistic_terms();

/// What a measure's samples are condensed to.
struct Statistic {
  enum class Kind : std::uint8_t { mean, min, max, count, sum, stddev, percentile };
  Kind kind = Kind::mean;
  double percent = 0;  ///< only of a percentile: above 0 and below 100
  friend bool operator==(const Statistic&, const Statistic&) = default;
};

/// `mean`, …, or a percentile written `p50`, `p99.9`; nothing where the text is neither.
std::optional<Statistic> parse_statistic(std::string_view text);

/// What the figure of a measure is compared with: that of its samples, but a count is a number.
Quantity::Dimension dimension_of(const MeasureTerm& measure, const Statistic& statistic);

/// The names of some terms, for the nearest of them.
std::vector<std::string> names_of(std::span<const Term> terms);
std::vector<std::string> measure_names();
/// The error codes as they are written.
std::vector<std::string> error_code_names();

}  // namespace georep
