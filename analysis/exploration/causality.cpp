#include "analysis/exploration/causality.hpp"

#include <algorithm>

namespace georep {

namespace {

// Whether an event did the same in both runs, if those before it did.
bool did_alike(const Trace& a, const Trace& b, EventIndex event) {
  const TraceEvent& one = a.events[event];
  const TraceEvent& other = b.events[event];
  if (one.node != other.node || one.steps != other.steps) return false;
  const TimeNode& node = a.nodes[one.node];
  const TimeNode& other_node = b.nodes[one.node];
  if (node.maker != other_node.maker || node.place != other_node.place || node.base != other_node.base) return false;
  const auto steps = a.steps.begin() + one.first_step;
  return std::equal(steps, steps + one.steps, b.steps.begin() + one.first_step,
                    [](const Step& step, const Step& other_step) {
                      return step.kind == other_step.kind && step.result == other_step.result &&
                             step.value == other_step.value && step.object == other_step.object &&
                             step.later == other_step.later && step.nodes_before == other_step.nodes_before;
                    });
}

}  // namespace

void Causality::add_predecessor(Trace& trace, EventIndex event, EventIndex predecessor,
                                std::uint32_t step) {
  // What was there before the first event, and what the event itself did before, is no race.
  if (predecessor == 0 || predecessor == event) return;
  trace.predecessors.push_back({predecessor, step});
  std::uint64_t* row = &trace.past[event * trace.words];
  const std::uint64_t* before = &trace.past[predecessor * trace.words];
  for (std::size_t word = 0; word < trace.words; ++word) row[word] |= before[word];
  row[predecessor / 64] |= std::uint64_t{1} << (predecessor % 64);
}

// A time that an event uses was read somewhere, so that its origin happened before.
void Causality::check_known(Trace& trace, EventIndex event, NodeIndex node) {
  const EventIndex origin = trace.origin(node);
  if (origin == 0 || origin == event || trace.happened_before(origin, event)) return;
  trace.all_noted = false;
}

EventIndex Causality::compute(Trace& trace, const Trace* like) {
  const std::size_t events = trace.events.size();
  trace.words = (events + 63) / 64;
  trace.past.assign(events * trace.words, 0);
  trace.predecessors.clear();
  trace.first_predecessor.resize(events + 1);
  trace.accesses.clear(trace.steps.size());
  trace.identity = 0;
  trace.all_noted = like == nullptr || like->all_noted;
  const EventIndex alike = like == nullptr ? 0 : take_over_beginning(trace, *like);
  for (EventIndex index = alike; index < events; ++index) compute_event(trace, index);
  trace.first_predecessor[events] = static_cast<std::uint32_t>(trace.predecessors.size());
  return alike;
}

EventIndex Causality::take_over_beginning(Trace& trace, const Trace& like) {
  const std::size_t most = std::min(trace.events.size(), like.events.size());
  std::uint32_t steps = 0;
  EventIndex index = 0;
  for (; index < most && did_alike(trace, like, index); ++index) {
    TraceEvent& event = trace.events[index];
    event.identity = like.events[index].identity;
    event.in_a_set = like.events[index].in_a_set;
    event.known_as = like.events[index].known_as;
    trace.identity += event.in_a_set;
    std::copy_n(&like.past[index * like.words], (index + 63) / 64, &trace.past[index * trace.words]);
    for (; steps < event.first_step + event.steps; ++steps)
      trace.steps[steps].identity_before = like.steps[steps].identity_before;
  }
  trace.accesses.take_over(like.accesses, steps);
  trace.predecessors.assign(like.predecessors.begin(), like.predecessors.begin() + like.first_predecessor[index]);
  std::copy_n(like.first_predecessor.begin(), index, trace.first_predecessor.begin());
  return index;
}

void Causality::compute_event(Trace& trace, EventIndex index) {
  TraceEvent& event = trace.events[index];
  trace.first_predecessor[index] = static_cast<std::uint32_t>(trace.predecessors.size());
  std::uint64_t identity = 1;
  if (index > 0) {
    const TimeNode& node = trace.nodes[event.node];
    add_predecessor(trace, index, node.maker, Predecessor::cause);
    check_known(trace, index, node.base);
    identity = identity_of_child(trace.events[node.maker].identity, node.place);
  }
  for (std::uint32_t place = event.first_step; place < event.first_step + event.steps; ++place) {
    trace.steps[place].identity_before = identity;
    identity = after_step(trace, index, place, identity);
  }
  event.identity = identity;
  event.in_a_set = in_a_set(identity);
  trace.identity += event.in_a_set;
}

// The identity of an event after one more step.
std::uint64_t Causality::after_step(Trace& trace, EventIndex index, std::uint32_t place, std::uint64_t identity) {
  const Step& step = trace.steps[place];
  switch (step.kind) {
    case StepKind::comparison:
      check_known(trace, index, step.earlier);
      check_known(trace, index, step.later);
      return after_comparison(identity, step.result);
    case StepKind::withdrawal: {
      const TimeNode& withdrawn = trace.nodes[step.later];
      add_predecessor(trace, index, withdrawn.maker, place);
      return after_withdrawal(identity,
                              identity_of_child(trace.events[withdrawn.maker].identity, withdrawn.place));
    }
    case StepKind::choice:
      return after_choice(identity, step.value);
    case StepKind::read:
    case StepKind::write:
      break;
  }
  const bool write = step.kind == StepKind::write;
  std::uint64_t sum = 0;
  trace.accesses.visit_direct(
      trace.accesses.last(step.object_number), write, [index](EventIndex other) { return other != index; },
      [&](EventIndex other) {
        add_predecessor(trace, index, other, place);
        sum += trace.events[other].in_a_set;
      });
  trace.accesses.add(step.object_number, index, place, write);
  return after_access(identity, step.object, write, sum);
}

// What follows from an event: those that waited for it, and what follows from these.
void Causality::look_ahead(Trace& trace) {
  const std::size_t words = trace.words;
  trace.future.assign(trace.events.size() * words, 0);
  for (auto event = static_cast<EventIndex>(trace.events.size()); event-- > 1;) {
    const std::uint64_t* after = &trace.future[event * words];
    for (std::uint32_t i = trace.first_predecessor[event]; i < trace.first_predecessor[event + 1]; ++i) {
      std::uint64_t* row = &trace.future[trace.predecessors[i].event * words];
      for (std::size_t word = 0; word < words; ++word) row[word] |= after[word];
      row[event / 64] |= std::uint64_t{1} << (event % 64);
    }
  }
}

}  // namespace georep
