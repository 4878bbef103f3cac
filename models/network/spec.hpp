// What a scenario says of the network: regions, the links between them, and how bytes move over
// these. Every default of the section `network:` stands here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

/// How transfers share bandwidth: `flow` is georep's own fair sharing; `cm02` and `lv08` are
/// SimGrid's models of those names.
enum class NetworkModel : std::uint8_t { flow, cm02, lv08 };

/// The law that caps one stream on a link that loses packets: Mathis et al. (1997), Padhye et al.
/// (PFTK, 1998) or CUBIC (RFC 9438).
enum class LossLaw : std::uint8_t { mathis, pftk, cubic };

/// The clouds whose measured tables come with the program.
enum class NetworkPreset : std::uint8_t { azure, aws, gcp };

/// A point on the globe, in degrees.
struct Location {
  double latitude = 0;
  double longitude = 0;
  friend bool operator==(const Location&, const Location&) = default;
};

struct RegionSpec {
  std::string name;
  std::optional<Bandwidth> egress;   ///< empty: the network's `egress`
  std::optional<Bandwidth> ingress;  ///< empty: the network's `ingress`
  std::optional<Location> location;
  Place place;
  friend bool operator==(const RegionSpec&, const RegionSpec&) = default;
};

/// A link that carries both directions alike, each with its own bandwidth.
struct LinkBetween {
  std::array<std::string, 2> regions;
  friend bool operator==(const LinkBetween&, const LinkBetween&) = default;
};

/// One direction of a link.
struct LinkOneWay {
  std::string from;
  std::string to;
  friend bool operator==(const LinkOneWay&, const LinkOneWay&) = default;
};

struct LinkSpec {
  std::variant<LinkBetween, LinkOneWay> ends;
  std::optional<Duration>
      rtt;  ///< required without a preset; with one, empty keeps the measured value
  std::optional<Bandwidth> bandwidth;  ///< each direction; empty: the network's `bandwidth`
  std::optional<Ratio> loss;           ///< share of packets lost; empty: none, or the preset's
  LossLaw loss_law = LossLaw::mathis;
  Place place;

  bool one_way() const { return std::holds_alternative<LinkOneWay>(ends); }
  const std::string& from() const {
    return one_way() ? std::get<LinkOneWay>(ends).from : std::get<LinkBetween>(ends).regions[0];
  }
  const std::string& to() const {
    return one_way() ? std::get<LinkOneWay>(ends).to : std::get<LinkBetween>(ends).regions[1];
  }
  friend bool operator==(const LinkSpec&, const LinkSpec&) = default;
};

/// What traffic costs.
struct TrafficPriceSpec {
  std::optional<Price>
      egress;  ///< of bytes that leave a region; empty: the preset's table, or nothing
  friend bool operator==(const TrafficPriceSpec&, const TrafficPriceSpec&) = default;
};

struct NetworkSpec {
  std::optional<NetworkPreset> preset;
  NetworkModel model = NetworkModel::flow;
  Bandwidth bandwidth = Bandwidth::unlimited();  ///< of every link, each direction
  Bandwidth egress = Bandwidth::unlimited();     ///< of every region, shared by all that leaves it
  Bandwidth ingress = Bandwidth::unlimited();    ///< of every region, shared by all that enters it
  Duration local_rtt = 500_us;                   ///< round trip inside a region
  Ratio jitter;                                  ///< of each message's one-way latency, uniform
  std::optional<Bytes> stream_window;            ///< caps a stream at window / RTT; empty: no cap
  bool slow_start = false;
  std::vector<RegionSpec> regions;
  std::vector<LinkSpec> links;
  TrafficPriceSpec price;
  friend bool operator==(const NetworkSpec&, const NetworkSpec&) = default;
};

}  // namespace georep
