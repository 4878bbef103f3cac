#include "analysis/exploration/recorder.hpp"

#include <algorithm>
#include <utility>

#include "analysis/exploration/causality.hpp"

namespace georep {

namespace {

// Kinds of shared objects that the kernel names itself; the models' own stay below.
constexpr std::uint64_t made_in_run = std::uint64_t{0xFF} << 56;
constexpr std::uint64_t made_outside_run = std::uint64_t{0xFE} << 56;

}  // namespace

void Trace::clear() {
  nodes.clear();
  events.clear();
  steps.clear();
  choices = 0;
  overtakings.clear();
  end_comparisons.clear();
  sums.clear();
  predecessors.clear();
  first_predecessor.clear();
  past.clear();
  future.clear();
  words = 0;
  identity = 0;
  all_noted = true;
  outcome = 0;
}

std::uint32_t Trace::first_touch(EventIndex event) const {
  const TraceEvent& entry = events[event];
  std::uint32_t place = entry.first_step;
  while (place < entry.first_step + entry.steps && steps[place].of_scope) ++place;
  if (place == entry.first_step + entry.steps || steps[place].kind == StepKind::read ||
      steps[place].kind == StepKind::write)
    return place;
  return entry.first_step + entry.steps;
}

Recorder::Recorder(Simulation& simulation, const Freedom& freedom, std::optional<Common> common)
    : simulation_{simulation}, freedom_{freedom}, common_{common} {
  simulation_.set_chooser(this);
  simulation_.set_listener(this);
}

Recorder::~Recorder() {
  simulation_.set_chooser(nullptr);
  simulation_.set_listener(nullptr);
}

void Recorder::prepare(const SchedulePlan& plan, Trace& trace) {
  plan_ = &plan;
  decisions_ = nullptr;
  trace_ = &trace;
  running_ = false;
  prepared_ = true;
}

void Recorder::prepare(Decisions& decisions, Trace& trace) {
  static const SchedulePlan nothing;
  prepare(nothing, trace);
  decisions_ = &decisions;
}

void Recorder::note_sums(const std::vector<SumOfDurations>& sums) {
  for (const SumOfDurations& sum : sums) {
    TimedSum timed;
    std::int64_t fixed = 0;  // what of the sum is the same at all times
    for (const SumOfDurations::Span& span : sum.spans) {
      const Moment from = moment(span.from);
      const Moment to = moment(span.to);
      fixed += to.offset - from.offset;
      if (from.node != to.node) timed.spans.push_back({from.node, to.node});
    }
    timed.least = sum.least - fixed;
    timed.most = sum.most - fixed;
    trace_->sums.push_back(std::move(timed));
  }
}

void Recorder::finish() { running_ = false; }

void Recorder::cut_runs(std::function<bool()> over, std::size_t most_events) {
  over_ = std::move(over);
  most_events_ = most_events;
}

void Recorder::began() {
  running_ = std::exchange(prepared_, false);
  ended_ = cut_ = false;
  if (!running_) return;
  ++run_;
  ++dispatches_;
  trace_->clear();
  trace_->nodes.emplace_back();
  trace_->events.emplace_back();
  now_ = 0;
  children_ = drawn_ = chosen_ = made_ = 0;
  draws_.assign(1, 0);
  pending_.clear();
  std::uint32_t position = 0;
  for (const EventName name : plan_->order) planned(name).position = position++;
  // Settings of one event stand together.
  for (std::uint32_t i = 0; i < plan_->delays.size(); ++i) {
    Planned& entry = planned(plan_->delays[i].event);
    if (entry.delays++ == 0) entry.first_delay = i;
  }
  for (std::uint32_t i = 0; i < plan_->choices.size(); ++i) {
    Planned& entry = planned(plan_->choices[i].event);
    if (entry.choices++ == 0) entry.first_choice = i;
  }
}

Recorder::Planned& Recorder::planned(EventName name) {
  if (name >= planned_.size()) planned_.resize(std::max<std::size_t>(name + 1, names_.size()));
  Planned& entry = planned_[name];
  if (entry.run != run_) {
    entry = Planned{};
    entry.run = run_;
    entry.position = unplanned;
  }
  return entry;
}

const std::int64_t* Recorder::setting(const std::vector<SchedulePlan::Setting>& settings,
                                      std::uint32_t first, std::uint32_t count,
                                      std::uint32_t place) const {
  for (std::uint32_t i = first; i < first + count; ++i)
    if (settings[i].place == place) return &settings[i].value;
  return nullptr;
}

// The latest first: most events are soon dispatched.
std::size_t Recorder::pending_place(const Event& event) const {
  std::size_t place = pending_.size();
  while (place > 0 && pending_[place - 1].event != &event) --place;
  GEOREP_ASSERT(place > 0, "an event is heard of when it is scheduled");
  return place - 1;
}

NodeIndex Recorder::take_pending(const Event& event) {
  const std::size_t place = pending_place(event);
  const NodeIndex node = pending_[place].node;
  pending_[place] = pending_.back();
  pending_.pop_back();
  return node;
}

Recorder::Moment Recorder::moment(const Deadline& deadline) const {
  const NodeIndex node = deadline.draw != 0 ? draws_[deadline.draw]
                                            : trace_->events[deadline.set_by].node;
  return {node, deadline.at.count() - trace_->nodes[node].at};
}

// ---- What is chosen --------------------------------------------------------------------------------------------------

std::size_t Recorder::choose_event(std::span<Event* const> candidates) {
  if (!running_) return 0;
  candidates_.clear();
  for (const Event* event : candidates) candidates_.push_back(trace_->nodes[pending_[pending_place(*event)].node].name);
  const std::size_t best =
      decisions_ != nullptr ? decisions_->event(candidates_) : planned_event(candidates_);
  if (best != 0) trace_->overtakings.push_back({candidates_[best], candidates_[0]});
  return best;
}

std::size_t Recorder::planned_event(std::span<const EventName> candidates) {
  std::size_t best = 0;
  std::uint32_t best_position = unplanned;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::uint32_t position = planned(candidates[i]).position;
    if (position < best_position) {
      best = i;
      best_position = position;
    }
  }
  return best;
}

std::uint32_t Recorder::choose(std::uint64_t site, ChoiceKind kind, std::uint32_t count) {
  if (!running_) return 0;
  const std::uint32_t values = std::min(count, freedom_.values(site, kind, count));
  if (values <= 1) return 0;
  Step& step = add_step(StepKind::choice);
  ++trace_->choices;
  step.object = site;
  step.count = values;
  if (decisions_ != nullptr) {
    step.value = decisions_->value(site, kind, values);
  } else {
    const Planned& entry = planned(current_name());
    const std::int64_t* wanted =
        setting(plan_->choices, entry.first_choice, entry.choices, chosen_++);
    if (wanted != nullptr && *wanted < values) step.value = static_cast<std::uint32_t>(*wanted);
  }
  return step.value;
}

Duration Recorder::choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                                const Deadline& earliest) {
  if (!running_) return nominal;
  Freedom::Range range = freedom_.delay(site, kind, nominal);
  std::int64_t value = nominal.count();
  if (decisions_ != nullptr) {
    const Duration decided = decisions_->delay(site, kind, nominal, range);
    range = {std::min(range.least, decided), std::max(range.most, decided)};
    value = decided.count();
  } else {
    const Planned& entry = planned(current_name());
    const std::int64_t* wanted = setting(plan_->delays, entry.first_delay, entry.delays, drawn_);
    if (wanted != nullptr) value = *wanted;
  }
  value = std::clamp(value, range.least.count(), range.most.count());
  TimeNode node;
  node.base = trace_->events.back().node;
  node.least = range.least.count();
  node.most = range.most.count();
  node.maker = current();
  node.place = drawn_++;
  node.drawn = true;
  node.kind = kind;
  node.site = site;
  node.nominal = nominal.count();
  node.chosen = value;
  node.at = now_ + value;
  if (earliest.set_by != 0 || earliest.draw != 0 || earliest.at > Instant{}) {
    const Moment floor = moment(earliest);
    // Beyond the reach of the delay, the floor alone decides; which of the two it is, is a comparison like any other.
    const bool out_of_reach = earliest.at.count() > now_ + node.most;
    note_comparison(floor, {node.base, 0}, node.most + 1, out_of_reach);
    if (out_of_reach) {
      node.base = floor.node;
      node.least = node.most = floor.offset;
    } else {
      node.floor = floor.node;
      node.floor_offset = floor.offset;
    }
    node.at = std::max(node.at, earliest.at.count());
  }
  draws_.push_back(static_cast<NodeIndex>(trace_->nodes.size()));
  trace_->nodes.push_back(node);
  return Duration::nanoseconds(value);
}

// ---- What is heard ---------------------------------------------------------------------------------------------------

void Recorder::scheduled(const Event& event, const Deadline& at, EventOrdinal) {
  if (!running_) return;
  const Moment base = moment(at);
  pending_.push_back({&event, static_cast<NodeIndex>(trace_->nodes.size())});
  TimeNode& node = trace_->nodes.emplace_back();
  node.base = base.node;
  node.least = node.most = base.offset;
  node.at = at.at.count();
  node.maker = current();
  node.place = children_++;
  node.name = names_.child(current_name(), node.place);
  node.background = event.ground() == Ground::background;
}

void Recorder::cancelled(const Event& event, EventOrdinal) {
  if (!running_) return;
  const NodeIndex withdrawn = take_pending(event);
  TimeNode& node = trace_->nodes[withdrawn];
  node.cancelled_by = current();
  if (node.maker == current()) {
    node.withdrawn_by_maker = true;
    return;
  }
  add_step(StepKind::withdrawal).later = withdrawn;
}

void Recorder::dispatched(const Event& event, Instant at, EventOrdinal) {
  if (!running_) return;
  TraceEvent& entry = trace_->events.emplace_back();
  entry.node = take_pending(event);
  entry.first_step = static_cast<std::uint32_t>(trace_->steps.size());
  now_ = at.count();
  ++dispatches_;
  trace_->nodes[entry.node].event = current();
  children_ = drawn_ = chosen_ = made_ = 0;
  constexpr std::size_t look_every = 4096;
  const std::size_t events = trace_->events.size();
  if (events > most_events_ || (events % look_every == 0 && over_ && over_())) {
    cut_ = true;
    simulation_.stop();
  }
  if (common_) accessed(common_->object, common_->access);
}

Step& Recorder::add_step(StepKind kind) {
  Step& step = trace_->steps.emplace_back();
  step.kind = kind;
  step.nodes_before = static_cast<NodeIndex>(trace_->nodes.size());
  ++trace_->events.back().steps;
  return step;
}

void Recorder::accessed(SharedObject object, Access access) {
  if (running_ && !ended_) add_access(object, access, false);
}

void Recorder::within(SharedObject scope) {
  if (running_ && !ended_) add_access(scope, Access::read, true);
}

void Recorder::add_access(SharedObject object, Access access, bool scope) {
  const bool write = access == Access::write;
  const auto [touched, added] = touched_.insert(mix_identity(object.key, 0));
  if (added) touched->number = static_cast<std::uint32_t>(touched_.size());
  if (touched->by == dispatches_ && (touched->written || !write)) return;
  touched->by = dispatches_;
  touched->written = write;
  Step& step = add_step(write ? StepKind::write : StepKind::read);
  step.of_scope = scope;
  step.object = object.key;
  step.object_number = touched->number;
}

// Whether `later` comes at least `gap` after `earlier` at whatever time, or at none.
bool Recorder::is_settled(NodeIndex later, NodeIndex earlier, std::int64_t gap) const {
  if (later == earlier) return true;
  const TimeNode& second = trace_->nodes[later];
  if (second.base == earlier) return gap <= second.least || gap > second.most;
  const TimeNode& first = trace_->nodes[earlier];
  if (first.base == later) return gap <= -first.most || gap > -first.least;
  if (first.base == second.base)
    return gap <= second.least - first.most || gap > second.most - first.least;
  return false;
}

void Recorder::note_comparison(Moment later, Moment earlier, std::int64_t gap, bool result) {
  gap += earlier.offset - later.offset;
  if (is_settled(later.node, earlier.node, gap)) return;
  Step& step = add_step(StepKind::comparison);
  step.result = result;
  step.later = later.node;
  step.earlier = earlier.node;
  step.gap = gap;
}

void Recorder::ended() { ended_ = true; }

void Recorder::note_end_comparison(Moment later, Moment earlier, std::int64_t gap, bool result) {
  const EndComparison comparison{later.node, earlier.node, gap + earlier.offset - later.offset, result};
  const auto is_known = [&](const EndComparison& known) {
    return known.later == comparison.later && known.earlier == comparison.earlier && known.gap == comparison.gap;
  };
  std::vector<EndComparison>& all = trace_->end_comparisons;
  if (std::none_of(all.begin(), all.end(), is_known)) all.push_back(comparison);
}

void Recorder::compared(const Deadline& deadline, bool passed) {
  if (!running_) return;
  if (ended_) {
    note_end_comparison({EndComparison::end, 0}, moment(deadline), 0, passed);
    return;
  }
  note_comparison({trace_->events.back().node, 0}, moment(deadline), 0, passed);
}

void Recorder::ordered(const Deadline& first, const Deadline& second, bool before) {
  if (!running_) return;
  if (ended_) {
    note_end_comparison(moment(second), moment(first), 1, before);
    return;
  }
  note_comparison(moment(second), moment(first), 1, before);
}

SharedObject Recorder::named(bool lasting) {
  // What is there before a recorder listens may have its name of another one.
  static thread_local std::uint64_t made_outside = 0;
  if (lasting || !running_) return SharedObject{made_outside_run | ++made_outside};
  return SharedObject{made_in_run | static_cast<std::uint64_t>(current_name()) << 16 | ++made_};
}

}  // namespace georep
