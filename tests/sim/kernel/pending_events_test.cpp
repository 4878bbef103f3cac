// The pending-event set against brute force: a multimap, which keeps equal keys in the order of their insertion.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "sim/kernel/chance.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/pending_events.hpp"

using namespace georep;

namespace {

constexpr std::int64_t whenever = std::numeric_limits<std::int64_t>::max();

/// The set under test and the multimap side by side: every change goes to both, and every event that comes out is compared.
class Twins {
 public:
  Twins(std::uint64_t seed, std::size_t events) : chance_{seed, 0}, at_(events, none) {
    for (std::size_t i = 0; i < events; ++i)
      events_.push_back(std::make_unique<Event>([](Simulation&, Event&) {}));
  }

  std::uint64_t below(std::uint64_t n) {
    Draw draw = chance_.draw(1, Purpose::test, draws_++);
    return draw.uniform_below(n);
  }
  std::size_t size() const { return expected_.size(); }
  std::int64_t now() const { return now_; }
  bool pending(std::size_t number) const { return at_[number] != none; }
  const PendingEvents& set() const { return set_; }

  void push(std::size_t number, std::int64_t at) {
    at_[number] = at;
    expected_.emplace(at, number);
    set_.push(at, *events_[number]);
  }
  void cancel(std::size_t number) {
    const auto [begin, end] = expected_.equal_range(at_[number]);
    const auto found = std::find_if(begin, end, [number](const auto& e) { return e.second == number; });
    REQUIRE(found != end);
    expected_.erase(found);
    set_.cancel(*events_[number]);
    at_[number] = none;
    REQUIRE(set_.dead() <= set_.size() + 1024);
  }

  /// Takes out what comes first up to `limit` (a crowd counts as one); false when there is nothing.
  bool pop(std::int64_t limit = whenever) {
    const PendingEvents::Entry* first = set_.first(limit);
    if (first != nullptr) {
      const PendingEvents::Entry entry = *first;
      CHECK(&set_.pop() == entry.event);
      came_out(entry.at, entry.event);
      return true;
    }
    if (set_.crowded()) {
      const std::int64_t at = set_.crowd_at();
      set_.take_crowd([&](Event& event) { came_out(at, &event); });
      ++crowds_;
      return true;
    }
    const bool none_due = expected_.empty() || expected_.begin()->first > limit;
    CHECK(none_due);
    if (limit != whenever) now_ = std::max(now_, limit);
    return false;
  }
  void drain() {
    while (pop()) {
    }
    CHECK(set_.empty());
    CHECK(expected_.empty());
  }
  void clear() {
    std::size_t count = 0;
    set_.clear([&](Event& event) {
      ++count;
      CHECK(at_[number_of(&event)] != none);
      at_[number_of(&event)] = none;
    });
    CHECK(count == expected_.size());
    CHECK(set_.empty());
    expected_.clear();
    now_ = 0;
  }
  int crowds() const { return crowds_; }

 private:
  static constexpr std::int64_t none = -1;

  std::size_t number_of(const Event* event) const {
    if (numbers_.empty())
      for (std::size_t i = 0; i < events_.size(); ++i) numbers_.emplace(events_[i].get(), i);
    return numbers_.at(event);
  }
  void came_out(std::int64_t at, Event* event) {
    REQUIRE(!expected_.empty());
    const auto first = expected_.begin();
    REQUIRE(first->first == at);
    REQUIRE(events_[first->second].get() == event);
    REQUIRE(at >= now_);
    now_ = at;
    at_[first->second] = none;
    expected_.erase(first);
    REQUIRE(set_.size() == expected_.size());
  }

  Chance chance_;
  std::uint64_t draws_ = 0;
  std::vector<std::unique_ptr<Event>> events_;
  mutable std::map<const Event*, std::size_t> numbers_;
  std::vector<std::int64_t> at_;
  std::multimap<std::int64_t, std::size_t> expected_;
  PendingEvents set_;
  std::int64_t now_ = 0;
  int crowds_ = 0;
};

/// How far ahead events are scheduled: alike, near, far, or of all sizes.
struct Spread {
  const char* name;
  std::int64_t (*next)(Twins&);
};

const std::array<Spread, 6> spreads{{
    {"one step", [](Twins&) { return std::int64_t{1}; }},
    {"few steps", [](Twins& t) { return static_cast<std::int64_t>(1 + t.below(5)); }},
    {"a second", [](Twins& t) { return static_cast<std::int64_t>(1 + t.below(1'000'000'000)); }},
    {"of two kinds",
     [](Twins& t) {
       return t.below(10) == 0 ? std::int64_t{1'000'000'000'000} : static_cast<std::int64_t>(1 + t.below(3));
     }},
    {"of every size", [](Twins& t) { return static_cast<std::int64_t>(1 + (t.below(1ULL << 62) >> t.below(62))); }},
    {"constant", [](Twins&) { return std::int64_t{1'000'000}; }},
}};

/// One random change or step; `growth` of ten steps add rather than take out.
void churn(Twins& twins, std::size_t events, const Spread& spread, std::uint64_t growth) {
  const std::size_t number = twins.below(events);
  const std::uint64_t what = twins.below(10);
  if (what < growth) {
    if (twins.pending(number)) {
      twins.cancel(number);
      if (twins.below(2) == 0) return;
    }
    const std::int64_t ahead = spread.next(twins);
    if (ahead < whenever - twins.now()) twins.push(number, twins.now() + ahead);
  } else if (what == 9 && twins.below(3) == 0) {
    if (twins.now() < whenever / 2) twins.pop(twins.now() + static_cast<std::int64_t>(twins.below(1'000'000)));
  } else {
    twins.pop();
  }
}

}  // namespace

TEST_CASE("events come out in order of instant and of arrival, at every size and spread") {
  for (const Spread& spread : spreads) {
    for (const std::size_t events : {5UL, 60UL, 300UL, 3000UL}) {
      CAPTURE(spread.name);
      CAPTURE(events);
      Twins twins{events, events};
      // Grows, stays, shrinks, and grows again.
      for (const std::uint64_t growth : {9ULL, 5ULL, 2ULL, 7ULL})
        for (std::size_t i = 0; i < 2 * events + 500; ++i) churn(twins, events, spread, growth);
      twins.drain();
    }
  }
}

TEST_CASE("a set that was drained or cleared serves again") {
  for (const Spread& spread : spreads) {
    CAPTURE(spread.name);
    Twins twins{3, 1000};
    for (int round = 0; round < 6; ++round) {
      for (std::size_t i = 0; i < 2000; ++i) churn(twins, 1000, spread, 8);
      if (round % 2 == 0) {
        twins.drain();
      } else {
        twins.clear();
      }
    }
  }
}

TEST_CASE("a crowd at one instant comes out in order of arrival, less those withdrawn") {
  constexpr std::size_t crowd = 20'000;
  Twins twins{1, crowd + 2};
  twins.push(crowd, 1'000'000'006);
  for (std::size_t i = 0; i < crowd; ++i) twins.push(i, 1'000'000'007);
  twins.push(crowd + 1, 1'000'000'008);
  for (std::size_t i = 0; i < crowd; i += 3) twins.cancel(i);
  for (std::size_t i = 0; i < crowd; i += 6) twins.push(i, 1'000'000'007);
  twins.drain();
  CHECK(twins.crowds() == 1);
}

TEST_CASE("withdrawals of all but a few leave little behind, whatever the order") {
  for (const bool newest_first : {false, true}) {
    Twins twins{2, 50'000};
    for (std::size_t i = 0; i < 50'000; ++i)
      twins.push(i, static_cast<std::int64_t>(1 + twins.below(60'000'000'000)));
    for (std::size_t i = 0; i < 50'000; ++i) {
      const std::size_t number = newest_first ? 49'999 - i : i;
      if (number % 1000 != 0) twins.cancel(number);
    }
    CHECK(twins.size() == 50);
    CHECK(twins.set().dead() <= 50 + 1024);
    twins.drain();
  }
}

TEST_CASE("an event moved again and again between the same two instants is there once") {
  Twins twins{4, 200};
  for (std::size_t i = 0; i < 200; ++i) twins.push(i, static_cast<std::int64_t>(1'000 + 1'000'000 * i));
  for (int i = 0; i < 20'000; ++i) {
    twins.cancel(150);
    twins.push(150, i % 2 == 0 ? 77'000'000 : 150'001'000);
  }
  twins.drain();
}

TEST_CASE("the last instant of all is an instant like others") {
  Twins twins{5, 400};
  for (std::size_t i = 0; i < 200; ++i) twins.push(i, whenever - static_cast<std::int64_t>(i % 3));
  for (std::size_t i = 200; i < 400; ++i) twins.push(i, static_cast<std::int64_t>(i));
  for (std::size_t i = 0; i < 400; i += 7) twins.cancel(i);
  twins.drain();
}

TEST_CASE("a crowd of which all or all but a few are withdrawn is no obstacle") {
  for (const std::size_t kept : {0UL, 1UL, 30UL}) {
    Twins twins{6, 1000};
    for (std::size_t i = 0; i < 50; ++i) twins.push(i, static_cast<std::int64_t>(2'000'000 + i));
    for (std::size_t i = 100; i < 1000; ++i) twins.push(i, 1'000'007);
    twins.push(50, 1'000'006);
    twins.push(51, 1'000'008);
    // The ladder is now open down to the crowd's own bucket.
    CHECK(twins.pop(1'000'006));
    for (std::size_t i = 100; i < 1000 - kept; ++i) twins.cancel(i);
    twins.drain();
  }
}

TEST_CASE("all of many events are withdrawn, and the set serves again") {
  Twins twins{7, 5000};
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < 5000; ++i)
      twins.push(i, static_cast<std::int64_t>(1 + twins.below(1ULL << 40)));
    for (std::size_t i = 0; i < 5000; ++i) twins.cancel(i);
    CHECK(twins.set().empty());
    CHECK_FALSE(twins.pop());
  }
}

TEST_CASE("instants of which most are close together and some far apart come out in order") {
  Twins twins{8, 4000};
  for (std::size_t i = 0; i < 4000; ++i) {
    std::uint64_t at = 10'000'000'000 + twins.below(1ULL << 44);
    if (i % 40 == 1) at = (5ULL << 32) + twins.below(100);
    if (i % 400 == 2) at = (5ULL << 32) + twins.below(60'000);
    twins.push(i, static_cast<std::int64_t>(at));
  }
  twins.drain();
}
