#include "analysis/exploration/causality.hpp"

#include <algorithm>

namespace georep {

void AccessHistory::clear(std::size_t steps) {
  for (const std::uint32_t object : objects_) last_[object] = 0;
  objects_.clear();
  entries_.resize(steps + 1);
  entries_[0] = Entry{};
}

void AccessHistory::rebuild(const Trace& trace) {
  clear(trace.steps.size());
  for (EventIndex event = 0; event < trace.events.size(); ++event) {
    const TraceEvent& entry = trace.events[event];
    for (std::uint32_t place = entry.first_step; place < entry.first_step + entry.steps; ++place) {
      const Step& step = trace.steps[place];
      if (step.kind == StepKind::read || step.kind == StepKind::write)
        add(step.object_number, event, place, step.kind == StepKind::write);
    }
  }
}

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

void Causality::compute(Trace& trace) {
  const std::size_t events = trace.events.size();
  trace.words = (events + 63) / 64;
  trace.past.assign(events * trace.words, 0);
  trace.predecessors.clear();
  trace.first_predecessor.assign(events + 1, 0);
  trace.identity = 0;
  trace.all_noted = true;
  trace.events[0].identity = 1;
  history_.clear(trace.steps.size());
  for (EventIndex index = 0; index < events; ++index) {
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
      Step& step = trace.steps[place];
      step.identity_before = identity;
      switch (step.kind) {
        case StepKind::comparison:
          check_known(trace, index, step.earlier);
          check_known(trace, index, step.later);
          identity = after_comparison(identity, step.result);
          break;
        case StepKind::withdrawal: {
          const TimeNode& withdrawn = trace.nodes[step.later];
          add_predecessor(trace, index, withdrawn.maker, place);
          identity = after_withdrawal(
              identity, identity_of_child(trace.events[withdrawn.maker].identity, withdrawn.place));
          break;
        }
        case StepKind::choice:
          identity = after_choice(identity, step.value);
          break;
        case StepKind::read:
        case StepKind::write: {
          const bool write = step.kind == StepKind::write;
          std::uint64_t sum = 0;
          history_.visit_direct(
              history_.last(step.object_number), write, [index](EventIndex other) { return other != index; },
              [&](EventIndex other) {
                add_predecessor(trace, index, other, place);
                sum += trace.events[other].in_a_set;
              });
          identity = after_access(identity, step.object, write, sum);
          history_.add(step.object_number, index, place, write);
          break;
        }
      }
    }
    event.identity = identity;
    event.in_a_set = in_a_set(identity);
    trace.identity += event.in_a_set;
  }
  trace.first_predecessor[events] = static_cast<std::uint32_t>(trace.predecessors.size());
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
