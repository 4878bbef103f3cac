// Runs a simulation along a plan, and writes down what it did.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "analysis/exploration/decisions.hpp"
#include "analysis/exploration/event_names.hpp"
#include "analysis/exploration/freedom.hpp"
#include "analysis/exploration/identity_map.hpp"
#include "analysis/exploration/schedule_plan.hpp"
#include "analysis/exploration/trace.hpp"
#include "analysis/verdicts/sum_of_durations.hpp"
#include "sim/kernel/choice.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

class Recorder : public Chooser, public KernelListener {
 public:
  /// Something that every event touches before all else.
  struct Common {
    SharedObject object;
    Access access;
  };
  /// Of which every event writes: the order of any two events matters, even of those that touch nothing else in common.
  static constexpr Common every_order{SharedObject{std::uint64_t{0xFD} << 56}, Access::write};

  /// Listens to the simulation from now on, for as long as it lives.
  Recorder(Simulation& simulation, const Freedom& freedom, std::optional<Common> common = std::nullopt);
  ~Recorder() override;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// The next run, which begins when the simulation is reset, follows `plan` and is written to `trace`. Both must live until its end.
  void prepare(const SchedulePlan& plan, Trace& trace);
  /// The same for a run that is decided as it goes.
  void prepare(Decisions& decisions, Trace& trace);
  /// What the run came to hangs on these sums as well.
  void note_sums(const std::vector<SumOfDurations>& sums);
  /// The run is over, as it is with a second reset: what is said from now on concerns none.
  void finish();

  /// Stops runs of more than `most_events`, and those in whose course `over` comes to say yes, which is asked every few thousand events.
  void cut_runs(std::function<bool()> over, std::size_t most_events = 0xFFFF'FFFF);
  /// Whether the latest run was stopped before its end: what it came to says nothing then.
  bool was_cut() const { return cut_; }

  EventNames& names() { return names_; }

  std::size_t choose_event(std::span<Event* const> candidates) override;
  std::uint32_t choose(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override;
  Duration choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                        const Deadline& earliest) override;

  void began() override;
  void scheduled(const Event& event, const Deadline& at, EventOrdinal cause) override;
  void cancelled(const Event& event, EventOrdinal by) override;
  void dispatched(const Event& event, Instant at, EventOrdinal ordinal) override;
  void accessed(SharedObject object, Access access) override;
  void within(SharedObject scope) override;
  void compared(const Deadline& deadline, bool passed) override;
  void ordered(const Deadline& first, const Deadline& second, bool before) override;
  void ended() override;
  SharedObject named(bool lasting) override;

 private:
  struct Moment {
    NodeIndex node;
    std::int64_t offset;
  };
  /// What a plan says of an event, valid while `run` is the current one.
  struct Planned {
    std::uint32_t run = 0;
    std::uint32_t position = 0;
    std::uint32_t first_delay = 0;
    std::uint32_t delays = 0;
    std::uint32_t first_choice = 0;
    std::uint32_t choices = 0;
  };
  static constexpr std::uint32_t unplanned = 0xFFFF'FFFF;

  Planned& planned(EventName name);
  const std::int64_t* setting(const std::vector<SchedulePlan::Setting>& settings,
                              std::uint32_t first, std::uint32_t count,
                              std::uint32_t place) const;
  Moment moment(const Deadline& deadline) const;
  bool is_settled(NodeIndex later, NodeIndex earlier, std::int64_t gap) const;
  void note_end_comparison(Moment later, Moment earlier, std::int64_t gap, bool result);
  void note_comparison(Moment later, Moment earlier, std::int64_t gap, bool result);
  void add_access(SharedObject object, Access access, bool scope);
  Step& add_step(StepKind kind);
  std::size_t planned_event(std::span<const EventName> candidates);
  EventIndex current() const { return static_cast<EventIndex>(trace_->events.size() - 1); }
  EventName current_name() const { return trace_->nodes[trace_->events.back().node].name; }

  std::size_t pending_place(const Event& event) const;
  NodeIndex take_pending(const Event& event);

  Simulation& simulation_;
  const Freedom& freedom_;
  const std::optional<Common> common_;
  EventNames names_;
  const SchedulePlan* plan_ = nullptr;
  Decisions* decisions_ = nullptr;  // in place of the plan
  std::vector<EventName> candidates_;
  Trace* trace_ = nullptr;
  bool prepared_ = false;
  bool running_ = false;
  bool ended_ = false;
  bool cut_ = false;
  std::function<bool()> over_;
  std::size_t most_events_ = 0xFFFF'FFFF;
  std::uint32_t run_ = 0;
  std::int64_t now_ = 0;
  std::uint32_t children_ = 0;  // of the current event, so far
  std::uint32_t drawn_ = 0;
  std::uint32_t chosen_ = 0;
  std::uint32_t made_ = 0;
  std::vector<NodeIndex> draws_;  // by number in the run
  std::vector<Planned> planned_;  // by name
  struct Pending {
    const Event* event;
    NodeIndex node;
  };
  std::vector<Pending> pending_;
  struct Touched {
    std::uint32_t number = 0;  // of the object, in all runs
    std::uint64_t by = 0;      // the latest dispatch that touched it
    bool written = false;
  };
  IdentityMap<Touched> touched_;  // by object
  std::uint64_t dispatches_ = 0;  // in all runs; a run's beginning counts as one
};

}  // namespace georep
