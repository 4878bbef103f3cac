// Memory over a hundred million requests.
#include <malloc.h>

#include <deque>

#include <doctest/doctest.h>

#include "sim/kernel/chance.hpp"
#include "sim/kernel/simulation.hpp"

using namespace georep;

namespace {

/// Is answered within 2 ms, withdraws its timeout of half a minute, and begins again.
class Request : public Event {
 public:
  Request(std::uint64_t number, std::uint64_t& answered)
      : Event{&answer}, random_{number * 2 + 1}, answered_{answered} {}

 private:
  class Timeout : public Event {
   public:
    Timeout() : Event{[](Simulation&, Event&) { FAIL("a request that was answered timed out"); }} {}
  };
  static void answer(Simulation& simulation, Event& event) {
    Request& request = static_cast<Request&>(event);
    ++request.answered_;
    if (request.timeout_.pending()) simulation.cancel(request.timeout_);
    simulation.schedule(request.timeout_, 30_s);
    request.random_ = request.random_ * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto nanoseconds = static_cast<std::int64_t>((request.random_ >> 33) % 2'000'000);
    simulation.schedule(request, Duration::nanoseconds(1 + nanoseconds));
  }

  std::uint64_t random_;
  std::uint64_t& answered_;
  Timeout timeout_;
};

}  // namespace

TEST_CASE("a hundred million requests with timeouts leave memory as it was after the first million") {
  Simulation simulation;
  std::uint64_t answered = 0;
  std::deque<Request> requests;
  for (std::uint64_t i = 0; i < 1000; ++i)
    simulation.schedule(requests.emplace_back(i, answered), 1_ns);
  simulation.run(Instant::at(1_s));
  CHECK(answered > 900'000);
  const std::size_t before = mallinfo2().uordblks;
  simulation.run(Instant::at(101_s));
  CHECK(answered > 100'000'000);
  CHECK(mallinfo2().uordblks < before + 100'000);
  simulation.reset(1, 0);
}
