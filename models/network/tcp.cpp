#include "models/network/tcp.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/elementary.hpp"

namespace georep::tcp {

namespace {

// The factor by which a timeout grows with losses in a row (PFTK, equation 29).
double backoff(double p) { return 1 + p * (1 + p * (2 + p * (4 + p * (8 + p * (16 + p * 32))))); }

// The probability that a loss in a window of w segments is found by a timeout (PFTK, equation 24).
double timeout_share(double p, double w) {
  const double q = 1 - p;
  const double three = q * q * q;
  const double whole = elementary::pow(q, w);
  return std::min(1.0, (1 - three) * (1 + three * (1 - whole / three)) / (1 - whole));
}

}  // namespace

double mathis_rate(const LossyStream& stream) {
  return segment_bytes / stream.round_trip * std::sqrt(1.5 / stream.loss);
}

double pftk_rate(const LossyStream& stream) {
  const double p = stream.loss;
  const double b = stream.segments_per_ack;
  const double constant = (2 + b) / (3 * b);
  const double unbounded = constant + std::sqrt(8 * (1 - p) / (3 * b * p) + constant * constant);
  const bool bounded = unbounded >= stream.most_segments;
  const double window = bounded ? stream.most_segments : unbounded;
  const double timeouts = timeout_share(p, window);
  const double rounds =
      bounded ? b / 8 * window + (1 - p) / (p * window) + 2 : b / 2 * window + 1;
  const double segments = (1 - p) / p + window + timeouts / (1 - p);
  const double seconds = stream.round_trip * rounds +
                         timeouts * stream.retransmit_timeout * backoff(p) / (1 - p);
  return segment_bytes * segments / seconds;
}

double cubic_window(const LossyStream& stream) {
  constexpr double growth = 0.4;
  constexpr double keeps = 0.7;
  const double rounds_per_loss = std::sqrt(std::sqrt(stream.round_trip / stream.loss));
  return std::sqrt(std::sqrt(growth * (3 + keeps) / (4 * (1 - keeps)))) * rounds_per_loss *
         rounds_per_loss * rounds_per_loss;
}

double cubic_rate(const LossyStream& stream) {
  return std::max(segment_bytes * cubic_window(stream) / stream.round_trip, mathis_rate(stream));
}

}  // namespace georep::tcp
