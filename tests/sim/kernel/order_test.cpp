// The one order of events, by properties against a brute-force model: a list that is searched for the earliest entry.
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
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

namespace {

/// Says its number when it happens, and may do something then.
class Numbered : public Event {
 public:
  Numbered(std::vector<int>& order, int number)
      : Event{[](Simulation&, Event& event) {
          Numbered& self = static_cast<Numbered&>(event);
          self.order_.push_back(self.number_);
        }},
        order_{order},
        number_{number} {}

 private:
  std::vector<int>& order_;
  int number_;
};

/// Bytes that this process has allocated and not yet given back.
std::size_t bytes_in_use() { return mallinfo2().uordblks; }

/// The status with which a process ends that does `deed`.
template <class Deed>
int status_after(Deed deed) {
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) std::_Exit(1);
    deed();
    std::_Exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("an event in the past, one scheduled twice and a time beyond 63 bits are faults of the program") {
  const auto after_a_second = [](auto deed) {
    return status_after([deed] {
      Simulation simulation;
      Silent event;
      simulation.run(Instant::at(1_s));
      deed(simulation, event);
      if (event.pending()) simulation.cancel(event);
    });
  };
  CHECK(after_a_second([](Simulation& s, Silent& event) { s.schedule_at(event, s.now()); }) == 0);
  CHECK(after_a_second([](Simulation& s, Silent& event) {
          s.schedule_at(event, Instant::at(999'999'999_ns));
        }) == 70);
  CHECK(after_a_second([](Simulation& s, Silent& event) { s.schedule(event, -1_ns); }) == 70);
  CHECK(after_a_second([](Simulation& s, Silent& event) { s.schedule_at(event, Instant::never()); }) == 0);
  CHECK(after_a_second([](Simulation& s, Silent& event) { s.schedule(event, Duration::max()); }) == 70);
  CHECK(after_a_second([](Simulation& s, Silent& event) {
          s.schedule(event, 1_s);
          s.schedule(event, 1_s);
        }) == 70);
  CHECK(after_a_second([](Simulation& s, Silent& event) { s.cancel(event); }) == 70);
}

TEST_CASE("a million events at one instant happen in the order in which they were scheduled") {
  constexpr int million = 1'000'000;
  Simulation simulation;
  std::vector<int> order;
  order.reserve(million);
  std::deque<Numbered> events;
  for (int i = 0; i < million; ++i) events.emplace_back(order, i);
  // A first event at the same instant withdraws every tenth and schedules it anew, which puts it last.
  struct First : Event {
    explicit First(std::deque<Numbered>& events_at_the_instant)
        : Event{[](Simulation& s, Event& event) {
            std::deque<Numbered>& all = static_cast<First&>(event).others;
            for (std::size_t i = 0; i < all.size(); i += 10) {
              s.cancel(all[i]);
              s.schedule(all[i], 0_ns);
            }
          }},
          others{events_at_the_instant} {}
    std::deque<Numbered>& others;
  } first{events};
  simulation.schedule(first, 3_s);
  for (Numbered& event : events) simulation.schedule_at(event, Instant::at(3_s));
  simulation.run();
  std::vector<int> expected;
  for (int i = 0; i < million; ++i)
    if (i % 10 != 0) expected.push_back(i);
  for (int i = 0; i < million; i += 10) expected.push_back(i);
  CHECK(simulation.now() == Instant::at(3_s));
  CHECK((order == expected));
}

TEST_CASE("an instant that never ends takes no more memory than its events") {
  // Two events call each other for ever at the same instant, one of them withdrawing a third each time.
  struct Endless : Event {
    Endless()
        : Event{[](Simulation& s, Event& event) {
            Endless& self = static_cast<Endless&>(event);
            if (++self.times == 300'000) s.stop();
            if (self.other != nullptr && self.other->pending()) s.cancel(*self.other);
            if (self.other != nullptr) s.schedule(*self.other, 0_ns);
            s.schedule(self, 0_ns);
          }} {}
    int times = 0;
    Silent* other = nullptr;
  };
  Simulation simulation;
  Silent third;
  Endless one;
  Endless two;
  one.other = &third;
  const std::size_t before = bytes_in_use();
  simulation.schedule(one, 0_ns);
  simulation.schedule(two, 0_ns);
  CHECK(simulation.run() == RunEnd::stopped);
  CHECK(simulation.now() == Instant{});
  CHECK(simulation.events() > 599'000);
  CHECK(bytes_in_use() - before < 100'000);
  simulation.reset(1, 0);
}

TEST_CASE("requests with timeouts that hardly ever come leave memory as it is") {
  // A thousand requests are on their way; each is answered after a moment and begins again, its timeout half a minute off.
  struct Request : Event {
    Request(Chance& streams, std::uint64_t number)
        : Event{[](Simulation& s, Event& event) {
            Request& self = static_cast<Request&>(event);
            if (self.timeout.pending()) s.cancel(self.timeout);
            s.schedule(self.timeout, 30_s);
            Draw draw = self.chance.draw(self.entity, Purpose::test, self.times++);
            s.schedule(self, Duration::nanoseconds(1 + static_cast<std::int64_t>(draw.uniform_below(2'000'000))));
          }},
          chance{streams},
          entity{number} {}
    Chance& chance;
    std::uint64_t entity;
    std::uint64_t times = 0;
    Silent timeout;
  };
  Simulation simulation;
  Chance chance{1, 0};
  std::deque<Request> requests;
  for (std::uint64_t i = 0; i < 1000; ++i) simulation.schedule(requests.emplace_back(chance, i), 1_ns);
  simulation.run(Instant::at(100_ms));
  const std::size_t before = bytes_in_use();
  simulation.run(Instant::at(400_ms));
  CHECK(simulation.events() > 350'000);
  CHECK(bytes_in_use() < before + 100'000);
  simulation.reset(1, 0);
}
