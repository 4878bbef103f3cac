// What independent runs of one scenario say together: each measure and expectation with an
// interval.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/statistics/interval.hpp"

namespace georep {

using MeasureLabels = std::vector<std::pair<std::string, std::string>>;

/// One measure under some labels. Each estimate is over the runs that had a sample, one value each; of errors and of what links
/// carried, over all runs. The value of a run in which attempts failed is how many did.
struct MeasureAcrossRuns {
  std::string name;
  MeasureLabels labels;
  std::string unit;
  std::int64_t samples = 0;  ///< in all runs together
  double min = 0;
  double max = 0;
  Estimate mean;
  Estimate sum;
  Estimate p50;
  Estimate p90;
  Estimate p99;
  /// Quantiles over the runs of each one's mean, by order statistics, whatever its law; empty where
  /// there are too few runs for that.
  std::optional<Estimate> median_of_runs;
  std::optional<Estimate> p90_of_runs;
};

struct ExpectationAcrossRuns {
  std::string text;
  int line = 0;
  Estimate passed;                 ///< the share of runs that met it, by Wilson's score
  std::optional<Estimate> figure;  ///< what it compares with a bound, the mean over runs
};

struct RunsSummary {
  std::int64_t runs = 0;
  std::int64_t passed = 0;  ///< runs that met every expectation
  std::uint64_t events = 0;
  std::uint64_t trace_hash = 0;  ///< folded over all runs in order
  bool interrupted = false;
  std::vector<ExpectationAcrossRuns> expectations;
  std::vector<MeasureAcrossRuns> measures;  ///< in the order of first appearance
};

/// Gathers runs one after another.
class AcrossRuns {
 public:
  void add(const RunResult& run);
  RunsSummary summary(double confidence = 0.95) const;
  std::int64_t runs() const { return runs_; }

 private:
  struct MeasureValues {
    MeasureRow first;  // its names and unit
    std::int64_t samples = 0;
    double min = 0;
    double max = 0;
    std::vector<double> mean, sum, p50, p90, p99;
    void fill_with_zeros(std::size_t runs);
  };
  struct ExpectationCount {
    std::string text;
    int line = 0;
    std::int64_t passed = 0;
    std::vector<double> figures;
  };

  std::int64_t runs_ = 0;
  std::int64_t passed_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t trace_hash_ = 0;
  bool interrupted_ = false;
  std::map<std::pair<std::string, MeasureLabels>, std::size_t> place_of_;
  std::vector<MeasureValues> measures_;
  std::vector<ExpectationCount> expectations_;
};

/// `replication_lag region=westeurope`.
std::string measure_text(const std::string& name, const MeasureLabels& labels);

}  // namespace georep
