#include "models/workload/arrivals.hpp"

#include <algorithm>

#include "sim/kernel/elementary.hpp"

namespace georep {

Arrivals::Arrivals(const ArrivalsSpec& spec, std::uint64_t name, Duration from)
    : spec_{spec}, name_{name}, last_{Instant::at(from)} {}

Duration Arrivals::gap(double per_second, const Chance& chance) {
  Draw draw = chance.draw(name_, Purpose::arrival, drawn_++);
  return Duration::from_seconds(draw.exponential(1 / per_second));
}

// Thinning: arrivals at the rate of the peak, each kept with the share that the hour has of that rate.
// Source: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research Logistics 26 (1979).
Instant Arrivals::next_of_day(const DiurnalArrivals& day, const Chance& chance) {
  const double swing = day.swing.value;
  const double most = day.mean.per_second * (1 + swing);
  while (true) {
    Draw draw = chance.draw(name_, Purpose::arrival, drawn_++);
    last_ = last_ + Duration::from_seconds(draw.exponential(1 / most));
    const double turns = (last_.since_start() - day.peak).seconds() / (1_d).seconds();
    const double rate = day.mean.per_second * (1 + swing * elementary::cos_of_turns(turns));
    if (draw.uniform() * most < rate) return last_;
  }
}

std::optional<Instant> Arrivals::next(const Chance& chance) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&spec_)) {
    last_ = last_ + gap(poisson->rate.per_second, chance);
  } else if (const auto* periodic = std::get_if<PeriodicArrivals>(&spec_)) {
    if (!first_) last_ = last_ + periodic->every;
  } else if (const auto* day = std::get_if<DiurnalArrivals>(&spec_)) {
    return next_of_day(*day, chance);
  } else {
    const auto& times = std::get<EmpiricalArrivals>(spec_).times;
    if (times == nullptr || drawn_ >= times->size()) return std::nullopt;
    const Duration after_last =
        drawn_ == 0 ? times->front() : (*times)[drawn_] - (*times)[drawn_ - 1];
    last_ = last_ + std::max(after_last, Duration{});
    ++drawn_;
  }
  first_ = false;
  return last_;
}

}  // namespace georep
