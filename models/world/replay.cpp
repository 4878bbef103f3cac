// The replay of a recorded registry log: each operation when it was recorded, on the machine that stands for its client.
#include "models/facts/event_kinds.hpp"
#include "models/workload/recording.hpp"
#include "models/world/world.hpp"

namespace georep {

// What the log has no push of was there before it begins, at every replica.
void World::preload_recorded() {
  for (std::size_t i = 0; i < plan_.workloads.size(); ++i) {
    const auto* trace = std::get_if<TraceSpec>(&plan_.spec.workloads[i].work);
    if (trace == nullptr || trace->recording == nullptr) continue;
    const std::vector<RecordedImage>& images = trace->recording->images;
    for (std::size_t image = 0; image < images.size(); ++image) {
      if (images[image].pushed) continue;
      const StoredImage& stored = plan_.workloads[i].recorded[image];
      for (const auto& replica : registry_.replicas())
        replica->storage.preload(names_.repository_of(stored.tag), stored.tag, stored.manifest);
    }
  }
}

Task<void> World::replay(const WorkloadSpec& spec, const TraceSpec& trace,
                         const WorkloadPlan& planned) {
  static const RetrySpec once = RetrySpec::none();
  const std::uint64_t key = name_hash(planned.name);
  const auto [first, count] = plan_.groups.at(spec.on);
  std::uint64_t number = 0;
  for (const RecordedOperation& recorded : trace.recording->operations) {
    const Duration after =
        Duration::from_nanoseconds(static_cast<double>(recorded.at.count()) / trace.speed);
    const Instant at = Instant::at(spec.from + after);
    if (spec.until && at.since_start() >= *spec.until) co_return;
    co_await simulation_.until(at);
    const StoredImage& image = planned.recorded[recorded.image];
    const std::uint64_t identity = combined_hash(key, number++);
    Host& host = hosts_[first + name_hash(recorded.client) % count];
    if (recorded.kind == RecordedKind::poll) {
      const Reference reference{names_.repository_of(image.tag), image.tag, ManifestId::none};
      processes_.start(poll_once(host, reference, Duration{}, identity), event_kind::poll,
                       entity(host.id));
      continue;
    }
    const Work work{recorded.kind == RecordedKind::push ? OperationKind::push : OperationKind::pull,
                    image.tag, image.manifest, identity};
    processes_.start(work_until_done(host, work, once), event_kind::operation, entity(host.id));
  }
}

}  // namespace georep
