#include "analysis/races/sampling.hpp"

#include <algorithm>

namespace georep {

namespace {

constexpr std::uint64_t search_name = name_hash("search");

/// The nominal value, or what is nearest to it in a range that leaves it out.
Duration ordinary(Duration nominal, Freedom::Range range) { return std::clamp(nominal, range.least, range.most); }

/// The ends of a range, the nominal value and anything between, alike.
Duration somewhere(Draw& draw, Duration nominal, Freedom::Range range) {
  if (range.least == range.most) return range.least;
  switch (draw.uniform_below(4)) {
    case 0: return ordinary(nominal, range);
    case 1: return range.least;
    case 2: return range.most;
    default: break;
  }
  const auto width = static_cast<std::uint64_t>((range.most - range.least).count());
  return range.least +
         Duration::nanoseconds(static_cast<std::int64_t>(draw.uniform_below(width + 1)));
}

}  // namespace

// ---- At random -------------------------------------------------------------------------------------------------------

RandomDecisions::RandomDecisions(std::uint64_t seed, std::uint64_t run, const Freedom& freedom)
    : draw_{Chance{seed, run}.draw(search_name, Purpose::search, 0)},
      kinds_{draw_.uniform_below(4) == 0 ? ~std::uint64_t{0} : draw_.next_u64()},
      faults_{freedom.most_choices()} {}

std::size_t RandomDecisions::event(std::span<const EventName> candidates) {
  return uses(ChoiceKind::tie) ? draw_.uniform_below(candidates.size()) : 0;
}

std::uint32_t RandomDecisions::value(std::uint64_t, ChoiceKind kind, std::uint32_t count) {
  if (!uses(kind) || draw_.uniform_below(4) != 0) return 0;
  return faults_.limit(static_cast<std::uint32_t>(draw_.uniform_below(count)));
}

Duration RandomDecisions::delay(std::uint64_t, ChoiceKind kind, Duration nominal,
                                Freedom::Range range) {
  return uses(kind) ? somewhere(draw_, nominal, range) : ordinary(nominal, range);
}

// ---- By priorities ---------------------------------------------------------------------------------------------------

PriorityDecisions::PriorityDecisions(std::uint64_t seed, std::uint64_t run, const Freedom& freedom,
                                     EventNames& names, std::uint32_t depth,
                                     std::uint64_t decisions)
    : draw_{Chance{seed, run}.draw(search_name, Purpose::search, 1)},
      names_{names},
      faults_{freedom.most_choices()} {
  for (std::uint32_t i = 1; i < depth; ++i)
    changes_.push_back(draw_.uniform_below(std::max<std::uint64_t>(1, decisions)));
}

// Whether this decision, the next of the run, is one of those that change something.
bool PriorityDecisions::changes() {
  return std::find(changes_.begin(), changes_.end(), decisions_++) != changes_.end();
}

// An event that is the first which its cause scheduled goes on with the chain of its cause.
EventName PriorityDecisions::chain(EventName event) const {
  while (event != 0 && names_.place(event) == 0 && names_.cause(event) != 0)
    event = names_.cause(event);
  return event;
}

double& PriorityDecisions::priority(EventName chain) {
  const auto [entry, added] = priorities_.try_emplace(chain, 0);
  if (added) entry->second = draw_.uniform();
  return entry->second;
}

std::size_t PriorityDecisions::event(std::span<const EventName> candidates) {
  const auto first = [&] {
    std::size_t best = 0;
    for (std::size_t i = 1; i < candidates.size(); ++i)
      if (priority(chain(candidates[i])) > priority(chain(candidates[best]))) best = i;
    return best;
  };
  if (changes()) priority(chain(candidates[first()])) = lowest_ -= 1;
  return first();
}

std::uint32_t PriorityDecisions::value(std::uint64_t, ChoiceKind, std::uint32_t count) {
  return changes() ? faults_.limit(1 + static_cast<std::uint32_t>(draw_.uniform_below(count - 1))) : 0;
}

Duration PriorityDecisions::delay(std::uint64_t, ChoiceKind, Duration nominal,
                                  Freedom::Range range) {
  if (range.least == range.most) return range.least;
  return changes() ? somewhere(draw_, nominal, range) : ordinary(nominal, range);
}

// ---- By a few deviations ---------------------------------------------------------------------------------------------

std::uint32_t DeviatingDecisions::next(std::uint32_t alternatives) {
  const auto decision = static_cast<std::uint32_t>(alternatives_.size());
  alternatives_.push_back(alternatives);
  for (const Deviation& deviation : deviations_)
    if (deviation.decision == decision) return std::min(deviation.alternative, alternatives);
  return 0;
}

std::size_t DeviatingDecisions::event(std::span<const EventName> candidates) {
  return next(static_cast<std::uint32_t>(candidates.size() - 1));
}

std::uint32_t DeviatingDecisions::value(std::uint64_t, ChoiceKind, std::uint32_t count) {
  return faults_.limit(next(count - 1));
}

// The ends of the range, and points between; many where a client may act at any time.
Duration DeviatingDecisions::delay(std::uint64_t, ChoiceKind kind, Duration nominal,
                                   Freedom::Range range) {
  if (range.least == range.most) return range.least;
  const std::uint32_t points = kind == ChoiceKind::client_start ? 32 : 4;
  const std::uint32_t alternative = next(points + 1);
  if (alternative == 0) return ordinary(nominal, range);
  const std::int64_t width = (range.most - range.least).count();
  return range.least + Duration::nanoseconds(width / points * (alternative - 1));
}

}  // namespace georep
