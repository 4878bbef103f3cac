#include "analysis/reports/series.hpp"

#include <algorithm>

namespace georep {

SeriesRecorder::SeriesRecorder(World& world) : world_{world} {
  FactBus& facts = world.facts();
  facts.subscribe<ManifestAnswered>(
      [this](const ManifestAnswered& fact) { count(requests, fact.formed.at, fact.replica); });
  facts.subscribe<CacheLookedUp>([this](const CacheLookedUp& fact) {
    if (fact.hit) count(hits, fact.at, fact.replica);
  });
  facts.subscribe<StorageServed>([this](const StorageServed& fact) { count(storage, fact.at, fact.replica); });
  facts.subscribe<AttemptFailed>([this](const AttemptFailed& fact) { count(failures, fact.at, fact.replica); });
  facts.subscribe<ReplicationQueued>(
      [this](const ReplicationQueued& fact) { queue(fact.at, fact.destination, fact.depth); });
  facts.subscribe<ReplicationStarted>(
      [this](const ReplicationStarted& fact) { queue(fact.at, fact.destination, fact.depth); });
  facts.subscribe<MembershipChanged>([this](const MembershipChanged& fact) {
    if (!fact.present) queue(fact.at, fact.replica, 0);
  });
  facts.subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) { committed_[fact.commit] = fact.at; });
  facts.subscribe<ReplicationDone>([this](const ReplicationDone& fact) {
    if (const auto commit = committed_.find(fact.commit); commit != committed_.end())
      keep({fact.destination, commit->second, fact.at - commit->second});
  });
}

SeriesRecorder::Window& SeriesRecorder::window(Instant at, RegionId region) {
  while (at.count() / length_ >= static_cast<std::int64_t>(most_windows)) lengthen();
  const auto place = static_cast<std::size_t>(at.count() / length_);
  used_ = std::max(used_, place + 1);
  std::vector<Window>& all = windows_[region];
  if (all.size() <= place) all.resize(place + 1);
  return all[place];
}

// Two or five neighbours become one, in turn: so each length is a round number, and what happens every second does not
// seem to come and go.
void SeriesRecorder::lengthen() {
  const std::size_t factor = doubles_next_ ? 2 : 5;
  for (auto& [region, all] : windows_) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      Window& into = all[i / factor];
      const Window from = all[i];
      if (i % factor == 0) {
        into = from;
        continue;
      }
      for (std::size_t k = 0; k < counters; ++k) into.counts[k] += from.counts[k];
      if (!from.last_queue) continue;
      into.greatest_queue = std::max(into.greatest_queue.value_or(0), *from.greatest_queue);
      into.last_queue = from.last_queue;
    }
    all.resize((all.size() + factor - 1) / factor);
  }
  used_ = (used_ + factor - 1) / factor;
  length_ *= static_cast<std::int64_t>(factor);
  doubles_next_ = !doubles_next_;
}

void SeriesRecorder::queue(Instant at, RegionId region, std::uint32_t depth) {
  Window& now = window(at, region);
  now.greatest_queue = std::max(now.greatest_queue.value_or(0), depth);
  now.last_queue = depth;
}

void SeriesRecorder::keep(const Copy& copy) {
  if (seen_++ % stride_ != 0) return;
  copies_.push_back(copy);
  if (copies_.size() <= most_points) return;
  // Every other one goes.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < copies_.size(); i += 2) copies_[kept++] = copies_[i];
  copies_.resize(kept);
  stride_ *= 2;
}

std::optional<double> SeriesRecorder::value(const Window& window, Figure figure) const {
  const double seconds = static_cast<double>(length_) / 1e9;
  const auto rate = [&](Counter counter) { return static_cast<double>(window.counts[counter]) / seconds; };
  switch (figure) {
    case Figure::requests_per_second: return rate(requests);
    case Figure::storage_per_second: return rate(storage);
    case Figure::failures_per_second: return rate(failures);
    case Figure::hit_ratio: {
      const std::uint64_t all = window.counts[hits] + window.counts[storage];
      if (all == 0) return std::nullopt;
      return static_cast<double>(window.counts[hits]) / static_cast<double>(all);
    }
    case Figure::queue: break;
  }
  return window.greatest_queue ? std::optional<double>{*window.greatest_queue} : std::nullopt;
}

std::uint64_t SeriesRecorder::events(const Window& window, Figure figure) {
  switch (figure) {
    case Figure::requests_per_second: return window.counts[requests];
    case Figure::storage_per_second: return window.counts[storage];
    case Figure::failures_per_second: return window.counts[failures];
    case Figure::hit_ratio: return window.counts[hits];
    case Figure::queue: break;
  }
  // More than one change has to wait at a time for a queue to be one.
  return window.greatest_queue.value_or(0) > 1 ? fewest_events : 0;
}

std::vector<SeriesRecorder::Curve> SeriesRecorder::curves(Figure figure) const {
  std::vector<Curve> result;
  for (const RegionId region : world_.plan().replicas) {
    const auto all = windows_.find(region);
    if (all == windows_.end()) continue;
    Curve curve{world_.plan().region_name(region), {}};
    std::uint64_t happened = 0;
    double standing = 0;  // a queue stays as long as it is until something changes it
    for (std::size_t i = 0; i < used_; ++i) {
      const Window window = i < all->second.size() ? all->second[i] : Window{};
      std::optional<double> value = this->value(window, figure);
      happened += events(window, figure);
      if (figure == Figure::queue) {
        if (!value) value = standing;
        if (window.last_queue) standing = *window.last_queue;
      }
      curve.values.push_back(value);
    }
    if (happened >= fewest_events) result.push_back(std::move(curve));
  }
  return result;
}

std::vector<double> SeriesRecorder::window_starts() const {
  std::vector<double> starts;
  for (std::size_t i = 0; i < used_; ++i)
    starts.push_back(static_cast<double>(length_) * static_cast<double>(i) / 1e9);
  return starts;
}

std::map<std::string, std::vector<std::pair<double, double>>> SeriesRecorder::copies() const {
  std::map<std::string, std::vector<std::pair<double, double>>> result;
  for (const Copy& copy : copies_)
    result[world_.plan().region_name(copy.destination)].emplace_back(copy.committed_at.seconds(),
                                                                      copy.lasted.seconds());
  return result;
}

}  // namespace georep
