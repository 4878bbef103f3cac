// The transfers that are compared with packet-level TCP: a chain of bottlenecks of 100 Mbit/s, transfers that all start at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct ChainTransfer {
  int from = 0;  // place on the chain
  int to = 0;
};

struct PacketCase {
  std::string topology;
  int hops = 1;
  std::int64_t rtt_ns = 0;  // over the whole chain
  std::int64_t bytes = 0;
  std::vector<ChainTransfer> transfers;
  std::string name(std::size_t transfer) const {
    return topology + ":" + std::to_string(rtt_ns / 1'000'000) + ":" + std::to_string(bytes) + ":" +
           std::to_string(transfer);
  }
};

inline constexpr std::int64_t bottleneck_bits_per_second = 100'000'000;
inline constexpr std::int64_t stream_window_bytes = 4'194'304;

/// One transfer alone and four together over one bottleneck; one over three bottlenecks, each of which it shares with another.
inline std::vector<PacketCase> packet_cases(std::int64_t most_bytes) {
  std::vector<PacketCase> result;
  for (const std::int64_t bytes : {50'000, 500'000, 5'000'000, 100'000'000})
    for (const std::int64_t rtt_ms : {10, 50, 100, 250}) {
      if (bytes > most_bytes) continue;
      const std::int64_t rtt = rtt_ms * 1'000'000;
      result.push_back({"alone", 1, rtt, bytes, {{0, 1}}});
      result.push_back({"dumbbell", 1, rtt, bytes, {{0, 1}, {0, 1}, {0, 1}, {0, 1}}});
      result.push_back({"parking-lot", 3, rtt, bytes, {{0, 3}, {0, 1}, {1, 2}, {2, 3}}});
    }
  return result;
}

}  // namespace bench
