#include "analysis/races/shrink.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace georep {

namespace {

class Shrinking {
 public:
  Shrinking(ScheduleRunner& runner, const Violation& violation, const std::function<bool()>& goes_on)
      : runner_{runner}, violation_{violation}, goes_on_{goes_on} {}

  Schedule shrink(const Schedule& found) {
    best_ = found;
    accept(found);
    for (std::size_t before = best_.deviations() + 1; before > best_.deviations();) {
      before = best_.deviations();
      drop_chunks();
      drop_shifted();
      gather();
      for (std::size_t i = 0; i < best_.delays.size(); ++i) move_to_nominal(i);
    }
    for (std::size_t i = 0; i < best_.delays.size(); ++i) round(i);
    return best_;
  }

 private:
  // Takes over what the schedule came to, if it still violates and is no longer than the best so far.
  bool accept(const Schedule& candidate) {
    if (!goes_on_()) return false;
    ScheduleRunner::Ran ran = runner_.run(candidate);
    if (!ScheduleRunner::find(*ran.violations, violation_)) return false;
    if (ran.schedule.deviations() > std::min(best_.deviations(), candidate.deviations())) return false;
    best_ = std::move(ran.schedule);
    return true;
  }

  static Schedule without(const Schedule& schedule, std::size_t first, std::size_t count) {
    Schedule result;
    std::size_t place = 0;
    const auto kept = [&] { return place < first || place >= first + count; };
    for (const auto& turn : schedule.turns) {
      if (kept()) result.turns.push_back(turn);
      ++place;
    }
    for (const auto& delay : schedule.delays) {
      if (kept()) result.delays.push_back(delay);
      ++place;
    }
    for (const auto& value : schedule.values) {
      if (kept()) result.values.push_back(value);
      ++place;
    }
    return result;
  }

  // Where a client may begin when it likes, it may have to begin at another time once something else is as usual.
  bool accept_shifted(const Schedule& candidate) {
    constexpr std::int64_t points = 24;
    for (std::size_t i = 0; i < candidate.delays.size(); ++i) {
      const Schedule::Delay& delay = candidate.delays[i];
      if (delay.kind != ChoiceKind::client_start) continue;
      const Freedom::Range range = range_of(delay);
      const std::int64_t width = (range.most - range.least).count();
      Schedule shifted = candidate;
      for (std::int64_t point = 0; point <= points; ++point) {
        shifted.delays[i].length = range.least + Duration::nanoseconds(width / points * point);
        if (accept(shifted)) return true;
      }
    }
    return false;
  }

  void drop_shifted() {
    for (std::size_t i = 0; i < best_.deviations();)
      if (!accept_shifted(without(best_, i, 1))) ++i;
  }

  void drop_chunks() {
    for (std::size_t chunk = std::max<std::size_t>(1, best_.deviations() / 2); chunk > 0; chunk /= 2)
      for (std::size_t first = 0; first < best_.deviations();)
        if (!accept(without(best_, first, chunk))) first += chunk;
  }

  // Where many delays differ by a little, a few that differ by as much as they may will often do.
  void gather() {
    const Schedule scattered = best_;
    for (std::size_t i = 0; i < best_.delays.size(); ++i) stretch(i);
    drop_chunks();
    if (best_.deviations() == scattered.deviations()) best_ = scattered;
  }

  // As far from the nominal delay as it may be, on the side where it is. When a client begins is no such delay: it has to fit to all else.
  void stretch(std::size_t delay) {
    const Schedule::Delay& now = best_.delays[delay];
    if (now.kind == ChoiceKind::client_start) return;
    const Freedom::Range range = range_of(now);
    try_length(delay, (now.length > now.nominal ? range.most : range.least).count());
  }

  bool try_length(std::size_t delay, std::int64_t length) {
    if (delay >= best_.delays.size()) return false;
    Schedule candidate = best_;
    candidate.delays[delay].length = Duration::nanoseconds(length);
    return accept(candidate);
  }

  Freedom::Range range_of(const Schedule::Delay& delay) const {
    return runner_.freedom().delay(delay.site, delay.kind, delay.nominal);
  }

  // The least difference from the nominal delay that still violates, to a microsecond.
  void move_to_nominal(std::size_t delay) {
    const Freedom::Range range = range_of(best_.delays[delay]);
    const Duration nominal = best_.delays[delay].nominal;
    const Duration nearest = std::clamp(nominal, range.least, range.most);
    // Without its deviation the schedule does not violate; where the range leaves the nominal delay out, its end may.
    if (nearest != nominal && try_length(delay, nearest.count())) return;
    std::int64_t fails = nearest.count();
    while (delay < best_.delays.size()) {
      const std::int64_t holds = best_.delays[delay].length.count();
      if (std::abs(holds - fails) <= 1'000) break;
      const std::int64_t middle = fails + (holds - fails) / 2;
      if (!try_length(delay, middle)) fails = middle;
    }
  }

  // A rounder figure further from the nominal one, by no more than a tenth of what there is between them.
  void round(std::size_t delay) {
    const Freedom::Range range = range_of(best_.delays[delay]);
    const std::int64_t length = best_.delays[delay].length.count();
    const std::int64_t nominal = best_.delays[delay].nominal.count();
    const std::int64_t most = std::abs(length - nominal) / 10;
    std::int64_t unit = 10'000;
    while (unit <= length) unit *= 10;
    for (; unit >= 10'000; unit /= 10) {
      const std::int64_t down = length / unit * unit;
      const std::int64_t rounded = length > nominal && down != length ? down + unit : down;
      if (rounded == length) return;
      if (std::abs(rounded - length) > most || rounded < range.least.count() || rounded > range.most.count()) continue;
      if (try_length(delay, rounded)) return;
    }
  }

  ScheduleRunner& runner_;
  Violation violation_;
  const std::function<bool()>& goes_on_;
  Schedule best_;
};

}  // namespace

Schedule shrink(ScheduleRunner& runner, const Schedule& found, const Violation& violation,
                const std::function<bool()>& goes_on) {
  return Shrinking{runner, violation, goes_on}.shrink(found);
}

}  // namespace georep
