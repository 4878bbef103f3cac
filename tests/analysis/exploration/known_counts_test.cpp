// The exhaustive search held against numbers of traces and interleavings that are known: tests/data/analytic-cases.json, `traces-*`, `toy-*`
// and `timed-orders-*`.
#include <fstream>
#include <functional>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "analysis/exploration/exhaustive.hpp"
#include "tests/support/small_programs.hpp"
#include "tests/support/toy_subject.hpp"

using namespace georep;

namespace {

using Json = nlohmann::json;

Json known(const std::string& id) {
  std::ifstream file{GEOREP_TEST_DATA "/analytic-cases.json"};
  const Json document = Json::parse(file);
  for (const Json& entry : document.at("cases"))
    if (entry.at("id") == id) return entry;
  FAIL("no case " << id);
  return {};
}

class SmallSubject : public Subject {
 public:
  explicit SmallSubject(test::Start start) : start_{std::move(start)} {}
  Simulation& simulation() override { return simulation_; }
  std::uint64_t execute() override {
    simulation_.reset(1, 0);
    test::Program program{simulation_, 8};
    start_(program);
    simulation_.run();
    std::uint64_t outcome = 0;
    for (const int cell : program.cells) outcome = outcome * 8 + static_cast<std::uint64_t>(cell);
    return outcome;
  }

 private:
  Simulation simulation_;
  test::Start start_;
};

struct Found {
  std::uint64_t traces = 0;
  std::uint64_t executions = 0;
  bool complete = false;
};

Found search(Subject& subject, const Freedom& freedom, bool every_order,
             const std::function<void()>& after_each = {}) {
  ExhaustiveSearch search{subject, freedom, every_order};
  const auto result = search.run([&](const Trace&, const SchedulePlan&) {
    if (after_each) after_each();
    return true;
  });
  return {result.traces, result.executions, result.complete};
}

void check_program(const std::string& id, const test::Start& start) {
  CAPTURE(id);
  const Json expected = known(id).at("expected");
  SmallSubject subject{start};
  const Found reduced = search(subject, Freedom{}, false);
  CHECK(reduced.traces == expected.at("traces"));
  CHECK(reduced.executions == reduced.traces);
  CHECK(reduced.complete);
  const Found unreduced = search(subject, Freedom{}, true);
  CHECK(unreduced.traces == expected.at("interleavings"));
  CHECK(unreduced.complete);
}

}  // namespace

TEST_CASE("small programs have as many traces and interleavings as is known") {
  check_program("traces-writers-4", test::writers(4));
  check_program("traces-readers-5", test::readers(5));
  check_program("traces-counter-3", test::counters(3));
  check_program("traces-lastzero-4", test::last_zero(4));
  check_program("traces-independent", test::independent(3, 3));
}

TEST_CASE("the registry in miniature has the traces, interleavings and outcomes that are known") {
  const Json document = Json::parse(std::ifstream{GEOREP_TEST_DATA "/analytic-cases.json"});
  int cases = 0;
  for (const Json& entry : document.at("cases")) {
    const std::string id = entry.at("id");
    if (!id.starts_with("toy-")) continue;
    CAPTURE(id);
    ++cases;
    const Json& inputs = entry.at("inputs");
    const std::string order = inputs.at("order");
    test::ToySubject subject{order == "concurrent"       ? test::Order::concurrent
                       : order == "manifest-first" ? test::Order::manifest_first
                                                   : test::Order::blobs_first,
                       inputs.at("invalidate"), inputs.at("initial_tag_and_cache") == 1};
    const Json& expected = entry.at("expected");
    for (const bool every_order : {false, true}) {
      std::set<std::string> outcomes;
      const Found found = search(subject, Freedom{}, every_order,
                                 [&] { outcomes.insert(subject.outcome()); });
      CHECK(found.traces == expected.at(every_order ? "interleavings" : "traces"));
      CHECK(found.complete);
      CHECK(Json(outcomes) == expected.at("outcomes"));
    }
  }
  CHECK(cases == 5);
}

namespace {

/// Timers that fire anywhere in their intervals and write one object.
class Timers : public Subject, public Freedom {
 public:
  explicit Timers(const Json& intervals) {
    for (const Json& interval : intervals)
      ranges_.push_back({Duration::nanoseconds(interval.at(0)), Duration::nanoseconds(interval.at(1))});
  }
  Simulation& simulation() override { return simulation_; }
  Range delay(std::uint64_t site, ChoiceKind, Duration) const override { return ranges_[site]; }
  std::uint64_t execute() override {
    simulation_.reset(1, 0);
    order_.clear();
    for (std::size_t i = 0; i < ranges_.size(); ++i) simulation_.spawn(fire(i));
    simulation_.run();
    return 0;
  }
  const std::string& order() const { return order_; }

 private:
  Task<void> fire(std::size_t timer) {
    const Deadline moment = simulation_.choose_moment(timer, ChoiceKind::latency, ranges_[timer].least);
    co_await simulation_.until(moment);
    simulation_.note_write(SharedObject::of(1, 0, 0));
    order_ += static_cast<char>('a' + timer);
  }

  Simulation simulation_;
  std::vector<Range> ranges_;
  std::string order_;
};

}  // namespace

TEST_CASE("timers within intervals fire in as many orders as is known") {
  for (const std::string id : {"timed-orders-0.2-1.3-3.4", "timed-orders-0.5-1.2-3.6-4.9", "timed-orders-0.1-2.3-4.5"}) {
    CAPTURE(id);
    const Json entry = known(id);
    Timers timers{entry.at("inputs").at("intervals")};
    std::set<std::string> orders;
    const Found found = search(timers, timers, false, [&] { orders.insert(timers.order()); });
    CHECK(found.traces == entry.at("expected").at("feasible_orders"));
    CHECK(orders.size() == found.traces);
    CHECK(found.executions == found.traces);
    CHECK(found.complete);
  }
}
