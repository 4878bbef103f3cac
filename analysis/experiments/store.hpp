// The results of a sweep in one SQLite file, which any SQLite tool opens. The schema, with a word
// on each table, is in the file itself and in docs/studies.md.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "analysis/experiments/across_runs.hpp"
#include "analysis/experiments/run.hpp"
#include "analysis/experiments/variation.hpp"

namespace georep {

/// What a store holds the results of. Two sweeps are the same where these agree.
struct SweepIdentity {
  std::string title;
  std::string scenario;  ///< the whole scenario as its writer gives it
  std::uint64_t seed = 1;
  std::vector<Variation> variations;
  std::string program;  ///< the program's version; does not take part in a comparison
  int model_version = 0;

  friend bool operator==(const SweepIdentity& x, const SweepIdentity& y) {
    return x.title == y.title && x.scenario == y.scenario && x.seed == y.seed &&
           x.variations == y.variations && x.model_version == y.model_version;
  }
};

/// What a store holds of one run: what its intervals, its table and its report are made from.
struct StoredRun {
  std::int64_t point = 0;
  std::int64_t run = 0;
  RunResult result;  ///< without operations and deliveries
};

template <class T>
using OrProblem = std::expected<T, std::string>;

class ResultsStore {
 public:
  /// Opens the store of a sweep, or makes it. A file that holds another sweep, or no sweep at all,
  /// is a problem. What a killed process had not finished writing is not in it.
  static OrProblem<ResultsStore> resume(const std::filesystem::path& file,
                                        const SweepIdentity& identity);
  /// A store that ends with the program.
  static OrProblem<ResultsStore> in_memory(const SweepIdentity& identity);
  /// Opens a store to read it.
  static OrProblem<ResultsStore> open(const std::filesystem::path& file);

  ~ResultsStore();
  ResultsStore(ResultsStore&&) noexcept;
  ResultsStore& operator=(ResultsStore&&) noexcept;

  const SweepIdentity& identity() const;
  const std::vector<PointSettings>& points() const;

  /// Whether the store has that run.
  bool contains(std::int64_t point, std::int64_t run) const;
  /// Writes runs; all of them or, if the process dies meanwhile, none.
  OrProblem<void> add(const std::vector<StoredRun>& runs);
  /// Takes over the runs of another store of the same sweep that this one lacks.
  OrProblem<void> merge(const ResultsStore& other);

  /// The runs of one point, in order.
  OrProblem<std::vector<StoredRun>> runs_of(std::int64_t point) const;
  /// What the runs of one point say together.
  OrProblem<RunsSummary> summary_of(std::int64_t point, double confidence = 0.95) const;

 private:
  class Parts;
  explicit ResultsStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace georep
