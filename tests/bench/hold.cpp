// The hold model through the public API: N events are pending, each reschedules itself. Prints nanoseconds per hold and bytes per event.
// usage: hold N [holds] [exponential|bimodal|constant|zero]
#include <cstdlib>
#include <deque>

#include "sim/kernel/simulation.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {

struct Hold {
  Hold(std::uint64_t count, bench::Increments::Law law) : increments{7, law}, holds{count} {}
  bench::Increments increments;
  std::uint64_t warm = 0;
  std::uint64_t holds;
  std::uint64_t done = 0;
  bench::Clock::time_point start;
};

class Ticker : public Event {
 public:
  explicit Ticker(Hold& hold) : Event{&tick}, hold_{hold} {}

 private:
  static void tick(Simulation& simulation, Event& event) {
    Hold& hold = static_cast<Ticker&>(event).hold_;
    if (++hold.done == hold.warm) hold.start = bench::Clock::now();
    if (hold.done >= hold.warm + hold.holds) simulation.stop();
    simulation.schedule(event, Duration::nanoseconds(hold.increments.next()));
  }
  Hold& hold_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t pending = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  Hold hold{argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000,
            bench::law_of(argc > 3 ? argv[3] : "exponential")};
  hold.warm = pending > 1'000'000 ? 1'000'000 : pending;
  Simulation simulation;
  std::deque<Ticker> tickers;
  for (std::uint64_t i = 0; i < pending; ++i) tickers.emplace_back(hold);
  const double before = bench::resident_bytes();
  for (Ticker& ticker : tickers)
    simulation.schedule(ticker, Duration::nanoseconds(hold.increments.next()));
  const double bytes = bench::resident_bytes() - before;
  simulation.run();
  const double ns = bench::seconds_since(hold.start) * 1e9 / static_cast<double>(hold.holds);
  std::printf("ns_per_hold %.2f bytes_per_event %.1f\n", ns, bytes / static_cast<double>(pending));
  std::fflush(stdout);
  std::_Exit(0);  // the teardown of millions of events is not what is measured
}
