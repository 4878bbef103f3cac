#include "analysis/exploration/causality.hpp"

#include <algorithm>

namespace georep {

void AccessHistory::clear(std::size_t expected_objects) {
  std::size_t size = 64;
  while (size < expected_objects * 2) size *= 2;
  if (slots_.size() < size) slots_.resize(size);
  std::fill(slots_.begin(), slots_.end(), Slot{});
  used_ = 0;
  entries_.assign(1, Entry{});
  by_step_.clear();
}

std::size_t AccessHistory::slot(std::uint64_t object) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t place = mix_identity(object, 0) & mask;
  while (slots_[place].object != 0 && slots_[place].object != object) place = (place + 1) & mask;
  return place;
}

std::uint32_t AccessHistory::last(std::uint64_t object) const { return slots_[slot(object)].last; }

void AccessHistory::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& entry : old)
    if (entry.object != 0) slots_[slot(entry.object)] = entry;
}

void AccessHistory::add(std::uint64_t object, EventIndex event, std::uint32_t step, bool write) {
  std::size_t place = slot(object);
  if (slots_[place].object == 0) {
    if (++used_ * 2 > slots_.size()) {
      grow();
      place = slot(object);
    }
    slots_[place].object = object;
  }
  if (step >= by_step_.size()) by_step_.resize(step + 1);
  by_step_[step] = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({event, step, write, slots_[place].last});
  slots_[place].last = by_step_[step];
}

void AccessHistory::rebuild(const Trace& trace) {
  clear(trace.steps.size());
  for (EventIndex event = 0; event < trace.events.size(); ++event) {
    const TraceEvent& entry = trace.events[event];
    for (std::uint32_t place = entry.first_step; place < entry.first_step + entry.steps; ++place) {
      const Step& step = trace.steps[place];
      if (step.kind == StepKind::read || step.kind == StepKind::write)
        add(step.object, event, place, step.kind == StepKind::write);
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
  trace.future.assign(events * trace.words, 0);
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
              history_.last(step.object), write, [index](EventIndex other) { return other != index; },
              [&](EventIndex other) {
                add_predecessor(trace, index, other, place);
                sum += in_a_set(trace.events[other].identity);
              });
          identity = after_access(identity, step.object, write, sum);
          history_.add(step.object, index, place, write);
          break;
        }
      }
    }
    event.identity = identity;
    trace.identity += in_a_set(identity);
  }
  trace.first_predecessor[events] = static_cast<std::uint32_t>(trace.predecessors.size());
  for (EventIndex index = 1; index < events; ++index) {
    const std::uint64_t* row = &trace.past[index * trace.words];
    for (std::size_t word = 0; word < trace.words; ++word)
      for (std::uint64_t rest = row[word]; rest != 0; rest &= rest - 1) {
        const std::size_t earlier = word * 64 + static_cast<std::size_t>(__builtin_ctzll(rest));
        trace.future[earlier * trace.words + index / 64] |= std::uint64_t{1} << (index % 64);
      }
  }
}

}  // namespace georep
