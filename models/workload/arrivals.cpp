#include "models/workload/arrivals.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/elementary.hpp"

namespace georep {

Arrivals::Arrivals(const ArrivalsSpec& spec, std::uint64_t name, Duration from)
    : spec_{spec}, name_{name}, last_{Instant::at(from)} {}

namespace {
Duration exponential_gap(double per_second, Draw& draw) {
  constexpr double longest = 9.2e9;  // seconds that a duration can hold
  const double seconds = draw.exponential(1 / per_second);
  return seconds < longest ? Duration::from_seconds(seconds) : Duration::max();
}
}  // namespace

std::optional<Instant> Arrivals::after_last(Duration gap) {
  if (gap >= Instant::never() - last_) return std::nullopt;
  last_ = last_ + gap;
  return last_;
}

// Thinning: arrivals at the rate of the peak, each kept with the share that the hour has of that rate.
// Source: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research Logistics 26 (1979).
std::optional<Instant> Arrivals::next_of_day(const DiurnalArrivals& day, const Chance& chance) {
  const double swing = day.swing.value;
  const double most = day.mean.per_second * (1 + swing);
  while (true) {
    Draw draw = chance.draw(name_, Purpose::arrival, drawn_++);
    if (!after_last(exponential_gap(most, draw))) return std::nullopt;
    const double turns = (last_.since_start() - day.peak).seconds() / (1_d).seconds();
    const double rate = day.mean.per_second * (1 + swing * elementary::cos_of_turns(turns));
    if (draw.uniform() * most < rate) return last_;
  }
}

std::optional<Instant> Arrivals::next(const Chance& chance) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&spec_)) {
    Draw draw = chance.draw(name_, Purpose::arrival, drawn_++);
    return after_last(exponential_gap(poisson->rate.per_second, draw));
  }
  if (const auto* periodic = std::get_if<PeriodicArrivals>(&spec_))
    return after_last(std::exchange(first_, false) ? Duration{} : periodic->every);
  if (const auto* day = std::get_if<DiurnalArrivals>(&spec_)) return next_of_day(*day, chance);
  const auto& times = std::get<EmpiricalArrivals>(spec_).times;
  if (times == nullptr || drawn_ >= times->size()) return std::nullopt;
  const Duration gap = drawn_ == 0 ? times->front() : (*times)[drawn_] - (*times)[drawn_ - 1];
  ++drawn_;
  return after_last(std::max(gap, Duration{}));
}

}  // namespace georep
