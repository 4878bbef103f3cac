#include "analysis/theory/tcp.hpp"

#include <algorithm>
#include <cmath>

namespace georep::theory {
namespace {

double bits_per_second(double segments_per_second, LossyPath path) {
  return segments_per_second * path.segment_bytes * 8;
}

// The mean time of a sequence of timeouts, each twice as long as the one before up to 64 times, in
// units of the first: the polynomial f(p) of Padhye et al.
double backed_off_timeouts(double loss) {
  double sum = 1;
  double term = loss;
  for (int i = 0; i < 6; ++i) {
    sum += term;
    term *= 2 * loss;
  }
  return sum;
}

// The probability that a loss in a window of `window` segments ends in a timeout.
double timeout_probability(double loss, double window) {
  const double kept = 1 - loss;
  const double three_kept = kept * kept * kept;
  const double all_kept = std::pow(kept, window);
  return std::min(
      1.0, (1 - three_kept) * (1 + three_kept * (1 - std::pow(kept, window - 3))) / (1 - all_kept));
}

}  // namespace

double mathis_rate(LossyPath path) {
  return bits_per_second(std::sqrt(1.5 / path.loss) / path.rtt, path);
}

double reno_rate_approximate(LossyPath path, RenoTimers timers) {
  const double p = path.loss;
  const double b = timers.segments_per_ack;
  const double fast = path.rtt * std::sqrt(2 * b * p / 3);
  const double slow = timers.retransmission_timeout * std::min(1.0, 3 * std::sqrt(3 * b * p / 8)) *
                      p * (1 + 32 * p * p);
  return bits_per_second(std::min(timers.most_window / path.rtt, 1 / (fast + slow)), path);
}

double reno_rate(LossyPath path, RenoTimers timers) {
  const double p = path.loss;
  const double b = timers.segments_per_ack;
  const double offset = (2 + b) / (3 * b);
  const double unbounded = offset + std::sqrt(8 * (1 - p) / (3 * b * p) + offset * offset);
  const bool bounded = unbounded >= timers.most_window;
  const double window = bounded ? timers.most_window : unbounded;
  const double rounds = bounded ? b / 8 * window + (1 - p) / (p * window) + 1 : b / 2 * window;
  const double times_out = timeout_probability(p, window);
  const double sent = (1 - p) / p + window + times_out / (1 - p);
  const double taken = path.rtt * (rounds + 1) +
                       times_out * timers.retransmission_timeout * backed_off_timeouts(p) / (1 - p);
  return bits_per_second(sent / taken, path);
}

double cubic_window(LossyPath path) {
  constexpr double scaling = 0.4;
  constexpr double decrease = 0.7;
  return std::pow(scaling * (3 + decrease) / (4 * (1 - decrease)), 0.25) *
         std::pow(path.rtt / path.loss, 0.75);
}

double cubic_rate(LossyPath path) {
  return bits_per_second(cubic_window(path) / path.rtt, path);
}

SlowStartTime slow_start(SlowStart transfer) {
  const double bandwidth_delay_bytes = transfer.rate * transfer.rtt / 8;
  double window = static_cast<double>(transfer.initial_window) * transfer.segment_bytes;
  double left = transfer.bytes;
  std::int64_t rounds = 0;
  while (window < bandwidth_delay_bytes && left > window) {
    left -= window;
    window *= 2;
    ++rounds;
  }
  return {rounds, left,
          transfer.rtt * (transfer.handshake_round_trips + static_cast<double>(rounds)) +
              left * 8 / transfer.rate + transfer.rtt / 2,
          transfer.bytes * 8 / transfer.rate + transfer.rtt / 2};
}

WindowLimit window_limit(double window_bytes, double rtt, double rate, std::int64_t streams) {
  const double stream_rate = std::min(rate, window_bytes * 8 / rtt);
  return {stream_rate, std::min(rate, static_cast<double>(streams) * stream_rate), rate * rtt / 8,
          static_cast<std::int64_t>(std::ceil(rate / stream_rate))};
}

double lv08_time(double latency, double bytes_per_second, double bytes, bool cross_traffic) {
  constexpr double latency_factor = 13.01;
  constexpr double bandwidth_factor = 0.97;
  constexpr double with_acknowledgements = 1.05;
  const double shared = cross_traffic ? with_acknowledgements : 1;
  return latency_factor * latency + bytes * shared / (bandwidth_factor * bytes_per_second);
}

}  // namespace georep::theory
