// A program with MPI: as many ranks as mpirun started. MPI is not begun where mpirun did not start the program.
#include <cstdlib>
#include <string>
#include <utility>

#include <boost/mpi.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/utility.hpp>
#include <boost/serialization/vector.hpp>

#include "sim/cli/ranks.hpp"

namespace georep {

namespace {

namespace mpi = boost::mpi;

constexpr int runs_tag = 1;
// A rank waits until the first one, which is making runs too, has received; so it sends many runs together.
constexpr std::size_t runs_sent_together = 64;

bool started_by_mpirun() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr;
}

/// A run on its way to the first rank.
struct SentRun {
  StoredRun stored;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    RunResult& run = stored.result;
    std::int64_t ended_at = run.ended_at.count();
    std::uint64_t measures = run.measures.size();
    std::uint64_t expectations = run.expectations.size();
    archive & stored.point & stored.run & run.passed & run.interrupted & ended_at & run.events;
    archive & run.trace_hash & run.seed & measures & expectations;
    run.ended_at = Instant::at(Duration::nanoseconds(ended_at));
    run.measures.resize(measures);
    run.expectations.resize(expectations);
    for (MeasureRow& row : run.measures) {
      archive & row.name & row.labels & row.unit & row.exact & row.count & row.sum & row.mean & row.min & row.max;
      archive & row.stddev & row.p50 & row.p90 & row.p95 & row.p99 & row.p999;
    }
    for (ExpectationResult& each : run.expectations) {
      bool has_figure = each.figure.has_value();
      double figure = each.figure.value_or(0);
      archive & each.index & each.text & each.line & each.passed & each.detail & has_figure & figure;
      if (has_figure) each.figure = figure;
    }
  }
};

/// What the first rank tells the others: the runs to make, as point and run.
using SentTasks = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// The last ones of a rank are fewer than `runs_sent_together`, or none.
using SentRuns = std::vector<SentRun>;

}  // namespace

class Ranks::Parts {
 public:
  const mpi::communicator& world() const { return world_; }

 private:
  mpi::environment environment_;
  mpi::communicator world_;
};

Ranks::Ranks() {
  if (started_by_mpirun()) parts_ = std::make_unique<Parts>();
}
Ranks::~Ranks() = default;

bool Ranks::first() const { return parts_ == nullptr || parts_->world().rank() == 0; }
bool Ranks::alone() const { return parts_ == nullptr || parts_->world().size() == 1; }

// Rank r makes every size-th of the missing runs, from the r-th on, so that all points are spread over all ranks.
OrProblem<SweepOutcome> Ranks::lead(const Scenario& scenario, ResultsStore& store, const SweepRequest& request,
                                    const SampleReader* samples) const {
  const mpi::communicator& world = parts_->world();
  const MissingRuns missing = missing_runs(store, request);
  SentTasks tasks;
  for (const SweepTask& task : missing.tasks) tasks.emplace_back(task.point, task.run);
  mpi::broadcast(world, tasks, 0);

  SweepWriter writer(store, request, missing.found, missing.found + static_cast<std::int64_t>(tasks.size()));
  int others = world.size() - 1;
  bool wanted = true;
  const auto receive = [&] {
    SentRuns sent;
    world.recv(mpi::any_source, runs_tag, sent);
    if (sent.size() < runs_sent_together) --others;
    for (SentRun& each : sent) wanted = writer.take(std::move(each.stored)) && wanted;
  };
  PointRunner runner(scenario, store.points(), samples, request.watch);
  for (std::size_t i = 0; i < tasks.size() && wanted; i += static_cast<std::size_t>(world.size())) {
    wanted = writer.take(runner.run(missing.tasks[i]));
    while (others > 0 && world.iprobe(mpi::any_source, runs_tag)) receive();
  }
  while (others > 0) receive();
  return writer.finish();
}

void Ranks::call_off() const {
  if (alone()) return;
  SentTasks none;
  mpi::broadcast(parts_->world(), none, 0);
  for (int others = parts_->world().size() - 1; others > 0; --others) {
    SentRuns sent;
    parts_->world().recv(mpi::any_source, runs_tag, sent);
  }
}

void Ranks::help(const Scenario& scenario, const std::vector<PointSettings>& points, const SweepRequest& request,
                 const SampleReader* samples) const {
  const mpi::communicator& world = parts_->world();
  SentTasks tasks;
  mpi::broadcast(world, tasks, 0);
  PointRunner runner(scenario, points, samples, request.watch);
  const auto rank = static_cast<std::size_t>(world.rank());
  SentRuns sent;
  for (std::size_t i = rank; i < tasks.size(); i += static_cast<std::size_t>(world.size())) {
    if (request.interrupted && request.interrupted()) break;
    sent.push_back({runner.run({tasks[i].first, tasks[i].second})});
    if (sent.size() < runs_sent_together) continue;
    world.send(0, runs_tag, sent);
    sent.clear();
  }
  world.send(0, runs_tag, sent);
}

}  // namespace georep
