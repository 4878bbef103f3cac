// The one order of events, by properties against a brute-force model: a list that is searched for the earliest entry.
#include <algorithm>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "sim/kernel/chance.hpp"
#include "sim/kernel/simulation.hpp"

using namespace georep;

namespace {

/// Schedules, withdraws and moves events at random while it runs, and keeps a plain list of what ought to happen.
class Churn {
 public:
  explicit Churn(std::uint64_t seed, std::int64_t spread)
      : chance_{seed, 0}, spread_{spread}, simulation_{seed, 0} {
    for (int i = 0; i < 40; ++i) events_.push_back(std::make_unique<Entry>(*this, i));
  }

  void run(int steps) {
    steps_ = steps;
    for (int i = 0; i < 10; ++i) change();
    simulation_.run();
    CHECK(expected_.empty());
  }
  int dispatched() const { return dispatched_; }

 private:
  class Entry : public Event {
   public:
    Entry(Churn& owner, int number) : Event{&on_time}, owner_{owner}, number_{number} {}

   private:
    static void on_time(Simulation&, Event& event) {
      Entry& entry = static_cast<Entry&>(event);
      entry.owner_.happened(entry.number_);
    }
    Churn& owner_;
    int number_;
  };
  struct Expected {
    Instant at;
    std::uint64_t sequence;
    int number;
  };

  std::uint64_t below(std::uint64_t n) {
    Draw draw = chance_.draw(1, Purpose::test, draws_++);
    return draw.uniform_below(n);
  }

  // One random change: a new event, or an old one withdrawn, or moved.
  void change() {
    const int number = static_cast<int>(below(events_.size()));
    Entry& entry = *events_[static_cast<std::size_t>(number)];
    if (entry.pending()) {
      simulation_.cancel(entry);
      std::erase_if(expected_, [number](const Expected& e) { return e.number == number; });
      if (below(2) == 0) return;
    }
    const auto delay = Duration::nanoseconds(
        static_cast<std::int64_t>(below(static_cast<std::uint64_t>(spread_))));
    simulation_.schedule(entry, delay);
    expected_.push_back({simulation_.now() + delay, sequence_++, number});
  }

  void happened(int number) {
    const auto first = std::min_element(
        expected_.begin(), expected_.end(), [](const Expected& a, const Expected& b) {
          return a.at != b.at ? a.at < b.at : a.sequence < b.sequence;
        });
    REQUIRE(first != expected_.end());
    CHECK(first->number == number);
    CHECK(first->at == simulation_.now());
    expected_.erase(first);
    ++dispatched_;
    if (--steps_ > 0)
      for (std::uint64_t i = below(4); i > 0; --i) change();
    if (steps_ > 0 && expected_.empty()) change();
  }

  Chance chance_;
  std::int64_t spread_;
  std::uint64_t draws_ = 0;
  std::uint64_t sequence_ = 0;
  int steps_ = 0;
  int dispatched_ = 0;
  Simulation simulation_;
  std::vector<std::unique_ptr<Entry>> events_;
  std::vector<Expected> expected_;
};

}  // namespace

TEST_CASE("events happen in order of instant and then of scheduling, whatever is withdrawn or moved") {
  // A narrow spread makes most events tie, a wide one makes none.
  for (const std::int64_t spread : {1, 2, 5, 100, 1'000'000'000}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      Churn churn{seed, spread};
      churn.run(500);
      CHECK(churn.dispatched() >= 100);
    }
  }
}

namespace {
class Silent : public Event {
 public:
  Silent() : Event{[](Simulation&, Event&) {}} {}
};
}  // namespace

TEST_CASE("a withdrawn event never advances the clock, enters the hash or counts") {
  Simulation plain;
  Silent event;
  plain.schedule(event, 5_ns);
  plain.run();
  Simulation with_withdrawn;
  Silent kept;
  Silent withdrawn;
  with_withdrawn.schedule(withdrawn, 100_ns);
  with_withdrawn.schedule(kept, 5_ns);
  with_withdrawn.cancel(withdrawn);
  with_withdrawn.run();
  CHECK(with_withdrawn.now() == Instant::at(5_ns));
  CHECK(with_withdrawn.events() == 1);
  CHECK(with_withdrawn.trace_hash() == plain.trace_hash());
}
