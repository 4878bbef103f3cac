// What a scenario says of work that repeats: polls, pulls from a catalog, pushes of new content,
// and a recorded log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"
#include "sim/fields/retry_spec.hpp"

namespace georep {

struct PoissonArrivals {
  Rate rate;
  friend bool operator==(const PoissonArrivals&, const PoissonArrivals&) = default;
};
/// The first at `from`, then one each `every`.
struct PeriodicArrivals {
  Duration every;
  friend bool operator==(const PeriodicArrivals&, const PeriodicArrivals&) = default;
};
/// A Poisson process whose rate is mean * (1 + swing * cos(2 pi (t - peak) / 1 day)).
struct DiurnalArrivals {
  Rate mean;
  Duration peak = 14_h;
  Ratio swing{0.6};
  friend bool operator==(const DiurnalArrivals&, const DiurnalArrivals&) = default;
};
/// Arrivals at recorded times, one duration per line of the file, counted from `from`. The reader
/// fills `times`.
struct EmpiricalArrivals {
  std::string file;
  std::shared_ptr<const std::vector<Duration>> times;
  friend bool operator==(const EmpiricalArrivals& x, const EmpiricalArrivals& y) {
    return x.file == y.file;
  }
};
using ArrivalsSpec =
    std::variant<PoissonArrivals, PeriodicArrivals, DiurnalArrivals, EmpiricalArrivals>;

/// HEAD of a manifest by each machine of the group, again and again.
struct PollSpec {
  std::string reference;
  Duration every;
  Ratio jitter;  ///< of each interval; 0: all machines of a group poll together
  friend bool operator==(const PollSpec&, const PollSpec&) = default;
};

struct CatalogLayersSpec {
  CountLaw count = always_count(8);
  SizeLaw size = always(10_MB);
  friend bool operator==(const CatalogLayersSpec&, const CatalogLayersSpec&) = default;
};

/// Images that exist in every replica before the run begins; popularity by rank follows Zipf's law.
struct CatalogSpec {
  std::int64_t repositories = 100;
  std::int64_t tags = 10;  ///< of each repository
  double zipf = 1;         ///< exponent; 0: all alike
  CatalogLayersSpec layers;
  friend bool operator==(const CatalogSpec&, const CatalogSpec&) = default;
};

struct PullsSpec {
  CatalogSpec catalog;
  ArrivalsSpec arrivals;
  RetrySpec retry = RetrySpec::none();
  friend bool operator==(const PullsSpec&, const PullsSpec&) = default;
};

struct PushedLayersSpec {
  CountLaw count = always_count(8);
  CountLaw changed =
      always_count(1);  ///< layers of a push that are new; the others are the repository's
  SizeLaw size = always(10_MB);
  friend bool operator==(const PushedLayersSpec&, const PushedLayersSpec&) = default;
};

/// Every push is new content, to repository `repo-k` drawn uniformly, tag `v{n}`.
struct PushesSpec {
  std::int64_t repositories = 1;
  PushedLayersSpec layers;
  ArrivalsSpec arrivals;
  RetrySpec retry = RetrySpec::none();
  friend bool operator==(const PushesSpec&, const PushesSpec&) = default;
};

/// `ibm`: the published registry traces (FAST 2018); `georep`: what `georep import` writes.
enum class TraceFormat : std::uint8_t { ibm, georep };

struct Recording;

/// The reader fills `recording`.
struct TraceSpec {
  std::string file;  ///< relative to the scenario's folder
  TraceFormat format = TraceFormat::ibm;
  double speed = 1;  ///< 2: twice as fast as recorded
  std::shared_ptr<const Recording> recording;
  friend bool operator==(const TraceSpec& x, const TraceSpec& y) {
    return x.file == y.file && x.format == y.format && x.speed == y.speed;
  }
};

struct WorkloadSpec {
  std::variant<PollSpec, PullsSpec, PushesSpec, TraceSpec> work;
  std::string on;  ///< the host or group of hosts
  Duration from;
  std::optional<Duration> until;  ///< exclusive; empty: without end
  Place place;
  friend bool operator==(const WorkloadSpec&, const WorkloadSpec&) = default;
};

}  // namespace georep
