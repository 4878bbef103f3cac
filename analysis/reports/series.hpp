// What a run looked like over time: counts of each replica in windows of one length. The windows grow with the run, so
// that their number stays bounded whatever it simulates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/world/world.hpp"

namespace georep {

class SeriesRecorder {
 public:
  static constexpr std::size_t most_windows = 400;
  static constexpr std::size_t most_points = 2'000;
  /// A curve of fewer things that happened than this says less than a list of them.
  static constexpr std::uint64_t fewest_events = 20;

  /// Subscribes to the world's facts, which must outlive this.
  explicit SeriesRecorder(World& world);

  /// A curve of one replica: a value for each window, or nothing where there is none.
  struct Curve {
    std::string replica;
    std::vector<std::optional<double>> values;
  };
  /// What can be told of windows.
  enum class Figure : std::uint8_t { requests_per_second, hit_ratio, storage_per_second, failures_per_second, queue };

  /// One curve for each replica that has enough to show.
  std::vector<Curve> curves(Figure figure) const;
  /// When each window begins, in seconds.
  std::vector<double> window_starts() const;

  /// When each change was committed, and how much later a replica had all of it, in seconds: by destination. Of more than
  /// `most_points` changes every second, fourth, … is kept.
  std::map<std::string, std::vector<std::pair<double, double>>> copies() const;

 private:
  enum Counter : std::size_t { requests, hits, storage, failures, counters };
  struct Window {
    std::array<std::uint64_t, counters> counts{};
    std::optional<std::uint32_t> greatest_queue;
    std::optional<std::uint32_t> last_queue;
  };
  struct Copy {
    RegionId destination;
    Instant committed_at;
    Duration lasted;
  };

  Window& window(Instant at, RegionId region);
  void lengthen();
  void count(Counter counter, Instant at, RegionId region) { ++window(at, region).counts[counter]; }
  void queue(Instant at, RegionId region, std::uint32_t depth);
  void keep(const Copy& copy);
  std::optional<double> value(const Window& window, Figure figure) const;
  static std::uint64_t events(const Window& window, Figure figure);

  World& world_;
  std::map<RegionId, std::vector<Window>> windows_;
  std::int64_t length_ = 1'000'000;  // of a window, in nanoseconds: 1, 2, 10, 20, 100 ms …
  bool doubles_next_ = true;
  std::size_t used_ = 0;             // windows
  std::map<CommitId, Instant> committed_;
  std::vector<Copy> copies_;
  std::uint64_t stride_ = 1;  // every so manieth copy is kept
  std::uint64_t seen_ = 0;
};

}  // namespace georep
