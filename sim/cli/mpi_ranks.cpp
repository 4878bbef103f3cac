// A program with MPI: as many ranks as mpirun started. MPI is not begun where mpirun did not start the program.
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <boost/mpi.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/utility.hpp>
#include <boost/serialization/vector.hpp>

#include "sim/cli/ranks.hpp"

namespace georep {

namespace {

namespace mpi = boost::mpi;
using namespace std::chrono_literals;

constexpr int turn_in_tag = 1;
constexpr int tasks_tag = 2;
// A rank takes as many runs together as last about so long: a message is then next to nothing, and a kill costs little.
constexpr auto shortest_batch = 50ms;
constexpr auto longest_batch = 200ms;
constexpr std::int64_t first_batch = 4;
// The list of so many is short enough to be sent at once, whatever the receiver is doing.
constexpr std::int64_t most_in_batch = 128;

bool started_by_mpirun() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr;
}

/// Waits without using the processor, which Open MPI's own waiting does: ranks may be more than processors.
class Pause {
 public:
  void wait() {
    std::this_thread::sleep_for(next_);
    next_ = std::min(2 * next_, longest);
  }
  void begin_anew() { next_ = shortest; }

 private:
  static constexpr std::chrono::microseconds shortest{50};
  static constexpr std::chrono::microseconds longest{2000};
  std::chrono::microseconds next_ = shortest;
};

template <class Happened>
void wait_until(Happened happened) {
  for (Pause pause; !happened();) pause.wait();
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

/// Runs to make, as point and run; never none, as Boost.MPI looks at the first.
using SentTasks = std::vector<std::pair<std::int64_t, std::int64_t>>;
/// Stands alone where there are no more.
constexpr std::pair<std::int64_t, std::int64_t> no_task{-1, -1};

/// What a rank tells the first one: the runs that it has made, and how many more it would make.
struct TurnIn {
  std::vector<SentRun> made;
  std::int64_t wants = 0;    ///< none: it leaves, and hears nothing more
  bool interrupted = false;  ///< some that it was given are not made

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive & made & wants & interrupted;
  }
};

/// Deals out runs in order to whoever is free, so that a rank that has less of its processor makes fewer of them.
class Dealer {
 public:
  Dealer(std::vector<SweepTask> tasks, int ranks) : tasks_{std::move(tasks)}, ranks_{ranks} {}

  /// At most so many, and fewer towards the end, so that all ranks end together.
  std::vector<SweepTask> deal(std::int64_t wanted) {
    const std::scoped_lock lock{mutex_};
    const auto left = static_cast<std::int64_t>(tasks_.size()) - next_;
    const std::int64_t count = std::min({left, wanted, std::max<std::int64_t>(1, left / (4 * ranks_))});
    const auto first = tasks_.begin() + next_;
    next_ += count;
    return {first, first + count};
  }

  void stop() {
    const std::scoped_lock lock{mutex_};
    next_ = static_cast<std::int64_t>(tasks_.size());
  }

 private:
  std::mutex mutex_;
  const std::vector<SweepTask> tasks_;
  std::int64_t next_ = 0;
  const int ranks_;
};

/// Runs that one thread makes and another takes.
class Finished {
 public:
  void add(StoredRun run) {
    const std::scoped_lock lock{mutex_};
    runs_.push_back(std::move(run));
  }
  std::vector<StoredRun> take() {
    const std::scoped_lock lock{mutex_};
    return std::exchange(runs_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<StoredRun> runs_;
};

/// The first rank's side of the talk: takes what the others turn in and deals out more.
class OtherRanks {
 public:
  OtherRanks(const mpi::communicator& world, Dealer& dealer) : world_{world}, dealer_{dealer}, here_{world.size() - 1} {}

  bool all_left() const { return here_ == 0; }
  /// To be called when all have left: what they were sent has reached them.
  void end() {
    for (UnderWay& each : sent_) each.request.wait();
    sent_.clear();
  }
  bool interrupted() const { return interrupted_; }

  /// What one of them turned in, if any has; whether it did.
  bool hear(std::vector<StoredRun>& made) {
    const auto message = world_.iprobe(mpi::any_source, turn_in_tag);
    if (!message) return false;
    TurnIn turned_in;
    world_.recv(message->source(), turn_in_tag, turned_in);
    interrupted_ = interrupted_ || turned_in.interrupted;
    if (interrupted_) dealer_.stop();
    if (turned_in.wants == 0) {
      --here_;
    } else {
      send_tasks(message->source(), turned_in.wants);
    }
    for (SentRun& each : turned_in.made) made.push_back(std::move(each.stored));
    return true;
  }

 private:
  struct UnderWay {
    SentTasks tasks;
    mpi::request request;
  };

  // Whoever is to take them may be busy or stand still.
  void send_tasks(int rank, std::int64_t wanted) {
    sent_.remove_if([](UnderWay& each) { return each.request.test().has_value(); });
    SentTasks& tasks = sent_.emplace_back().tasks;
    for (const SweepTask& task : dealer_.deal(wanted)) tasks.emplace_back(task.point, task.run);
    if (tasks.empty()) tasks.push_back(no_task);
    sent_.back().request = world_.isend(rank, tasks_tag, tasks);
  }

  const mpi::communicator& world_;
  Dealer& dealer_;
  std::list<UnderWay> sent_;  // each stays where it is until it has been sent
  int here_;
  bool interrupted_ = false;
};

}  // namespace

class Ranks::Parts {
 public:
  // Ranks that are done wait for the others here: to end MPI they would wait with all of a processor. Whoever fails ends all.
  ~Parts() {
    if (std::uncaught_exceptions() > 0) return;
    MPI_Request all_here = MPI_REQUEST_NULL;
    MPI_Ibarrier(MPI_Comm{world_}, &all_here);
    wait_until([&] {
      int are = 0;
      MPI_Test(&all_here, &are, MPI_STATUS_IGNORE);
      return are != 0;
    });
  }

  const mpi::communicator& world() const { return world_; }

 private:
  mpi::environment environment_{mpi::threading::funneled};
  mpi::communicator world_;
};

Ranks::Ranks() {
  if (started_by_mpirun()) parts_ = std::make_unique<Parts>();
}
Ranks::~Ranks() = default;

bool Ranks::first() const { return parts_ == nullptr || parts_->world().rank() == 0; }
bool Ranks::alone() const { return parts_ == nullptr || parts_->world().size() == 1; }

// One thread makes runs, and the main one, which alone may call MPI, stores them and serves the other ranks at any time.
OrProblem<SweepOutcome> Ranks::lead(const Scenario& scenario, ResultsStore& store, const SweepRequest& request,
                                    const SampleReader* samples) const {
  const mpi::communicator& world = parts_->world();
  MissingRuns missing = missing_runs(store, request);
  const auto count = static_cast<std::int64_t>(missing.tasks.size());
  SweepWriter writer(store, request, missing.found, missing.found + count);
  Dealer dealer{std::move(missing.tasks), world.size()};
  Finished finished;
  std::future<void> own = std::async(std::launch::async, [&, points = store.points()] {
    PointRunner runner(scenario, points, samples, request.watch);
    for (auto tasks = dealer.deal(1); !tasks.empty(); tasks = dealer.deal(1)) finished.add(runner.run(tasks.front()));
  });

  OtherRanks others{world, dealer};
  Pause pause;
  for (bool ended = false; !ended;) {
    ended = others.all_left() && own.wait_for(0s) == std::future_status::ready;
    std::vector<StoredRun> made = finished.take();
    while (others.hear(made)) pause.begin_anew();
    for (StoredRun& run : made)
      if (!writer.take(std::move(run))) dealer.stop();
    if (!ended) pause.wait();
  }
  others.end();
  own.get();
  OrProblem<SweepOutcome> outcome = writer.finish();
  if (outcome && others.interrupted()) outcome->interrupted = true;
  return outcome;
}

void Ranks::call_off() const {
  if (alone()) return;
  Dealer none{{}, parts_->world().size()};
  OtherRanks others{parts_->world(), none};
  std::vector<StoredRun> made;
  wait_until([&] {
    others.hear(made);
    return others.all_left();
  });
  others.end();
}

// More runs are asked for before those at hand are made, so that nobody waits for an answer.
void Ranks::help(const Scenario& scenario, const std::vector<PointSettings>& points, const SweepRequest& request,
                 const SampleReader* samples) const {
  const mpi::communicator& world = parts_->world();
  PointRunner runner(scenario, points, samples, request.watch);
  std::int64_t wants = first_batch;
  const auto given = [&] {
    SentTasks tasks;
    wait_until([&] { return world.iprobe(0, tasks_tag).has_value(); });
    world.recv(0, tasks_tag, tasks);
    return tasks;
  };
  TurnIn turned_in{{}, wants};
  world.send(0, turn_in_tag, turned_in);
  for (SentTasks tasks = given(); tasks.front() != no_task; tasks = given()) {
    turned_in.wants = wants;
    mpi::request sent = world.isend(0, turn_in_tag, turned_in);
    turned_in.made.clear();
    const auto began = std::chrono::steady_clock::now();
    for (const auto& [point, run] : tasks) {
      turned_in.interrupted = turned_in.interrupted || (request.interrupted && request.interrupted());
      if (!turned_in.interrupted) turned_in.made.push_back({runner.run({point, run})});
    }
    const auto lasted = std::chrono::steady_clock::now() - began;
    if (lasted < shortest_batch) wants = std::min(2 * wants, most_in_batch);
    if (lasted > longest_batch) wants = std::max<std::int64_t>(1, wants / 2);
    wait_until([&] { return sent.test().has_value(); });
  }
  turned_in.wants = 0;
  world.send(0, turn_in_tag, turned_in);
}

}  // namespace georep
