// What one TCP connection carries: by loss, by window, and in its first round trips.
// Sizes are bytes, times seconds, rates bits per second, windows segments unless a name says bytes.
#pragma once

#include <cstdint>

namespace georep::theory {

/// A path that loses each segment with probability `loss`.
struct LossyPath {
  double segment_bytes;
  double rtt;
  double loss;
};

/// Source: Mathis, Semke, Mahdavi & Ott 1997.
double mathis_rate(LossyPath path);

/// What the Reno models of Padhye et al. need besides the path.
struct RenoTimers {
  double retransmission_timeout;  ///< seconds
  double segments_per_ack;
  double most_window;  ///< segments
};
/// The approximate and the full model. Source: Padhye, Firoiu, Towsley & Kurose 1998, 2000.
double reno_rate_approximate(LossyPath path, RenoTimers timers);
double reno_rate(LossyPath path, RenoTimers timers);

/// The mean window of CUBIC, in segments, and its rate. Source: RFC 9438 sec. 5.1.
double cubic_window(LossyPath path);
double cubic_rate(LossyPath path);

/// A transfer over a new connection whose window doubles each round trip from the initial one until
/// it covers the product of bandwidth and delay. Source: Cardwell, Savage & Anderson 2000; RFC
/// 6928.
struct SlowStart {
  double bytes;
  double segment_bytes;
  std::int64_t initial_window;  ///< segments
  double rtt;
  double rate;  ///< bits per second
  double handshake_round_trips;
};
struct SlowStartTime {
  std::int64_t rounds;          ///< round trips before the rest goes at the rate of the link
  double bytes_left;            ///< then
  double seconds;               ///< in all, the last byte's way included
  double seconds_at_line_rate;  ///< what the bandwidth and the delay alone would take
};
SlowStartTime slow_start(SlowStart transfer);

/// `streams` connections over one link, each held to a window per round trip.
struct WindowLimit {
  double stream_rate;
  double total_rate;
  double bandwidth_delay_bytes;
  std::int64_t streams_to_fill;
};
WindowLimit window_limit(double window_bytes, double rtt, double rate, std::int64_t streams);

/// One transfer as SimGrid's model LV08 has it; `cross_traffic` reserves what acknowledgements
/// take. Source: SimGrid documentation, Models; Velho et al. 2013.
double lv08_time(double latency, double bytes_per_second, double bytes, bool cross_traffic);

}  // namespace georep::theory
