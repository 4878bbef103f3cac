// Machines that poll a tag.
#include <cmath>

#include "models/facts/event_kinds.hpp"
#include "models/world/world.hpp"

namespace georep {

// All machines of the group ask together, each shifted by its own share of the interval where there is jitter. A poll does not
// wait for the one before.
Task<void> World::poll_on_schedule(const WorkloadSpec& spec, const PollSpec& poll,
                                   std::uint64_t name) {
  const auto [first, count] = plan_.groups.at(spec.on);
  const Reference reference = plan_.reference(names_, poll.reference);
  const double most_shift = poll.jitter.value * static_cast<double>(poll.every.count());
  const Deadline end = simulation_.deadline(spec.until ? *spec.until - spec.from : Duration{});
  for (std::uint64_t round = 0;; ++round) {
    if (spec.until && simulation_.passed(end)) co_return;
    const std::uint64_t turn = combined_hash(name, round);
    for (std::uint32_t i = 0; i < count; ++i) {
      Host& host = hosts_[first + i];
      const std::uint64_t identity = combined_hash(turn, host.stable_name);
      Duration shift;
      if (most_shift > 0) {
        Draw draw = simulation_.chance().draw(identity, Purpose::arrival, 0);
        shift = Duration::nanoseconds(
            static_cast<std::int64_t>(std::ceil(draw.uniform() * most_shift)));
      }
      processes_.start(poll_once(host, reference, shift, identity), event_kind::poll,
                       entity(host.id));
    }
    co_await simulation_.delay(poll.every);
  }
}

Task<void> World::poll_once(Host& host, Reference reference, Duration shift,
                            std::uint64_t identity) {
  if (shift > Duration{}) co_await simulation_.delay(shift);
  const Deadline started = simulation_.deadline(Duration{});
  Session session{simulation_, routing_,           settings_.routing,
                  host,        OperationKind::poll, reference.tag,
                  identity};
  const Outcome outcome = co_await client_.poll(session, reference);
  if (outcome) {
    facts_.tell([&] {
      return OperationEnded{simulation_.now(), started, OperationId::none,
                            OperationKind::poll, host.id,  session.last_replica(),
                            reference.tag,     1,          std::nullopt,
                            *outcome};
    });
  } else {
    facts_.tell([&] {
      return AttemptFailed{simulation_.now(), OperationId::none, OperationKind::poll,
                           host.id,           session.last_replica(),
                           reference.tag,     outcome.error().code};
    });
  }
}

}  // namespace georep
