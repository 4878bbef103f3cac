// What one TCP stream can carry: the laws of loss, and the start of a connection.
#pragma once

#include <limits>

namespace georep::tcp {

/// The largest segment that fits an Ethernet frame beside the headers of IPv4 and TCP.
inline constexpr double segment_bytes = 1460;
/// The window that a connection starts with (RFC 6928).
inline constexpr double initial_window_bytes = 10 * segment_bytes;

/// A stream that loses packets at random. Times in seconds.
struct LossyStream {
  double round_trip = 0;
  double loss = 0;                // of packets, 0 < loss < 1
  double retransmit_timeout = 0;  // PFTK alone
  double segments_per_ack = 2;    // PFTK alone
  double most_segments = std::numeric_limits<double>::infinity();  // in the window; PFTK alone
};

/// Bytes a second by Mathis, Semke, Mahdavi and Ott, "The macroscopic behavior of the TCP congestion avoidance algorithm" (1997).
double mathis_rate(const LossyStream& stream);

/// Bytes a second by Padhye, Firoiu, Towsley and Kurose, "Modeling TCP Reno performance" (2000), their full model, which counts timeouts.
double pftk_rate(const LossyStream& stream);

/// The mean window of CUBIC in segments, RFC 9438, equation 5 with C = 0.4 and beta = 0.7.
double cubic_window(const LossyStream& stream);
/// Bytes a second by CUBIC, which is never slower than Reno would be on the same path (RFC 9438, section 4.3).
double cubic_rate(const LossyStream& stream);

}  // namespace georep::tcp
