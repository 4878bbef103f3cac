#include "analysis/explanation/recorded_run.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "analysis/exploration/causality.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

// The models' things that an outcome can hang on, those first that people know best.
constexpr std::array telling{
    shared::Kind::tag,         shared::Kind::cached_tag, shared::Kind::blob,          shared::Kind::manifest,
    shared::Kind::kept_answer, shared::Kind::dns_record, shared::Kind::health,        shared::Kind::cached_manifest,
    shared::Kind::host_store,  shared::Kind::clock,      shared::Kind::request_limit, shared::Kind::parent_cached_tag,
    shared::Kind::parent_cached_manifest,
};

shared::Kind kind_of(std::uint64_t object) { return static_cast<shared::Kind>(object >> 56); }

std::size_t rank_of(std::uint64_t object) {
  return static_cast<std::size_t>(std::find(telling.begin(), telling.end(), kind_of(object)) - telling.begin());
}

// Not what is noted for observers alone, or only counts commits.
bool is_of_models(std::uint64_t object) {
  const auto kind = kind_of(object);
  const bool parent_cached = kind == shared::Kind::parent_cached_tag || kind == shared::Kind::parent_cached_manifest;
  return kind != shared::Kind::commits && (kind <= shared::Kind::kept_answer || parent_cached || object >> 60 == 0xF);
}

std::string text_of_object(const World& world, std::uint64_t object) {
  const auto owner = static_cast<RegionId>(object >> 40 & 0xFFFF);
  const std::uint64_t id = object & 0xFF'FFFF'FFFFULL;
  const std::string region = owner == RegionId::none ? "the shared cache" : world.plan().region_name(owner);
  switch (kind_of(object)) {
    case shared::Kind::tag: return fmt::format("the tag {} in {}", world.names().text(static_cast<TagId>(id)), region);
    case shared::Kind::cached_tag:
      return fmt::format("the cached answer for {} in {}", world.names().text(static_cast<TagId>(id)), region);
    case shared::Kind::blob:
      return fmt::format("the blob {}… in {}",
                         world.content().blob(static_cast<BlobId>(id)).digest.text().substr(0, 15), region);
    case shared::Kind::manifest: return "a manifest in " + region;
    case shared::Kind::cached_manifest: return "a cached manifest in " + region;
    case shared::Kind::parent_cached_tag:
      return fmt::format("the answer for {} in the parent cache of {}", world.names().text(static_cast<TagId>(id)), region);
    case shared::Kind::parent_cached_manifest: return "a manifest in the parent cache of " + region;
    case shared::Kind::kept_answer: return "the answer of routing that a host keeps";
    case shared::Kind::dns_record: return "whether routing answers with " + region;
    case shared::Kind::health: return "whether " + region + " answers";
    case shared::Kind::host_store: return "the layers that a host keeps";
    case shared::Kind::clock: return "the clock of " + region;
    case shared::Kind::request_limit: return "the limit of requests in " + region;
    default: return "";
  }
}

// How an event touched a thing; nothing where it did not.
std::optional<Access> access_of(const Trace& trace, EventIndex event, std::uint64_t object) {
  std::optional<Access> found;
  const TraceEvent& entry = trace.events[event];
  for (std::uint32_t place = entry.first_step; place < entry.first_step + entry.steps; ++place) {
    const Step& step = trace.steps[place];
    if (step.object != object) continue;
    if (step.kind == StepKind::write) return Access::write;
    if (step.kind == StepKind::read) found = Access::read;
  }
  return found;
}

std::string_view verb(std::optional<Access> access) { return access == Access::write ? "changes" : "reads"; }

// Event, what it does.
struct Pair {
  EventIndex first;
  EventIndex then;
  std::uint64_t object;
};

}  // namespace

RecordedRun::RecordedRun(Trace recorded, std::vector<Happening> told, const World& of)
    : trace{std::move(recorded)}, happenings{std::move(told)}, world{of} {
  has_causes = !trace.events.empty() && trace.events.size() <= most_events;
  if (has_causes) Causality::compute(trace);
  for (EventIndex event = 1; event < trace.events.size(); ++event)
    by_name_.emplace(trace.nodes[trace.events[event].node].name, event);
  for (std::size_t i = 0; i < happenings.size(); ++i) told_in_[happenings[i].event].push_back(i);
}

std::optional<EventIndex> RecordedRun::find(EventName name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional{found->second};
}

Instant RecordedRun::at(EventIndex event) const {
  return Instant::at(Duration::nanoseconds(trace.nodes[trace.events[event].node].at));
}

std::optional<Instant> RecordedRun::time_of(EventName name) const {
  const auto event = find(name);
  return event ? std::optional{at(*event)} : std::nullopt;
}

EventSet RecordedRun::past_of(const std::vector<EventIndex>& roots, bool observed) const {
  EventSet past{trace.events.size()};
  std::vector<EventIndex> open = roots;
  for (const EventIndex root : roots) past.insert(root);
  while (!open.empty()) {
    const EventIndex event = open.back();
    open.pop_back();
    for (std::uint32_t i = trace.first_predecessor[event]; i < trace.first_predecessor[event + 1]; ++i) {
      const Predecessor& predecessor = trace.predecessors[i];
      const bool counts = observed || !predecessor.reversible() || is_of_models(trace.steps[predecessor.step].object);
      if (!counts || past.contains(predecessor.event)) continue;
      past.insert(predecessor.event);
      open.push_back(predecessor.event);
    }
  }
  return past;
}

// Transfers that share a link end in events of one another.
std::optional<std::string> RecordedRun::copy_to(RegionId region, EventIndex last) const {
  std::optional<std::string> latest;
  for (const Happening& happening : happenings)
    if (happening.kind == HappeningKind::replication_began && happening.replica == region && happening.event <= last)
      latest = happening.actor;
  return latest;
}

std::string RecordedRun::actor(EventIndex event, RegionId region) const {
  const EventIndex last = event;
  for (;; event = trace.cause(event)) {
    if (const auto told = told_in_.find(event); told != told_in_.end())
      for (auto place = told->second.rbegin(); place != told->second.rend(); ++place) {
        const Happening& happening = happenings[*place];
        if (happening.actor.empty()) continue;
        const bool elsewhere = region != RegionId::none && happening.kind == HappeningKind::replication_began &&
                               happening.replica != region;
        return elsewhere ? copy_to(region, last).value_or(happening.actor) : happening.actor;
      }
    if (event == 0) return "the timeline";
  }
}

std::string RecordedRun::name_of_delay(NodeIndex index) const {
  const TimeNode& node = trace.nodes[index];
  switch (node.kind) {
    case ChoiceKind::client_start:
      for (const TimelineEntry& entry : world.plan().spec.timeline)
        if (!entry.as.empty() && name_hash(entry.as) == node.site) return entry.as;
      return "an entry of the timeline";
    case ChoiceKind::start_delay:
      // The copying itself begins behind the delay.
      for (const Happening& happening : happenings)
        if (happening.kind == HappeningKind::replication_began &&
            trace.nodes[trace.events[happening.event].node].base == index)
          return happening.actor;
      return "a replication";
    case ChoiceKind::storage: return "an access to storage for " + actor(node.maker);
    case ChoiceKind::bandwidth: return "a transfer for " + actor(node.maker);
    case ChoiceKind::latency: return "a message for " + actor(node.maker);
    case ChoiceKind::tie:
    case ChoiceKind::fault:
    case ChoiceKind::sharing: break;
  }
  return "a delay";
}

std::optional<ReversedPair> reversed_pair(const RecordedRun& before, const RecordedRun& after) {
  if (!before.has_causes || !after.has_causes) return std::nullopt;
  std::optional<Pair> best;
  const Trace& trace = before.trace;
  for (EventIndex then = 1; then < trace.events.size(); ++then) {
    const auto then_after = after.find(trace.nodes[trace.events[then].node].name);
    if (!then_after) continue;
    for (std::uint32_t i = trace.first_predecessor[then]; i < trace.first_predecessor[then + 1]; ++i) {
      const Predecessor& predecessor = trace.predecessors[i];
      if (!predecessor.reversible() || predecessor.event == 0) continue;
      const std::uint64_t object = trace.steps[predecessor.step].object;
      if (rank_of(object) == telling.size()) continue;
      const auto first_after = after.find(trace.nodes[trace.events[predecessor.event].node].name);
      if (!first_after || *first_after < *then_after) continue;
      if (!access_of(after.trace, *first_after, object) || !access_of(after.trace, *then_after, object)) continue;
      if (!best || rank_of(object) < rank_of(best->object)) best = Pair{predecessor.event, then, object};
    }
  }
  if (!best) return std::nullopt;
  const auto does = [&](EventIndex event) {
    const auto region = static_cast<RegionId>(best->object >> 40 & 0xFFFF);
    return fmt::format("{} {} it", before.actor(event, region), verb(access_of(trace, event, best->object)));
  };
  ReversedPair pair;
  pair.object = text_of_object(before.world, best->object);
  pair.first = does(best->first);
  pair.then = does(best->then);
  pair.first_name = trace.nodes[trace.events[best->first].node].name;
  pair.then_name = trace.nodes[trace.events[best->then].node].name;
  pair.first_at = before.at(best->first);
  pair.then_at = before.at(best->then);
  return pair;
}

std::string changed_comparison(const RecordedRun& before, const RecordedRun& after) {
  for (EventIndex event = 1; event < before.trace.events.size(); ++event) {
    const TraceEvent& entry = before.trace.events[event];
    const auto other = after.find(before.trace.nodes[entry.node].name);
    if (!other) continue;
    const TraceEvent& other_entry = after.trace.events[*other];
    std::uint64_t touched = 0;
    for (std::uint32_t i = 0; i < std::min(entry.steps, other_entry.steps); ++i) {
      const Step& step = before.trace.steps[entry.first_step + i];
      const Step& other_step = after.trace.steps[other_entry.first_step + i];
      if (step.kind != other_step.kind) break;
      if ((step.kind == StepKind::read || step.kind == StepKind::write) && rank_of(step.object) < telling.size())
        touched = step.object;
      if (step.kind != StepKind::comparison || step.result == other_step.result) continue;
      if (touched == 0) return fmt::format("a moment that {} comes before or after", before.actor(event));
      return fmt::format("the age of {}, as {} finds it", text_of_object(before.world, touched), before.actor(event));
    }
  }
  return {};
}

}  // namespace georep
