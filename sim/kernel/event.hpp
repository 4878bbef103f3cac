// An event: something that happens at one instant. It lives in its owner (a coroutine's frame, a model's object), is
// pending at most once at a time, and costs no allocation. Its kind and entity go into the trace hash.
#pragma once

#include <cstdint>

#include "sim/kernel/assert.hpp"

namespace georep {

class Simulation;
struct PendingEntry;

/// What kind of thing an event is: a number that the models define. Enters the trace hash.
enum class EventKind : std::uint16_t { unspecified = 0 };

/// Whom an event concerns: an index that the model's plan gives to its named things. Enters the trace hash.
enum class EntityId : std::uint32_t { none = 0 };

/// The ordinal of a dispatched event within its run, from 1; 0 stands for "before the run began".
using EventOrdinal = std::uint64_t;

/// Whether an event keeps a run alive. Probes, expiries and endless polls are in the background.
enum class Ground : std::uint8_t { foreground, background };

class Event {
 public:
  using Handler = void (*)(Simulation&, Event&);

  explicit Event(Handler handler, EventKind kind = EventKind::unspecified,
                 EntityId entity = EntityId::none, Ground ground = Ground::foreground)
      : handler_{handler}, entity_{entity}, kind_{kind}, ground_{ground} {}
  ~Event() { GEOREP_ASSERT(!pending(), "an event is cancelled before it is destroyed"); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool pending() const { return state_ != State::idle; }
  EventKind kind() const { return kind_; }
  EntityId entity() const { return entity_; }
  Ground ground() const { return ground_; }

  /// Renames an event that is not pending.
  void identify(EventKind kind, EntityId entity, Ground ground) {
    GEOREP_ASSERT(!pending(), "a pending event keeps its identity");
    kind_ = kind;
    entity_ = entity;
    ground_ = ground;
  }

 private:
  friend class PendingEvents;
  friend class Simulation;
  enum class State : std::uint8_t { idle, scheduled, ready };

  Handler handler_;
  std::int64_t key_ = 0;           // scheduled: its instant; ready: its place in the ready list
  PendingEntry* entry_ = nullptr;  // scheduled: where its entry was when last heard of
  EntityId entity_;
  EventKind kind_;
  State state_ = State::idle;
  Ground ground_;
};

}  // namespace georep
