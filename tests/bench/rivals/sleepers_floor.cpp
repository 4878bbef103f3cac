// N bare coroutines that sleep again and again, on a hand-written ladder. usage: sleepers_floor N [sleeps]
#include <cstdlib>
#include <memory>

#include "tests/bench/increments.hpp"
#include "tests/bench/rivals/bare_process.hpp"
#include "tests/bench/rivals/radix_ladder.hpp"

namespace {

constexpr std::size_t prefetch_distance = 2;

struct Sleepers {
  bench::RadixLadder ladder;
  bench::Increments increments{7};
  std::uint64_t now = 0;

  struct Sleep {
    Sleepers& all;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> process) {
      all.ladder.push(all.now + static_cast<std::uint64_t>(all.increments.next()),
                      reinterpret_cast<std::uint64_t>(process.address()));
    }
    void await_resume() noexcept {}
  };
  static bench::BareProcess sleep(Sleepers& all) {
    while (true) co_await Sleep{all};
  }
  void run(std::uint64_t sleeps) {
    for (std::uint64_t i = 0; i < sleeps; ++i) {
      const bench::RadixLadder::Entry entry = ladder.pop();
      now = entry.at;
      if (const auto* later = ladder.ahead(prefetch_distance); later != nullptr)
        __builtin_prefetch(reinterpret_cast<void*>(later->payload));
      std::coroutine_handle<>::from_address(reinterpret_cast<void*>(entry.payload)).resume();
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t processes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  const std::uint64_t sleeps = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  const double before = bench::resident_bytes();
  const auto sleepers = std::make_unique<Sleepers>();
  for (std::uint64_t i = 0; i < processes; ++i) Sleepers::sleep(*sleepers);
  sleepers->run(processes);
  const auto start = bench::Clock::now();
  sleepers->run(sleeps);
  const double ns = bench::seconds_since(start) * 1e9 / static_cast<double>(sleeps);
  std::printf("ns_per_sleep %.2f bytes_per_process %.1f\n", ns,
              (bench::resident_bytes() - before) / static_cast<double>(processes));
  std::fflush(stdout);
  std::_Exit(0);
}
