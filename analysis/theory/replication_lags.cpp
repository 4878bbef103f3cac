#include "analysis/theory/replication_lags.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace georep::theory {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

// Something that ends at a time or a mark, of a push.
struct Ending {
  double at = 0;
  std::size_t push = 0;
  double bytes = 0;  // of the blob that was asked for; 0: the manifest
  friend bool operator>(const Ending& a, const Ending& b) { return a.at > b.at; }
};
using Endings = std::priority_queue<Ending, std::vector<Ending>, std::greater<>>;

// All transfers on a way go at one rate, so each ends when as many bytes have gone by per transfer.
class SharedWay {
 public:
  SharedWay(const Way& way, double window)
      : bandwidth_{way.bandwidth}, most_{window / std::max(way.round_trip, 1e-9)} {}

  void start(std::size_t push, double bytes, double carried) { under_way_.push({served_ + carried, push, bytes}); }
  double next() const {
    return under_way_.empty() ? never : now_ + std::max(0.0, under_way_.top().at - served_) / rate();
  }
  void advance(double now) {
    if (!under_way_.empty()) served_ += (now - now_) * rate();
    now_ = now;
  }
  Ending finish() {
    const Ending ended = under_way_.top();
    served_ = std::max(served_, ended.at);
    under_way_.pop();
    if (under_way_.empty()) served_ = 0;
    return ended;
  }

 private:
  double rate() const { return std::min(most_, bandwidth_ / static_cast<double>(under_way_.size())); }

  double bandwidth_;
  double most_;
  double now_ = 0;
  double served_ = 0;
  Endings under_way_;
};

class Destination {
 public:
  Destination(std::span<const CopiedPush> pushes, const CopySettings& settings)
      : pushes_{pushes}, settings_{settings}, free_streams_{settings.streams}, free_places_{settings.concurrency} {
    for (const Way& way : settings.ways) ways_.emplace_back(way, settings.stream_window);
    lags_.resize(pushes.size());
    for (const CopiedPush& push : pushes) blobs_left_.push_back(push.blobs.size());
  }

  std::vector<double> run() {
    for (std::size_t next = 0;;) {
      const double arrival = next < pushes_.size() ? pushes_[next].at + settings_.start_delay : never;
      const double asked = asking_.empty() ? never : asking_.top().at;
      SharedWay* earliest = nullptr;
      double finished = never;
      for (SharedWay& way : ways_)
        if (way.next() < finished) finished = (earliest = &way)->next();
      const double now = std::min({arrival, asked, finished});
      if (now == never) return std::move(lags_);
      for (SharedWay& way : ways_) way.advance(now);
      now_ = now;
      if (finished <= now) {
        finish(earliest->finish());
      } else if (asked <= now) {
        const Ending ask = asking_.top();
        asking_.pop();
        way_of(ask.push).start(ask.push, ask.bytes, ask.bytes);
      } else {
        waiting_pushes_.push_back(next++);
        start_waiting();
      }
    }
  }

 private:
  SharedWay& way_of(std::size_t push) { return ways_[pushes_[push].way]; }
  double round_trip_of(std::size_t push) const { return settings_.ways[pushes_[push].way].round_trip; }

  void start_waiting() {
    for (; free_places_ > 0 && !waiting_pushes_.empty(); --free_places_) {
      const std::size_t push = waiting_pushes_.front();
      waiting_pushes_.pop_front();
      for (const double bytes : pushes_[push].blobs) waiting_blobs_.push_back({0, push, bytes});
      if (pushes_[push].blobs.empty()) way_of(push).start(push, 0, settings_.manifest_bytes);
    }
    for (; free_streams_ > 0 && !waiting_blobs_.empty(); --free_streams_) {
      Ending blob = waiting_blobs_.front();
      waiting_blobs_.pop_front();
      blob.at = now_ + round_trip_of(blob.push);
      asking_.push(blob);
    }
  }

  void finish(const Ending& ended) {
    if (blobs_left_[ended.push] == 0) {  // the manifest has left
      lags_[ended.push] = now_ + round_trip_of(ended.push) / 2 - pushes_[ended.push].at;
      ++free_places_;
    } else {
      ++free_streams_;
      if (--blobs_left_[ended.push] == 0) way_of(ended.push).start(ended.push, 0, settings_.manifest_bytes);
    }
    start_waiting();
  }

  std::span<const CopiedPush> pushes_;
  const CopySettings& settings_;
  double now_ = 0;
  std::int64_t free_streams_;
  std::int64_t free_places_;
  std::vector<SharedWay> ways_;
  std::deque<std::size_t> waiting_pushes_;
  std::deque<Ending> waiting_blobs_;
  Endings asking_;
  std::vector<std::size_t> blobs_left_;
  std::vector<double> lags_;
};

}  // namespace

std::vector<double> replication_lags(std::span<const CopiedPush> pushes, const CopySettings& settings) {
  return Destination{pushes, settings}.run();
}

}  // namespace georep::theory
