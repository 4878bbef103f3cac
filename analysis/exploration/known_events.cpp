#include "analysis/exploration/known_events.hpp"

#include <algorithm>

namespace georep {

void KnownEvents::learn(Trace& trace, EventIndex known) {
  for (EventIndex index = std::max<EventIndex>(1, known); index < trace.events.size(); ++index) {
    TraceEvent& event = trace.events[index];
    const auto [number, added] = numbers_.insert(event.identity);
    if (added) {
      *number = static_cast<Number>(visits_.size());
      visits_.emplace_back();
      for (std::uint32_t i = event.first_step; i < event.first_step + event.steps; ++i) {
        const Step& step = trace.steps[i];
        remember(step.identity_before, {step.object, step.object_number, step.count, 0, step.kind, false}, trace);
      }
      remember(event.identity, {0, 0, 0, *number, StepKind::read, true}, trace);
    }
    event.known_as = *number;
  }
}

// An event that has the same past and has done the same does the same next, unless something that it went by was not noted. When a scope ends, in
// which order its processes go makes no difference.
void KnownEvents::remember(std::uint64_t so_far, const Next& next, Trace& trace) {
  const auto [known, added] = next_.insert(so_far);
  if (added) {
    *known = next;
    return;
  }
  const bool in_any_order =
      known->kind == StepKind::withdrawal || next.kind == StepKind::withdrawal;
  if (!in_any_order &&
      (known->kind != next.kind || known->ends != next.ends || known->object != next.object))
    trace.all_noted = false;
}

bool KnownEvents::visit(const Trace& trace) {
  const auto run = static_cast<std::uint32_t>(traces_.size());
  if (!traces_.insert(trace.identity | 1).second) return false;
  for (EventIndex index = 1; index < trace.events.size(); ++index)
    visits_[trace.events[index].known_as].push_back(run);
  return true;
}

bool KnownEvents::visited_together(std::span<const Number> events) const {
  if (events.empty()) return traces_.size() > 0;
  const auto rarest = std::min_element(events.begin(), events.end(), [this](Number a, Number b) {
    return visits_[a].size() < visits_[b].size();
  });
  for (const std::uint32_t run : visits_[*rarest]) {
    const bool all = std::all_of(events.begin(), events.end(), [this, run](Number event) {
      return std::binary_search(visits_[event].begin(), visits_[event].end(), run);
    });
    if (all) return true;
  }
  return false;
}

void KnownEvents::courses(std::uint64_t so_far, const Trace& run, const EventSet& part,
                          std::vector<Course>& found) const {
  Course course;
  follow(so_far, run, part, course, found);
}

void KnownEvents::follow(std::uint64_t so_far, const Trace& run, const EventSet& part, Course& course,
                         std::vector<Course>& found) const {
  const Next* next = next_.find(so_far);
  course.known = next != nullptr && next->ends;
  if (next == nullptr || next->ends || next->kind == StepKind::withdrawal) {
    if (course.known) course.number = next->number;
    course.reaches = so_far;
    found.push_back(course);
    return;
  }
  const std::size_t waits = course.waits_for.size();
  if (next->kind == StepKind::comparison) {
    // Either may hold, at some time or other.
    for (const bool result : {false, true})
      follow(Causality::after_comparison(so_far, result), run, part, course, found);
  } else if (next->kind == StepKind::choice) {
    for (std::uint32_t value = 0; value < next->values; ++value)
      follow(Causality::after_choice(so_far, value), run, part, course, found);
  } else {
    const bool write = next->kind == StepKind::write;
    std::uint64_t sum = 0;
    run.accesses.visit_direct(
        run.accesses.last(next->object_number), write,
        [&part](EventIndex event) { return event == 0 || part.contains(event); },
        [&](EventIndex event) {
          sum += run.events[event].in_a_set;
          if (event != 0) course.waits_for.push_back(event);
        });
    follow(Causality::after_access(so_far, next->object, write, sum), run, part, course, found);
  }
  course.waits_for.resize(waits);
}

}  // namespace georep
