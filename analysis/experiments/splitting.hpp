// The probability of a rare event by fixed-effort multilevel splitting. A score says how near a run
// has come to the event. Runs that reach one level of the score are continued from there many times
// with other chance; the probability is the product of the shares that go on from level to level.
//
// No state is copied. A run is a pure function of its seed and of the moments at which its chance
// changes, so a branch runs again from the start under its parent's chance and parts from it after
// the event that reached the level. Delays that had not ended then are drawn anew, given that they
// last longer (late reveal); otherwise all branches would share the delays that decide the race.
// Sources: Garvels, The splitting method in rare event simulation, 2000; Glasserman et al. 1999.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/statistics/interval.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

/// Where a run parts from the run that it shares its past with: after event number `event`, which
/// happened at `at`. From there on it draws its chance as run number `key`.
struct ChanceCut {
  EventOrdinal event = 0;
  Instant at;
  std::uint64_t key = 0;
};

/// All that decides a run, beside the seed.
struct SplitPath {
  std::uint64_t key = 0;  ///< until the first cut
  std::vector<ChanceCut> cuts;
};

/// The score at the end of the first event that brought it this high.
struct ScoreRecord {
  double score = 0;
  EventOrdinal event = 0;
  Instant at;
};

/// Makes a simulation run along a path. One for each simulation; to be told of each run after the
/// simulation's reset to run number `path.key`.
class PathRevealer : public DelayRevealer {
 public:
  explicit PathRevealer(Simulation& simulation) : simulation_(simulation) {
    simulation_.set_revealer(this);
  }
  ~PathRevealer() override { simulation_.set_revealer(nullptr); }
  PathRevealer(const PathRevealer&) = delete;
  PathRevealer& operator=(const PathRevealer&) = delete;

  void follow(const SplitPath& path);
  Duration reveal(const Distribution& law, double u, Instant now, EventOrdinal ordinal) override;

 private:
  Simulation& simulation_;
  std::vector<ChanceCut> cuts_;
  EventOrdinal drawn_during_ = 0;
  std::uint64_t drawn_ = 0;  // delays in that event
};

/// A random length of which it is known that it exceeds `elapsed`; `u` is the chance of the rest.
Duration longer_than(const Distribution& law, Duration elapsed, double u);

/// What is run: a simulation with a score.
class SplitModel {
 public:
  virtual ~SplitModel() = default;
  /// Runs from the start along the path, until the end of the event in which the score reaches
  /// `level`, or to the end of the run. Returns each new maximum of the score, in order.
  virtual std::vector<ScoreRecord> run(const SplitPath& path, double level) = 0;
  /// How many events the last run took.
  virtual std::uint64_t events() const = 0;
};

struct SplittingRequest {
  std::uint64_t seed = 1;
  double target = 1;             ///< the score of the event itself
  std::int64_t paths = 500;      ///< at each level
  std::int64_t replicates = 40;  ///< independent estimates, at least 30
  double go_on = 0.2;            ///< about the share of paths that is to reach the next level
  double confidence = 0.95;
  int jobs = 1;  ///< threads; changes no result
  std::function<bool()> interrupted;
  std::function<void(std::int64_t done, std::int64_t all)> progress;
};

struct SplittingResult {
  /// Over the replicates, none left out. An interval is only as good as the score; see `zeros`.
  Estimate probability;
  double relative_error = 0;   ///< of the estimate: one standard error
  std::vector<double> levels;  ///< from a pilot whose paths are thrown away; the target is the last
  std::int64_t zeros = 0;      ///< replicates in which no path came through
  std::uint64_t events = 0;    ///< dispatched in all, the pilot included
  std::uint64_t run_events = 0;  ///< dispatched by a run from start to end, on average
  bool reached = true;           ///< false: not even the pilot came near, and there is no estimate
  bool interrupted = false;

  /// How many events crude Monte Carlo would need for the same error.
  double crude_events() const;
};

SplittingResult split(const std::function<std::unique_ptr<SplitModel>()>& make_model,
                      const SplittingRequest& request);

}  // namespace georep
