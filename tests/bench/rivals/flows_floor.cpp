// The least that the flow benchmark can cost by hand: max-min shares on one mesh of regions and nothing else. No processes, no cancelling, no
// changes of capacity, no other topology. Rows are dense, one for each access link, so that filling one is a few straight passes.
// usage: flows_floor steady REGIONS SLOTS COMPLETIONS [WARM] | burst REGIONS IMAGES
#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <queue>
#include <string>

#include "tests/bench/flows_workload.hpp"
#include "tests/bench/increments.hpp"

namespace {

using Place = std::size_t;
constexpr double never = std::numeric_limits<double>::infinity();
constexpr int lanes = 8;

struct Due {
  double at;
  std::uint64_t flow;
  bool operator<(const Due& other) const {
    return at != other.at ? at > other.at : flow > other.flow;
  }
};

/// The flows of each ordered pair of regions are a class with one rate. Side 0 is egress, side 1 ingress.
class Mesh {
 public:
  explicit Mesh(const bench::Platform& platform)
      : regions_{static_cast<Place>(platform.regions)},
        stride_{(regions_ + lanes - 1) / lanes * lanes},
        pairs_(regions_ * stride_) {
    for (auto& side : sides_) {
      side.share.resize(pairs_.size());
      side.ceiling.resize(pairs_.size());
      side.level.assign(stride_, never);
      side.dirty.assign(regions_, false);
    }
    ends_.assign(pairs_.size(), never);
    for (Place from = 0; from < regions_; ++from) {
      sides_[0].capacity.push_back(static_cast<double>(platform.egress[from]) / 8);
      sides_[1].capacity.push_back(static_cast<double>(platform.ingress[from]) / 8);
      for (Place to = 0; to < regions_; ++to) {
        if (from == to) continue;
        const Place pair = platform.pair(static_cast<int>(from), static_cast<int>(to));
        Pair& place = pairs_[from * stride_ + to];
        place.latency = static_cast<double>(platform.latency_ns[pair]) / 1e9;
        place.link = static_cast<double>(platform.link[pair]) / 8;
      }
    }
  }

  double latency(int from, int to) const { return at(from, to).latency; }

  void start(int from, int to, double bytes, std::uint64_t flow, double now) {
    Pair& pair = pairs_[place(from, to)];
    settle(pair, now);
    if (pair.dues.empty()) pair.served = 0;
    pair.dues.push({pair.served + bytes, flow});
    refresh(place(from, to));
  }
  double next_end() const {
    std::array<double, lanes> least;
    least.fill(never);
    for (Place i = 0; i < ends_.size(); i += lanes)
      for (Place lane = 0; lane < lanes; ++lane)
        least[lane] = ends_[i + lane] < least[lane] ? ends_[i + lane] : least[lane];
    return *std::min_element(least.begin(), least.end());
  }
  template <class Ended>
  void end(double now, Ended ended) {
    for (Place i = 0; i < ends_.size(); ++i) {
      if (i % lanes == 0 && none_ends(i, now)) {
        i += lanes - 1;
        continue;
      }
      if (ends_[i] > now) continue;
      Pair& pair = pairs_[i];
      settle(pair, now);
      const double reached = std::max(pair.dues.top().at, pair.served);
      while (!pair.dues.empty() && pair.dues.top().at <= reached) {
        ended(pair.dues.top().flow);
        pair.dues.pop();
      }
      ends_[i] = never;
      refresh(i);
    }
  }
  void solve(double now) {
    for (bool any = true; any;) {
      any = false;
      for (int side = 0; side < 2; ++side)
        for (Place row = 0; row < regions_; ++row)
          if (sides_[side].dirty[row]) {
            sides_[side].dirty[row] = false;
            any = true;
            fill(side, row);
          }
    }
    for (const Place i : changed_) {
      Pair& pair = pairs_[i];
      pair.changed = false;
      if (pair.dues.empty()) continue;
      settle(pair, now);
      const double level = std::min({sides_[0].ceiling[i], sides_[0].level[i / stride_],
                                     sides_[1].level[i % stride_]});
      pair.rate = level / pair.latency;
      ends_[i] = now + std::max(0.0, pair.dues.top().at - pair.served) / pair.rate;
    }
    changed_.clear();
  }

 private:
  struct Pair {
    std::priority_queue<Due> dues;
    double served = 0;
    double set_at = 0;
    double rate = 0;
    double latency = 0;
    double link = 0;
    bool changed = false;
  };
  struct Side {
    std::vector<double> share;    // row by row, each of its own side
    std::vector<double> ceiling;  // likewise
    std::vector<double> level;    // by region
    std::vector<double> capacity;
    std::vector<char> dirty;
  };

  bool none_ends(Place first, double now) const {
    bool any = false;
    for (Place lane = 0; lane < lanes; ++lane) any |= ends_[first + lane] <= now;
    return !any;
  }
  Place place(int from, int to) const {
    return static_cast<Place>(from) * stride_ + static_cast<Place>(to);
  }
  const Pair& at(int from, int to) const { return pairs_[place(from, to)]; }
  static void settle(Pair& pair, double now) {
    pair.served += pair.rate * (now - pair.set_at);
    pair.set_at = now;
    if (pair.dues.empty()) pair.rate = 0;
  }
  void refresh(Place i) {
    const Place from = i / stride_;
    const Place to = i % stride_;
    Pair& pair = pairs_[i];
    const double share = static_cast<double>(pair.dues.size()) / pair.latency;
    const double window = 4'194'304 / (2 * pair.latency) * pair.latency;
    const double ceiling = share > 0 ? std::min(window, pair.link / share) : 0;
    sides_[0].share[i] = sides_[1].share[to * stride_ + from] = share;
    sides_[0].ceiling[i] = sides_[1].ceiling[to * stride_ + from] = ceiling;
    sides_[0].dirty[from] = sides_[1].dirty[to] = true;
    change(i);
  }
  void change(Place i) {
    if (pairs_[i].changed) return;
    pairs_[i].changed = true;
    changed_.push_back(i);
  }
  static double folded(const std::array<double, lanes>& v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
  }
  double level_of(const double* share, double capacity) const {
    const double* may = may_.data();
    std::array<double, lanes> all{};
    for (Place i = 0; i < stride_; i += lanes)
      for (Place lane = 0; lane < lanes; ++lane) all[lane] += share[i + lane];
    if (folded(all) <= 0) return never;
    for (double level = capacity / folded(all);;) {
      std::array<double, lanes> held{};
      std::array<double, lanes> open{};
      for (Place i = 0; i < stride_; i += lanes)
        for (Place lane = 0; lane < lanes; ++lane) {
          const bool holds = may[i + lane] <= level;
          held[lane] += holds ? share[i + lane] * may[i + lane] : 0.0;
          open[lane] += holds ? 0.0 : share[i + lane];
        }
      if (folded(open) <= 0) return never;
      const double next = (capacity - folded(held)) / folded(open);
      if (!(next > level * (1 + 1e-13))) return next;
      level = next;
    }
  }
  void fill(int side, Place row) {
    Side& own = sides_[side];
    const double* ceiling = &own.ceiling[row * stride_];
    const double* other = sides_[1 - side].level.data();
    may_.resize(stride_);
    for (Place i = 0; i < stride_; ++i) may_[i] = ceiling[i] < other[i] ? ceiling[i] : other[i];
    const double before = own.level[row];
    const double after = level_of(&own.share[row * stride_], own.capacity[row]);
    if (after == before || (after < never && std::abs(after - before) <= 1e-12 * after)) return;
    own.level[row] = after;
    for (Place i = 0; i < regions_; ++i) {
      const double took = std::min(ceiling[i], before);
      const double takes = std::min(ceiling[i], after);
      if (took == takes) continue;
      change(side == 0 ? row * stride_ + i : i * stride_ + row);
      if (std::min(took, takes) < other[i]) sides_[1 - side].dirty[i] = true;
    }
  }

  Place regions_;
  Place stride_;
  std::vector<Pair> pairs_;
  std::array<Side, 2> sides_;
  std::vector<double> ends_;
  std::vector<double> may_;
  std::vector<Place> changed_;
};

class Floor {
 public:
  explicit Floor(int regions) : platform_{regions}, mesh_{platform_} {}

  void steady(std::uint64_t slots, std::uint64_t completions, std::uint64_t warm) {
    warm_ = warm;
    repeats_ = true;
    transfers_.resize(slots);
    turns_.resize(slots);
    for (std::uint64_t slot = 0; slot < slots; ++slot) begin(slot);
    run(warm + completions);
    report(completions);
  }
  void burst(int images) {
    for (int image = 0; image < images; ++image)
      for (const std::int64_t bytes : bench::image_layers(image))
        for (int to = 0; to < platform_.regions; ++to) {
          const int from = image % platform_.regions;
          if (to == from) continue;
          const std::uint64_t flow = transfers_.size();
          transfers_.push_back({from, to, bytes, 0});
          timers_.push({mesh_.latency(from, to), flow});
          waiting_.push_back(true);
        }
    run(transfers_.size());
    report(transfers_.size());
  }

 private:
  void begin(std::uint64_t slot) {
    transfers_[slot] = bench::planned_transfer(platform_.regions, slot, turns_[slot]++);
    waiting_.resize(transfers_.size());
    waiting_[slot] = false;
    timers_.push({now_ + static_cast<double>(transfers_[slot].think_ns) / 1e9, slot});
  }
  void run(std::uint64_t wanted) {
    while (done_ < wanted) {
      now_ = std::min(mesh_.next_end(), timers_.empty() ? never : timers_.top().at);
      mesh_.end(now_, [this](std::uint64_t flow) {
        if (done_ == warm_ && repeats_) started_ = bench::Clock::now();
        ++done_;
        if (repeats_) begin(flow);
      });
      while (!timers_.empty() && timers_.top().at <= now_) {
        const std::uint64_t flow = timers_.top().flow;
        const bench::PlannedTransfer& transfer = transfers_[flow];
        timers_.pop();
        if (waiting_[flow]) {
          mesh_.start(transfer.from, transfer.to, static_cast<double>(transfer.bytes), flow, now_);
        } else {
          waiting_[flow] = true;
          timers_.push({now_ + mesh_.latency(transfer.from, transfer.to), flow});
        }
      }
      mesh_.solve(now_);
    }
  }
  void report(std::uint64_t flows) const {
    const double seconds = bench::seconds_since(started_);
    std::printf("flows_per_s %.1f seconds %.4f sim_end %.6f peak_mb %.1f\n",
                static_cast<double>(flows) / seconds, seconds, now_,
                bench::peak_megabytes());
  }

  bench::Clock::time_point started_ = bench::Clock::now();
  bench::Platform platform_;
  Mesh mesh_;
  std::priority_queue<Due> timers_;
  std::vector<bench::PlannedTransfer> transfers_;
  std::vector<bool> waiting_;  // for the first byte, rather than thinking
  std::vector<std::uint64_t> turns_;
  double now_ = 0;
  std::uint64_t warm_ = 0;
  std::uint64_t done_ = 0;
  bool repeats_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int place, std::uint64_t otherwise) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
  };
  Floor floor{static_cast<int>(number(2, 60))};
  const std::uint64_t count = number(3, 100);
  if (argc > 1 && std::string{argv[1]} == "burst") {
    floor.burst(static_cast<int>(count));
  } else {
    floor.steady(count, number(4, 20'000), number(5, count));
  }
  return 0;
}
