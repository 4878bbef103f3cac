#include "analysis/experiments/fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "analysis/statistics/interval.hpp"
#include "analysis/theory/replication_lags.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

constexpr std::int64_t most_streams = 64;
// A setting is looked for up to so many times what the observations suggest.
constexpr double reach = 1e4;
// Lags are not observed better than this share of them.
constexpr double finest = 1e-5;
// Stretches of time that are left out in turn, and how much they may widen an interval.
constexpr std::size_t most_stretches = 20;
constexpr std::size_t fewest_stretches = 4;
constexpr double one_standard_error = 0.6827;  // as a confidence
constexpr double most_effect = 100;

// The parameters: the logarithms of the window and of each link's bandwidth, and the delay in seconds.
enum : std::size_t { window_place, delay_place, first_link_place };

// What a logarithm stands for; one that a step has taken out of all bounds stays a number that can be reckoned with.
double plain(double logarithm) { return std::exp(std::clamp(logarithm, -20.0, 60.0)); }

struct Destination {
  std::vector<theory::CopiedPush> pushes;  // in order of time, their ways numbered as its links are
  std::vector<double> lags;
  std::vector<std::size_t> links;
};


class Fit {
 public:
  Fit(const Observations& observations, const FitRequest& request) : request_{request} {
    collect(observations);
    lowest_.assign(first_link_place + links_.size(), -1e3);
    lowest_[delay_place] = 0;
    scale_.reserve(lags_.size());
    for (const double lag : lags_) scale_.push_back(std::max(lag, 1e-9));
  }

  FitResult run() {
    find_streams();
    // The scatter tells how much each lag counts; the second time it is that of the better fit.
    for (int i = 0; i < 2; ++i) {
      weigh(predicted(best_.parameters));
      rough_fits_ = std::exchange(fits_, {});
      look_beside();
    }
    return result();
  }

 private:
  void collect(const Observations& observations) {
    std::map<std::string, std::vector<const ObservedArrival*>> by_destination;
    for (const ObservedArrival& arrival : observations.arrivals) by_destination[arrival.region].push_back(&arrival);
    for (auto& [region, arrivals] : by_destination) {
      std::stable_sort(arrivals.begin(), arrivals.end(), [&](const ObservedArrival* a, const ObservedArrival* b) {
        return observations.pushes[a->push].at < observations.pushes[b->push].at;
      });
      Destination destination;
      std::map<std::string, std::size_t> ways;
      for (const ObservedArrival* arrival : arrivals) {
        const ObservedPush& push = observations.pushes[arrival->push];
        const auto [way, is_new] = ways.emplace(push.region, ways.size());
        if (is_new) {
          destination.links.push_back(links_.size());
          links_.push_back({push.region, region, request_.round_trip(push.region, region), {}, false});
        }
        destination.pushes.push_back({push.at, way->second, push.blobs});
        destination.lags.push_back(arrival->at - push.at);
      }
      lags_.insert(lags_.end(), destination.lags.begin(), destination.lags.end());
      note_overlap(destination);
      destinations_.push_back(std::move(destination));
    }
  }

  // More streams than there ever were blobs on their way to one destination make no difference.
  void note_overlap(const Destination& destination) {
    std::vector<std::pair<double, std::int64_t>> changes;
    double bytes = 0;
    double seconds = 0;
    for (std::size_t i = 0; i < destination.pushes.size(); ++i) {
      const auto blobs = static_cast<std::int64_t>(destination.pushes[i].blobs.size());
      changes.emplace_back(destination.pushes[i].at, blobs);
      changes.emplace_back(destination.pushes[i].at + destination.lags[i], -blobs);
      double size = 0;
      for (const double blob : destination.pushes[i].blobs) size += blob;
      bytes = std::max(bytes, size);
      if (size == bytes) seconds = destination.lags[i];
    }
    std::sort(changes.begin(), changes.end());
    std::int64_t now = 0;
    for (const auto& [at, change] : changes) overlap_ = std::max(overlap_, now += change);
    overlap_ = std::min(overlap_, most_streams);
    typical_rate_ = std::max(typical_rate_, bytes / std::max(seconds, 1e-9));
  }

  std::vector<double> predicted(std::span<const double> parameters, std::int64_t streams) const {
    std::vector<double> lags;
    lags.reserve(lags_.size());
    for (const Destination& destination : destinations_) {
      theory::CopySettings settings;
      settings.streams = streams;
      settings.concurrency = std::max(settings.concurrency, streams);
      settings.start_delay = parameters[delay_place];
      settings.stream_window = plain(parameters[window_place]);
      for (const std::size_t link : destination.links)
        settings.ways.push_back({links_[link].round_trip, plain(parameters[first_link_place + link])});
      const std::vector<double> here = theory::replication_lags(destination.pushes, settings);
      lags.insert(lags.end(), here.begin(), here.end());
    }
    return lags;
  }
  std::vector<double> predicted(std::span<const double> parameters) const { return predicted(parameters, streams_); }

  Residuals residuals(std::int64_t streams) const {
    return [this, streams](std::span<const double> parameters) {
      std::vector<double> left = predicted(parameters, streams);
      for (std::size_t i = 0; i < left.size(); ++i) left[i] = (left[i] - lags_[i]) / scale_[i];
      return left;
    };
  }

  // Whether the window, the link or both at different numbers of transfers bind is not known before.
  std::vector<std::vector<double>> starts(std::int64_t streams) const {
    const double least_lag = *std::min_element(lags_.begin(), lags_.end());
    double round_trip = 0;
    for (const FittedLink& link : links_) round_trip = std::max(round_trip, link.round_trip);
    const double delay = std::max(0.0, least_lag - 1.5 * round_trip) / 2;
    std::vector<std::vector<double>> all;
    for (const auto& [stream, link] : std::vector<std::pair<double, double>>{
             {1.5, 1e3}, {1e3, 1.5}, {1.5, 1.2 * static_cast<double>(streams)}, {2, 4}, {1.2, 1.5}}) {
      std::vector<double> start(lowest_.size(), std::log(link * typical_rate_));
      start[window_place] = std::log(stream * typical_rate_ * std::max(round_trip, 1e-6));
      start[delay_place] = delay;
      all.push_back(std::move(start));
    }
    return all;
  }

  const LeastSquaresFit& fit_with(std::int64_t streams) {
    const auto known = fits_.find(streams);
    if (known != fits_.end()) return known->second.front();
    std::vector<std::vector<double>> from;
    for (const LeastSquaresFit& rough : rough_fits_[streams]) from.push_back(rough.parameters);
    if (from.empty()) from = starts(streams);
    if (!best_.parameters.empty()) from.push_back(best_.parameters);
    std::vector<LeastSquaresFit>& fits = fits_[streams];
    for (std::vector<double>& start : from)
      fits.push_back(fit_least_squares(residuals(streams), std::move(start), lowest_, std::nullopt, 25));
    std::stable_sort(fits.begin(), fits.end(), [](const LeastSquaresFit& a, const LeastSquaresFit& b) {
      return a.sum_of_squares < b.sum_of_squares;
    });
    return fits.front();
  }

  double squares_with(std::int64_t streams) { return fit_with(streams).sum_of_squares; }

  // By doubling, and then among the neighbours of the best.
  void find_streams() {
    std::vector<std::int64_t> tried;
    for (std::int64_t streams = 1; streams < overlap_; streams *= 2) tried.push_back(streams);
    tried.push_back(overlap_);
    streams_ = *std::min_element(tried.begin(), tried.end(), [this](std::int64_t a, std::int64_t b) {
      return squares_with(a) < squares_with(b);
    });
    look_beside();
  }

  void look_beside() {
    for (bool moved = true; moved;) {
      moved = false;
      for (const std::int64_t next : {streams_ - 1, streams_ + 1}) {
        if (next < 1 || next > overlap_ || squares_with(next) >= squares_with(streams_)) continue;
        streams_ = next;
        moved = true;
      }
    }
    best_ = fit_with(streams_);
  }

  // The share of a lag's scatter that does not grow with the lag, by the greatest pseudo-likelihood.
  void weigh(const std::vector<double>& predicted_lags) {
    std::vector<double> ordered = predicted_lags;
    std::nth_element(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(ordered.size() / 2), ordered.end());
    const double middle = ordered[ordered.size() / 2];
    double least = 0;
    std::vector<double> chosen;
    for (const double constant : {0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0}) {
      std::vector<double> scale;
      double squares = 0;
      double logarithms = 0;
      for (std::size_t i = 0; i < lags_.size(); ++i) {
        scale.push_back(std::hypot(constant * middle, predicted_lags[i]));
        squares += std::pow((predicted_lags[i] - lags_[i]) / scale.back(), 2);
        logarithms += 2 * std::log(scale.back());
      }
      const auto count = static_cast<double>(lags_.size());
      const double cost = count * std::log(std::max(squares / count, finest * finest)) + logarithms;
      if (!chosen.empty() && cost >= least) continue;
      least = cost;
      constant_ = constant * middle;
      chosen = std::move(scale);
    }
    scale_ = std::move(chosen);
  }

  // In the parameter's own scale.
  ProfileInterval profile(std::size_t place, std::int64_t streams, double limit) {
    fit_with(streams);
    std::vector<LeastSquaresFit> fits = fits_[streams];
    std::erase_if(fits, [limit](const LeastSquaresFit& each) { return each.sum_of_squares > limit; });
    const bool is_delay = place == delay_place;
    const double unit = is_delay ? *std::max_element(lags_.begin(), lags_.end()) : 1;
    return profile_interval(residuals(streams), fits, lowest_, place, limit, 1e-4 * unit, is_delay ? unit : std::log(reach));
  }

  // Of each stretch of time, how much less well that number of streams explains it than the best one.
  std::vector<double> lost_with(std::int64_t streams) {
    const std::vector<double> best = residuals(streams_)(best_.parameters);
    const std::vector<double> other = residuals(streams)(fit_with(streams).parameters);
    std::vector<double> lost(stretches(), 0.0);
    for (std::size_t i = 0; i < lost.size(); ++i) {
      for (std::size_t at = stretch_begins(i); at < stretch_begins(i + 1); ++at) lost[i] += other[at] * other[at] - best[at] * best[at];
    }
    return lost;
  }

  // A number of streams agrees with the observations if it explains them nearly as well as the best one, or better in one stretch of
  // time and worse in the next, so that chance may have chosen: the rule of one standard error, Breiman, Friedman, Olshen & Stone,
  // Classification and Regression Trees, 1984, sec. 3.4.3.
  bool agrees(std::int64_t streams, double limit) {
    if (squares_with(streams) <= limit) return true;
    const std::vector<double> lost = lost_with(streams);
    return lost.size() >= fewest_stretches && mean_interval(lost, one_standard_error).low <= 0;
  }

  // Whatever number of streams agrees with the observations.
  FittedValue fitted(std::size_t place, const FittedValue& streams, double limit) {
    ProfileInterval all = profile(place, streams_, limit);
    const auto first = static_cast<std::int64_t>(streams.interval.low.value_or(1));
    const auto last = streams.told() ? static_cast<std::int64_t>(*streams.interval.high) : streams_;
    for (std::int64_t other = first; other <= last; ++other) {
      if (other == streams_ || !agrees(other, limit)) continue;
      const double above = limit - best_.sum_of_squares;
      const ProfileInterval one = profile(place, other, std::max(limit, squares_with(other) + above));
      all.low = all.low && one.low ? std::optional{std::min(*all.low, *one.low)} : std::nullopt;
      all.high = all.high && one.high ? std::optional{std::max(*all.high, *one.high)} : std::nullopt;
    }
    if (place == delay_place) return {best_.parameters[place], all};
    const auto plain = [](const std::optional<double>& end) {
      return end ? std::optional{std::exp(*end)} : std::nullopt;
    };
    return {std::exp(best_.parameters[place]), {plain(all.low), plain(all.high)}};
  }

  std::size_t stretches() const { return std::min(most_stretches, lags_.size() / 4); }
  std::size_t stretch_begins(std::size_t stretch) const { return stretch * lags_.size() / stretches(); }

  // How many times greater the variance of the parameters is than independent scatter would make it: a push that is
  // late delays those behind it. From fits that leave out one stretch of time each.
  double design_effect(double limit, double student) {
    if (stretches() < fewest_stretches) return 1;
    std::vector<std::vector<double>> without;
    for (std::size_t stretch = 0; stretch < stretches(); ++stretch) {
      const std::size_t first = stretch_begins(stretch);
      const std::size_t last = stretch_begins(stretch + 1);
      const auto left = [&, all = residuals(streams_)](std::span<const double> parameters) {
        std::vector<double> values = all(parameters);
        std::fill(values.begin() + static_cast<std::ptrdiff_t>(first), values.begin() + static_cast<std::ptrdiff_t>(last), 0.0);
        return values;
      };
      without.push_back(fit_least_squares(left, best_.parameters, lowest_, std::nullopt, 15).parameters);
    }
    double effect = 1;
    const auto count = static_cast<double>(stretches());
    // What so few stretches say of the variance is uncertain itself.
    const double wider = std::pow(student_quantile(request_.confidence, count - 1) / student, 2);
    for (std::size_t place = 0; place < lowest_.size(); ++place) {
      const ProfileInterval alone = profile(place, streams_, limit);
      if (!alone.low || !alone.high || *alone.low >= *alone.high) continue;
      double mean = 0;
      double squares = 0;
      for (const std::vector<double>& each : without) mean += each[place] / count;
      for (const std::vector<double>& each : without) squares += std::pow(each[place] - mean, 2);
      const double variance = std::pow((*alone.high - *alone.low) / 2 / student, 2);
      effect = std::max(effect, squares * (count - 1) / count / variance * wider);
    }
    return std::min(effect, most_effect);
  }

  FittedValue fitted_streams(double limit) {
    std::int64_t low = streams_;
    std::int64_t high = streams_;
    while (low > 1 && agrees(low - 1, limit)) --low;
    while (high < overlap_ && agrees(high + 1, limit)) ++high;
    FittedValue streams{static_cast<double>(streams_), {static_cast<double>(low), std::nullopt}};
    if (high < overlap_) streams.interval.high = static_cast<double>(high);
    return streams;
  }

  FitResult result() {
    FitResult result;
    const auto count = static_cast<double>(lags_.size());
    const double freedom = std::max(1.0, count - static_cast<double>(lowest_.size()));
    const double variance = std::max(best_.sum_of_squares / freedom, finest * finest);
    const double student = student_quantile(request_.confidence, freedom);
    const double alone = best_.sum_of_squares + variance * student * student;
    const double limit = best_.sum_of_squares + variance * student * student * design_effect(alone, student);
    result.streams = fitted_streams(limit);
    result.stream_window = fitted(window_place, result.streams, limit);
    result.links = links_;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      FittedLink& link = result.links[i];
      link.bandwidth = fitted(first_link_place + i, result.streams, limit);
      link.window_would_do = !link.bandwidth.told() && !result.stream_window.told();
    }
    result.arrivals = lags_.size();
    result.scatter = constant_ * std::sqrt(variance);
    result.relative_scatter = std::sqrt(variance);
    result.start_delay = fitted_delay(result.streams, limit);
    return result;
  }

  // Where latencies vary the last of several messages is later than the mean one, which looks like a longer delay.
  FittedValue fitted_delay(const FittedValue& streams, double limit) {
    FittedValue delay = fitted(delay_place, streams, limit);
    double one_way = 0;
    for (const FittedLink& link : links_) one_way = std::max(one_way, link.round_trip / 2);
    const std::vector<double> lags = predicted(best_.parameters);
    double squares = 0;
    for (std::size_t i = 0; i < lags.size(); ++i) squares += std::pow(lags[i] - lags_[i], 2);
    const double scatter = std::sqrt(squares / static_cast<double>(lags.size()));
    if (delay.interval.low) *delay.interval.low = std::max(0.0, *delay.interval.low - std::min(scatter, one_way));
    return delay;
  }

  const FitRequest& request_;
  std::vector<Destination> destinations_;
  std::vector<FittedLink> links_;
  std::vector<double> lags_;   // of all destinations, one behind another
  std::vector<double> scale_;  // what each residual is divided by
  std::vector<double> lowest_;
  double constant_ = 0;
  double typical_rate_ = 1;  // bytes per second, of the largest push
  std::int64_t overlap_ = 1;
  std::int64_t streams_ = 1;
  LeastSquaresFit best_;
  std::map<std::int64_t, std::vector<LeastSquaresFit>> fits_;  // by number of streams, the best first
  std::map<std::int64_t, std::vector<LeastSquaresFit>> rough_fits_;  // likewise, with the weights before
};

}  // namespace

std::optional<std::string> cannot_fit(const Observations& observations) {
  std::map<std::pair<std::string, std::string>, std::size_t> links;
  for (const ObservedArrival& arrival : observations.arrivals)
    ++links[{observations.pushes[arrival.push].region, arrival.region}];
  const std::size_t wanted = 2 * (first_link_place + links.size());
  if (observations.arrivals.size() < wanted)
    return std::to_string(observations.arrivals.size()) + (observations.arrivals.size() == 1 ? " arrival cannot tell " : " arrivals cannot tell ") +
           std::to_string(first_link_place + 1 + links.size()) + " settings: at least " + std::to_string(wanted) +
           " are needed";
  return std::nullopt;
}

FitResult fit(const Observations& observations, const FitRequest& request) {
  GEOREP_ASSERT(!cannot_fit(observations), "there are enough arrivals");
  return Fit{observations, request}.run();
}

}  // namespace georep
