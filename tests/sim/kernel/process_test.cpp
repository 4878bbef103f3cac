// Processes, scopes, signals, resources and replies: order, cancelling, and what is left behind.
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"
#include "sim/kernel/task_group.hpp"

using namespace georep;

namespace {

using Log = std::vector<std::string>;

Task<void> note_after(Simulation& simulation, Log& log, std::string name, Duration delay) {
  co_await simulation.delay(delay);
  log.push_back(name + "@" + std::to_string(simulation.now().count()));
}

/// Counts how many of itself are alive, to see what a cancelled process leaves behind.
class Guard {
 public:
  explicit Guard(int& alive) : alive_{alive} { ++alive_; }
  ~Guard() { --alive_; }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  int& alive_;
};

}  // namespace

TEST_CASE("processes go on in order of time, and at one instant in the order of scheduling") {
  Simulation simulation;
  Log log;
  simulation.spawn(note_after(simulation, log, "late", 20_ns));
  simulation.spawn(note_after(simulation, log, "first", 10_ns));
  simulation.spawn(note_after(simulation, log, "second", 10_ns));
  simulation.spawn(note_after(simulation, log, "now", 0_ns));
  CHECK(simulation.run() == RunEnd::exhausted);
  CHECK(log == Log{"now@0", "first@10", "second@10", "late@20"});
}

namespace {
Task<int> deep(Simulation& simulation, int depth) {
  if (depth == 0) {
    co_await simulation.delay(1_ns);
    co_return 0;
  }
  const int below = co_await deep(simulation, depth - 1);
  co_return below + 1;
}
Task<void> store_depth(Simulation& simulation, int depth, int& result) {
  result = co_await deep(simulation, depth);
}
Task<int> nothing_to_wait_for() { co_return 1; }
Task<void> await_many(int count, int& sum) {
  for (int i = 0; i < count; ++i) sum += co_await nothing_to_wait_for();
}
}  // namespace

TEST_CASE("a process may await ten thousand deep and a million times without growing the stack") {
  Simulation simulation;
  int depth = 0;
  int sum = 0;
  simulation.spawn(store_depth(simulation, 10'000, depth));
  simulation.spawn(await_many(1'000'000, sum));
  simulation.run();
  CHECK(depth == 10'000);
  CHECK(sum == 1'000'000);
}

namespace {
Task<void> throw_after(Simulation& simulation, Duration delay) {
  co_await simulation.delay(delay);
  throw std::runtime_error("lost");
}
Task<void> catch_from_child(Simulation& simulation, bool& caught) {
  try {
    co_await throw_after(simulation, 5_ns);
  } catch (const std::runtime_error&) {
    caught = true;
  }
}
}  // namespace

TEST_CASE("an exception reaches the awaiting process, or run() where nobody awaits") {
  Simulation simulation;
  bool caught = false;
  simulation.spawn(catch_from_child(simulation, caught));
  simulation.run();
  CHECK(caught);
  simulation.spawn(throw_after(simulation, 5_ns));
  CHECK_THROWS_WITH_AS(simulation.run(), "lost", std::runtime_error);
}

namespace {
Task<void> hold_guard(Simulation& simulation, int& alive, Duration length) {
  Guard guard{alive};
  co_await simulation.delay(length);
}
struct NullListener : KernelListener {
  void began() override {}
  void scheduled(const Event&, const Deadline&, EventOrdinal) override {}
  void cancelled(const Event&, EventOrdinal) override {}
  void dispatched(const Event&, Instant, EventOrdinal) override {}
  void accessed(SharedObject, Access) override {}
  void within(SharedObject) override {}
  void compared(const Deadline&, bool) override {}
  void ordered(const Deadline&, const Deadline&, bool) override {}
  SharedObject named(bool) override { return {}; }
};
Task<void> own_a_scope(Simulation& simulation, int& alive) {
  ProcessScope scope = ProcessScope::of_running_process(simulation);
  for (int i = 0; i < 3; ++i) scope.start(hold_guard(simulation, alive, 100_ns));
  co_await simulation.delay(10_ns);
}
}  // namespace

TEST_CASE("the end of a scope cancels its processes and their pending events") {
  Simulation simulation;
  int alive = 0;
  simulation.spawn(own_a_scope(simulation, alive));
  simulation.run();
  CHECK(alive == 0);
  CHECK(simulation.now() == Instant::at(10_ns));
  CHECK(simulation.foreground_pending() == 0);
}

namespace {
Task<void> create_scope(Simulation& simulation, std::unique_ptr<ProcessScope>& scope) {
  scope = std::make_unique<ProcessScope>(simulation);
  co_await simulation.delay(1_ns);
}
Task<void> clear_scope(Simulation& simulation, ProcessScope& scope) {
  co_await simulation.delay(1_ns);
  scope.clear();
  co_await simulation.delay(1_ns);
}
}  // namespace

TEST_CASE("a scope of an object outlives the process that created it") {
  for (const bool listened : {false, true}) {
    Simulation simulation;
    NullListener listener;
    if (listened) simulation.set_listener(&listener);
    std::unique_ptr<ProcessScope> scope;
    simulation.spawn(create_scope(simulation, scope));
    simulation.run();
    ProcessScope other{simulation};
    int alive = 0;
    scope->start(hold_guard(simulation, alive, 10_ns));
    scope->start(clear_scope(simulation, other));
    other.start(hold_guard(simulation, alive, 20_ns));
    simulation.run();
    CHECK(alive == 0);
    CHECK(simulation.now() == Instant::at(11_ns));
    simulation.set_listener(nullptr);
  }
}

namespace {
struct CountingListener final : NullListener {
  void within(SharedObject) override { ++scopes; }
  int scopes = 0;
};
}  // namespace

TEST_CASE("of two simulations on one thread each is heard by its own listener, whichever was given one last") {
  Simulation first;
  Simulation second;
  CountingListener hears_first;
  CountingListener hears_second;
  first.set_listener(&hears_first);
  second.set_listener(&hears_second);
  ProcessScope scope{first};
  int alive = 0;
  scope.start(hold_guard(first, alive, 10_ns));
  first.run();
  CHECK(hears_first.scopes == 2);
  CHECK(hears_second.scopes == 0);
  second.set_listener(nullptr);
  scope.start(hold_guard(first, alive, 10_ns));
  first.run();
  CHECK(hears_first.scopes == 4);
  first.set_listener(nullptr);
}

namespace {
struct SelfEnding {
  explicit SelfEnding(Simulation& simulation) : scope{simulation} {}
  ProcessScope scope;
  int alive = 0;
  bool went_on = false;
};
Task<void> end_own_scope(Simulation& simulation, SelfEnding& state) {
  Guard guard{state.alive};
  co_await simulation.delay(5_ns);
  state.scope.clear();
  state.went_on = true;
  co_await simulation.delay(5_ns);
  state.went_on = false;  // never reached: it is destroyed where it waits
}
}  // namespace

TEST_CASE("a process that ends its own scope goes on to its next suspension and is then destroyed") {
  Simulation simulation;
  SelfEnding state{simulation};
  state.scope.start(hold_guard(simulation, state.alive, 100_ns));
  state.scope.start(end_own_scope(simulation, state));
  simulation.run();
  CHECK(state.alive == 0);
  CHECK(state.went_on);
  CHECK(simulation.now() == Instant::at(5_ns));
}

namespace {
struct AtOnce {
  Simulation& simulation;
  ProcessScope scope{simulation};
  Log log;
};
Task<void> begin_and_wait(AtOnce& state, std::string name) {
  state.log.push_back(name + " begins");
  co_await state.simulation.delay(1_ns);
  state.log.push_back(name + " ends");
}
Task<void> start_another(AtOnce& state) {
  state.scope.start_at_once(begin_and_wait(state, "first"));
  state.log.push_back("starter");
  state.scope.start(begin_and_wait(state, "second"));
  state.log.push_back("starter");
  co_return;
}
Task<void> end_scope(ProcessScope& scope) {
  scope.clear();
  co_return;
}
Task<void> start_what_ends_its_scope(AtOnce& state, int& alive) {
  Guard guard{alive};
  ProcessScope root{state.simulation};
  root.start_at_once(end_scope(state.scope));
  state.log.push_back("still here");
  co_await state.simulation.delay(1_ns);
  state.log.push_back("never reached");
}
}  // namespace

TEST_CASE("the first step of a process that is started at once is part of the event of whoever starts it") {
  Simulation simulation;
  AtOnce state{simulation};
  state.scope.start(start_another(state));
  simulation.run();
  CHECK(state.log == Log{"first begins", "starter", "starter", "second begins", "first ends", "second ends"});
  CHECK(simulation.events() == 4);
}

TEST_CASE("one who starts at once what ends its own scope goes on to its next suspension and is then destroyed") {
  Simulation simulation;
  AtOnce state{simulation};
  int alive = 0;
  state.scope.start(start_what_ends_its_scope(state, alive));
  simulation.run();
  CHECK(state.log == Log{"still here"});
  CHECK(alive == 0);
}

namespace {
Task<void> wait_for_signal(Simulation& simulation, Signal& signal, Duration patience, Log& log) {
  const Deadline limit = simulation.deadline(patience);
  const bool came = co_await signal.wait_until(limit);
  log.push_back((came ? "signal@" : "limit@") + std::to_string(simulation.now().count()));
}
Task<void> notify_at(Simulation& simulation, Signal& signal, Duration delay) {
  co_await simulation.delay(delay);
  signal.notify_all();
}
}  // namespace

TEST_CASE("a wait with a limit ends at the signal or at the limit, whichever comes first") {
  Simulation simulation;
  Signal signal;
  Log log;
  simulation.spawn(wait_for_signal(simulation, signal, 5_ns, log));
  simulation.spawn(wait_for_signal(simulation, signal, 50_ns, log));
  simulation.spawn(notify_at(simulation, signal, 10_ns));
  simulation.run();
  CHECK(log == Log{"limit@5", "signal@10"});
  CHECK(simulation.now() == Instant::at(10_ns));  // the limit of the second was withdrawn
}

namespace {
Task<void> use_server(Simulation& simulation, Resource& servers, Duration length, Log& log,
                      std::string name) {
  Resource::Slot slot = co_await servers.acquire();
  log.push_back(name + "@" + std::to_string(simulation.now().count()));
  co_await simulation.delay(length);
}
}  // namespace

TEST_CASE("a resource serves first come first served and never more than its capacity at once") {
  Simulation simulation;
  Resource servers{2};
  Log log;
  for (const char* name : {"a", "b", "c", "d"})
    simulation.spawn(use_server(simulation, servers, 10_ns, log, name));
  simulation.run();
  CHECK(log == Log{"a@0", "b@0", "c@10", "d@10"});
  CHECK(servers.busy() == 0);
}

TEST_CASE("cancelling one that holds or waits for a server gives the server to the next in line") {
  // The scope ends at each of the instants in turn, also while a waiter is granted but has not yet gone on.
  for (std::int64_t end = 0; end <= 25; ++end) {
    Simulation simulation;
    Resource servers{1};
    Log log;
    {
      ProcessScope cancelled{simulation};
      cancelled.start(use_server(simulation, servers, 10_ns, log, "a"));
      cancelled.start(use_server(simulation, servers, 10_ns, log, "b"));
      simulation.run(Instant::at(Duration::nanoseconds(end)));
    }
    simulation.spawn(use_server(simulation, servers, 1_ns, log, "last"));
    simulation.run();
    CHECK(log.back().starts_with("last@" + std::to_string(end)));
    CHECK(servers.busy() == 0);
    CHECK(servers.waiting() == 0);
  }
}

namespace {
Task<void> answer(Simulation& simulation, ReplyTo<int> reply, Duration delay) {
  co_await simulation.delay(delay);
  reply.send(42);
}
Task<void> ask(Simulation& simulation, Duration answer_delay, Duration patience,
               std::optional<int>& result) {
  Reply<int> reply;
  simulation.spawn(answer(simulation, ReplyTo<int>{reply}, answer_delay));
  result = co_await reply.wait_until(simulation.deadline(patience));
}
}  // namespace

TEST_CASE("a reply reaches one who waits, and is dropped for one who has gone") {
  Simulation simulation;
  std::optional<int> patient;
  std::optional<int> impatient;
  simulation.spawn(ask(simulation, 10_ns, 20_ns, patient));
  simulation.spawn(ask(simulation, 20_ns, 10_ns, impatient));
  simulation.run();
  CHECK(patient == 42);
  CHECK_FALSE(impatient.has_value());
}

namespace {
Task<void> forget_to_answer(Simulation& simulation, ReplyTo<int> reply) {
  co_await simulation.delay(5_ns);
  static_cast<void>(reply);
}
Task<void> ask_in_vain(Simulation& simulation, Instant& gave_up_at) {
  Reply<int> reply;
  simulation.spawn(forget_to_answer(simulation, ReplyTo<int>{reply}));
  const std::optional<int> result = co_await reply.wait();
  if (!result) gave_up_at = simulation.now();
}
}  // namespace

TEST_CASE("one who waits for a reply goes on when its sender ends without sending") {
  Simulation simulation;
  Instant gave_up_at;
  simulation.spawn(ask_in_vain(simulation, gave_up_at));
  simulation.run();
  CHECK(gave_up_at == Instant::at(5_ns));
}

namespace {
Task<std::optional<int>> step(Simulation& simulation, Duration length, std::optional<int> result,
                              int& running, int& most) {
  ++running;
  most = std::max(most, running);
  co_await simulation.delay(length);
  --running;
  co_return result;
}
Task<void> fan_out(Simulation& simulation, std::optional<int>& failure, int& most) {
  TaskGroup<int> group{simulation, 3};
  int running = 0;
  for (int i = 0; i < 9; ++i)
    group.start(step(simulation, 10_ns, i == 7 ? std::optional{7} : std::nullopt, running, most));
  failure = co_await group.first_failure();
}
}  // namespace

TEST_CASE("a group runs a bounded number of tasks at once and stops waiting at the first failure") {
  Simulation simulation;
  std::optional<int> failure;
  int most = 0;
  simulation.spawn(fan_out(simulation, failure, most));
  simulation.run();
  CHECK(most == 3);
  CHECK(failure == 7);
  CHECK(simulation.now() == Instant::at(30_ns));
}

TEST_CASE("a background process keeps no run alive, but runs up to a horizon") {
  Simulation simulation;
  Log log;
  simulation.spawn(note_after(simulation, log, "background", 50_ns), EventKind::unspecified,
                   EntityId::none, Ground::background);
  simulation.spawn(note_after(simulation, log, "foreground", 10_ns));
  CHECK(simulation.run() == RunEnd::exhausted);
  CHECK(log == Log{"foreground@10"});
  CHECK(simulation.run(Instant::at(100_ns)) == RunEnd::horizon);
  CHECK(log == Log{"foreground@10", "background@50"});
  CHECK(simulation.now() == Instant::at(100_ns));
}

TEST_CASE("a reset simulation repeats its run to the same hash") {
  Simulation simulation{7, 0};
  std::vector<std::uint64_t> hashes;
  for (int i = 0; i < 2; ++i) {
    Log log;
    int alive = 0;
    simulation.spawn(note_after(simulation, log, "a", 10_ns));
    simulation.spawn(hold_guard(simulation, alive, 1_s));
    simulation.run(Instant::at(20_ns));
    CHECK(alive == 1);
    hashes.push_back(simulation.trace_hash());
    simulation.reset(7, 0);
    CHECK(alive == 0);
    CHECK(simulation.now() == Instant{});
  }
  CHECK(hashes[0] == hashes[1]);
  Log log;
  simulation.spawn(note_after(simulation, log, "a", 11_ns));
  simulation.run(Instant::at(20_ns));
  CHECK(simulation.trace_hash() != hashes[0]);
}
