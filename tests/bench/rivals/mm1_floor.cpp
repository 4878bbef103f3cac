// M/M/1 as two bare coroutines on a binary heap. usage: mm1_floor [customers]
#include <cstdlib>
#include <deque>
#include <queue>
#include <utility>

#include "tests/bench/increments.hpp"
#include "tests/bench/rivals/bare_process.hpp"

namespace {

struct Entry {
  std::int64_t at;
  std::uint64_t sequence;
  std::coroutine_handle<> process;
  bool operator<(const Entry& other) const {
    return at != other.at ? at > other.at : sequence > other.sequence;
  }
};

struct Queue {
  std::priority_queue<Entry> events;
  bench::Increments arrivals{1};
  bench::Increments services{2};
  std::deque<std::int64_t> waiting;
  std::coroutine_handle<> server;  // while it has nobody to serve
  std::int64_t now = 0;
  std::uint64_t sequence = 0;
  double total_s = 0;

  struct Delay {
    Queue& queue;
    std::int64_t length;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> process) {
      queue.events.push({queue.now + length, queue.sequence++, process});
    }
    void await_resume() noexcept {}
  };
  struct Arrival {
    Queue& queue;
    bool await_ready() const noexcept { return !queue.waiting.empty(); }
    void await_suspend(std::coroutine_handle<> process) { queue.server = process; }
    void await_resume() noexcept {}
  };

  static bench::BareProcess arrive(Queue& queue, std::uint64_t customers) {
    for (std::uint64_t i = 0; i < customers; ++i) {
      co_await Delay{queue, queue.arrivals.next() * 10 / 9};
      queue.waiting.push_back(queue.now);
      if (queue.server)
        queue.events.push({queue.now, queue.sequence++, std::exchange(queue.server, nullptr)});
    }
  }
  static bench::BareProcess serve(Queue& queue) {
    while (true) {
      co_await Arrival{queue};
      co_await Delay{queue, queue.services.next()};
      queue.total_s += static_cast<double>(queue.now - queue.waiting.front()) * 1e-9;
      queue.waiting.pop_front();
    }
  }
  void run() {
    while (!events.empty()) {
      const Entry entry = events.top();
      events.pop();
      now = entry.at;
      entry.process.resume();
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t customers = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  Queue queue;
  Queue::arrive(queue, customers);
  Queue::serve(queue);
  const auto start = bench::Clock::now();
  queue.run();
  const double seconds = bench::seconds_since(start);
  std::printf("customers_per_s %.0f mean_s %.3f\n", static_cast<double>(customers) / seconds,
              queue.total_s / static_cast<double>(customers));
  return 0;
}
