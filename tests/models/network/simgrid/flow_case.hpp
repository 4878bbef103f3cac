// Transfers over shared channels, said in numbers alone, for two simulators that share no header.
#pragma once

#include <cstdint>
#include <vector>

namespace georep::test {

struct FlowCase {
  struct Channel {
    double bytes_per_second = 0;
    double latency_s = 0;
  };
  struct Flow {
    double start_s = 0;
    std::int64_t bytes = 0;
    double most_bytes_per_second = 0;  // 0: not capped
    std::vector<std::size_t> route;    // places in channels
    std::vector<std::size_t> back;     // the way of its acknowledgements
  };
  std::vector<Channel> channels;
  std::vector<Flow> flows;
};

/// When each flow of each case ends by SimGrid, in seconds. `options` are SimGrid's own, as on its command line.
std::vector<std::vector<double>> simgrid_ends(const std::vector<FlowCase>& cases,
                                              const std::vector<const char*>& options);

}  // namespace georep::test
