#include "analysis/races/uncertainty.hpp"

#include <algorithm>

#include "models/facts/choice_sites.hpp"

namespace georep {

namespace {

Freedom::Range share_of(Ratio share, Duration nominal) {
  const auto scaled = [nominal](double factor) {
    return Duration::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(nominal.count()) * factor));
  };
  return {std::max(Duration{}, scaled(1 - share.value)), scaled(1 + share.value)};
}

// The nominal delay is possible even where the range leaves it out: an ordinary run has it.
Freedom::Range spread(const std::optional<DelaySpread>& given, Duration nominal) {
  if (!given) return {nominal, nominal};
  if (const auto* share = std::get_if<Ratio>(&*given)) return share_of(*share, nominal);
  const DurationRange& range = std::get<DurationRange>(*given);
  return {range[0], range[1]};
}

bool is_one_of(const std::vector<UncertainFault>& faults, UncertainFault fault) {
  return std::find(faults.begin(), faults.end(), fault) != faults.end();
}

UncertainFault fault_of(FaultSite site) {
  switch (site) {
    case FaultSite::duplicate_delivery: return UncertainFault::duplicate_delivery;
    case FaultSite::reordered_delivery: return UncertainFault::reordered_delivery;
    case FaultSite::replication_crash: return UncertainFault::replication_crash;
    case FaultSite::lost_webhook: return UncertainFault::lost_webhook;
    case FaultSite::lost_invalidation: return UncertainFault::lost_invalidation;
  }
  return UncertainFault::duplicate_delivery;
}

}  // namespace

UncertaintyFreedom::UncertaintyFreedom(const UncertaintySpec& spec) : spec_{spec} {
  for (const UncertainTime& time : spec.at) at_.emplace_back(name_hash(time.name), time.range);
}

Freedom::Range UncertaintyFreedom::delay(std::uint64_t site, ChoiceKind kind,
                                         Duration nominal) const {
  switch (kind) {
    case ChoiceKind::latency: return spread(spec_.latency, nominal);
    case ChoiceKind::storage: return spread(spec_.storage, nominal);
    case ChoiceKind::start_delay: return spread(spec_.start_delay, nominal);
    case ChoiceKind::bandwidth:
      return spec_.bandwidth ? share_of(*spec_.bandwidth, nominal) : Range{nominal, nominal};
    case ChoiceKind::client_start:
      for (const auto& [name, range] : at_)
        if (name == site) return {range[0], range[1]};
      break;
    case ChoiceKind::sharing: return {Duration{}, nominal};
    case ChoiceKind::tie:
    case ChoiceKind::fault: break;
  }
  return {nominal, nominal};
}

std::uint32_t UncertaintyFreedom::values(std::uint64_t site, ChoiceKind kind,
                                         std::uint32_t count) const {
  if (kind != ChoiceKind::fault || !spec_.faults || spec_.faults->at_most == 0) return 1;
  return is_one_of(spec_.faults->of, fault_of(fault_at(site))) ? count : 1;
}

std::uint32_t UncertaintyFreedom::most_choices() const {
  return spec_.faults ? static_cast<std::uint32_t>(std::min<std::int64_t>(spec_.faults->at_most, 0xFFFF'FFFE)) : 0;
}

}  // namespace georep
