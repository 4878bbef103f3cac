// A schedule: how one run differs from the ordinary one. With the scenario and its seed it says all about the run.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/exploration/decisions.hpp"
#include "analysis/exploration/event_names.hpp"
#include "analysis/exploration/trace.hpp"

namespace georep {

struct Schedule {
  /// A delay other than the nominal one.
  struct Delay {
    std::uint64_t site = 0;
    std::uint32_t nth = 0;  ///< which of the delays of that site in the run
    ChoiceKind kind = ChoiceKind::latency;
    Duration length;
    Duration nominal;
    friend bool operator==(const Delay&, const Delay&) = default;
  };
  /// A choice other than the dullest: a fault that strikes.
  struct Value {
    std::uint64_t site = 0;
    std::uint32_t nth = 0;
    std::uint32_t value = 0;
    friend bool operator==(const Value&, const Value&) = default;
  };
  /// An event that goes before the one which would have been first at that instant. Events are named by the way from the start of the
  /// run: which child of its cause each is.
  struct Turn {
    std::vector<std::uint32_t> event;
    std::vector<std::uint32_t> before;
    friend bool operator==(const Turn&, const Turn&) = default;
  };
  std::vector<Delay> delays;
  std::vector<Value> values;
  std::vector<Turn> turns;

  std::size_t deviations() const { return delays.size() + values.size() + turns.size(); }
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// What a run did other than the ordinary one.
Schedule schedule_of(const Trace& trace, const EventNames& names);

/// Makes a run go by a schedule.
class ScheduledDecisions : public Decisions {
 public:
  /// The names are those of the recorder that records the run.
  ScheduledDecisions(const Schedule& schedule, EventNames& names);

  std::size_t event(std::span<const EventName> candidates) override;
  std::uint32_t value(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override;
  /// One that the schedule does not list is the nominal one, as in an ordinary run; one that it lists is held within its range.
  Duration delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                 Freedom::Range range) override;

  /// What of the schedule was not to be had in the run, which is over: values that lie outside of what the scenario allows, in words.
  const std::vector<std::string>& not_allowed() const { return not_allowed_; }
  /// And what never came up, so that nothing was decided there.
  std::vector<std::string> never_came_up() const;

 private:
  using Place = std::pair<std::uint64_t, std::uint32_t>;
  struct Turn {
    EventName event;
    EventName before;
    bool taken = false;
  };
  template <class Value>
  struct Listed {
    Value value;
    bool taken = false;
  };
  std::map<Place, Listed<Schedule::Delay>> delays_;
  std::map<Place, Listed<std::uint32_t>> values_;
  std::vector<Turn> turns_;
  std::map<std::uint64_t, std::uint32_t> delays_so_far_;
  std::map<std::uint64_t, std::uint32_t> values_so_far_;
  std::vector<std::string> not_allowed_;
};

/// What a schedule file says beside the schedule.
struct ScheduleFile {
  std::string scenario;  ///< the path of the scenario's file, as it was given
  std::uint64_t seed = 1;
  std::vector<std::string> settings;  ///< as `--set` takes them
  std::string violates;               ///< the expectation, in words
  Schedule schedule;
};

std::string write_schedule(const ScheduleFile& file);

/// The error says what is wrong with the text.
std::expected<ScheduleFile, std::string> read_schedule(std::string_view text);

/// `latency`, `storage`, `start-delay`, `bandwidth`, `client-start`.
std::string_view text(ChoiceKind kind);

}  // namespace georep
