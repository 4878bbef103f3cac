// Independent work on several threads whose results come out in order, as if one thread had done
// it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace georep {

/// Computes results 0 … count - 1 and hands them to `consume(index, result)` on the calling thread,
/// in order of index. `make_worker()` is called once per thread and gives what computes:
/// `worker(index)`. Work ahead of what was consumed is bounded, and thrown away where `consume`
/// returns false, which ends it all. An exception of a worker is rethrown in the place of its
/// result, so that whatever the number of threads the same results are consumed.
template <class MakeWorker, class Consume>
void in_order(std::int64_t count, int jobs, MakeWorker make_worker, Consume consume) {
  if (jobs <= 1 || count <= 1) {
    auto worker = make_worker();
    for (std::int64_t index = 0; index < count; ++index) {
      if (!consume(index, worker(index))) return;
    }
    return;
  }

  using Result = decltype(make_worker()(std::int64_t{}));
  struct Finished {
    std::optional<Result> result;
    std::exception_ptr failure;
  };
  std::mutex mutex;
  std::condition_variable finished_one;
  std::condition_variable room;
  std::map<std::int64_t, Finished> finished;
  std::int64_t next = 0;
  std::int64_t consumed = 0;
  bool stopped = false;
  const std::int64_t most_ahead = 8 * static_cast<std::int64_t>(jobs);

  const auto work = [&] {
    auto worker = make_worker();
    while (true) {
      std::int64_t index = 0;
      {
        std::unique_lock lock(mutex);
        room.wait(lock, [&] { return stopped || next >= count || next < consumed + most_ahead; });
        if (stopped || next >= count) return;
        index = next++;
      }
      Finished done;
      try {
        done.result.emplace(worker(index));
      } catch (...) {
        done.failure = std::current_exception();
      }
      const std::scoped_lock lock(mutex);
      finished.emplace(index, std::move(done));
      finished_one.notify_one();
    }
  };

  const auto stop = [&] {
    const std::scoped_lock lock(mutex);
    stopped = true;
    room.notify_all();
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < jobs; ++i) threads.emplace_back(work);
  for (std::int64_t index = 0; index < count; ++index) {
    Finished done;
    {
      std::unique_lock lock(mutex);
      finished_one.wait(lock, [&] { return finished.contains(index); });
      done = std::move(finished.extract(index).mapped());
      consumed = index + 1;
      room.notify_all();
    }
    if (done.failure) {
      stop();
      std::rethrow_exception(done.failure);
    }
    bool goes_on = false;
    try {
      goes_on = consume(index, std::move(*done.result));
    } catch (...) {
      stop();
      throw;
    }
    if (!goes_on) break;
  }
  stop();
}

}  // namespace georep
