// What a replica answers to those who read: manifests from its cache or its storage, blobs, and what it does when a part is missing.
#include <algorithm>

#include "models/registry/registry.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

ManifestCache::Key cache_key(const Reference& reference) {
  return reference.tag != TagId::none ? ManifestCache::Key{reference.tag, ManifestId::none}
                                      : ManifestCache::Key{TagId::none, reference.manifest};
}

}  // namespace

bool Registry::hides_incomplete() const {
  return spec_.missing_blobs.kind == MissingKind::manifest_unknown;
}

Registry::Reading Registry::read(Replica& replica, const Reference& reference) {
  Reading reading;
  reading.manifest = reference.manifest;
  if (reference.tag != TagId::none) {
    const TagRecord record = replica.storage.tag(reference.tag);
    reading.manifest = record.manifest;
    reading.commit = record.commit;
  }
  if (reading.manifest == ManifestId::none) return reading;
  if (!replica.storage.has_manifest(reference.repository, reading.manifest)) {
    reading.manifest = ManifestId::none;
    return reading;
  }
  if (hides_incomplete())
    reading.complete = replica.storage.holds_closure(reference.repository, reading.manifest);
  return reading;
}

ManifestReply Registry::refuse(ErrorCode code, bool cached) {
  ManifestReply reply;
  reply.refusal = Refusal{code, {}};
  reply.answer.cached = cached;
  reply.answer.formed = simulation_.deadline(Duration{});
  simulation_.outcome(static_cast<std::uint64_t>(code) + 1);
  return reply;
}

ManifestReply Registry::answer(const Reading& reading, bool cached) {
  if (reading.manifest == ManifestId::none || !reading.complete)
    return refuse(ErrorCode::manifest_unknown, cached);
  ManifestReply reply;
  reply.answer = ManifestAnswer{reading.manifest, reading.commit, cached, simulation_.deadline(Duration{})};
  simulation_.outcome(content_.manifest(reading.manifest).digest.words[0]);
  return reply;
}

std::optional<ManifestReply> Registry::limited(Replica& replica) {
  const auto wait = replica.reads.take(simulation_);
  if (!wait) return std::nullopt;
  ManifestReply reply = refuse(ErrorCode::too_many_requests, false);
  reply.refusal->retry_after = *wait;
  return reply;
}

std::optional<ManifestReply> Registry::from_cache(Replica& replica, const Reference& reference) {
  const ManifestCache::Key key = cache_key(reference);
  for (std::size_t asked = 0; asked < replica.caches.size(); ++asked) {
    const auto entry = replica.caches[asked]->lookup(key);
    facts_.tell([&] {
      return CacheLookedUp{simulation_.now(),  replica.caches[asked]->tier(),
                           replica.region,     entry.has_value(),
                           reference.tag,      entry ? entry->manifest : ManifestId::none,
                           entry ? entry->commit : CommitId::none};
    });
    if (!entry) continue;
    // Those that asked it keep its answer for as long as if storage had given it.
    for (std::size_t asking = 0; asking < asked; ++asking)
      replica.caches[asking]->fill(key, *entry, replica.caches[asking]->generation(key));
    Reading reading{entry->manifest, entry->commit, true};
    if (reading.manifest != ManifestId::none && hides_incomplete())
      reading.complete = replica.storage.holds_closure(reference.repository, reading.manifest);
    return answer(reading, true);
  }
  return std::nullopt;
}

Registry::Generations Registry::generations(Replica& replica, const Reference& reference) {
  Generations result{};
  for (ManifestCache* cache : replica.caches)
    result[static_cast<std::size_t>(cache->tier())] = cache->generation(cache_key(reference));
  return result;
}

void Registry::fill_caches(Replica& replica, const Reference& reference, const Reading& reading,
                           const Generations& generations) {
  const ManifestCache::Answer remembered{reading.manifest, reading.commit};
  for (ManifestCache* cache : replica.caches)
    cache->fill(cache_key(reference), remembered, generations[static_cast<std::size_t>(cache->tier())]);
}

// Whether a reading is the answer as it stands, or the replica does something about what is missing.
bool Registry::answers_at_once(const Reading& reading) const {
  return reading.manifest != ManifestId::none ||
         spec_.missing_manifest.kind == MissingKind::manifest_unknown ||
         spec_.missing_manifest.kind == MissingKind::blob_unknown;
}

// Drawn by request, so that it does not depend on who else asks.
Duration Registry::storage_time(const Replica& replica, const ManifestRequest& request) {
  const DurationLaw& law = spec_.storage.service_time;
  if (law.law == Distribution::Law::constant) return Duration::nanoseconds(law.constant);
  Draw draw = simulation_.chance().draw(replica.name, Purpose::storage, request.identity);
  return simulation_.draw_delay(law, draw);
}

std::optional<ManifestReply> Registry::manifest_at_once(Replica& replica,
                                                        const ManifestRequest& request) {
  if (auto reply = limited(replica)) return reply;
  if (auto reply = from_cache(replica, request.reference)) return reply;
  const bool immediate = storage_time(replica, request) == Duration{} &&
                         !simulation_.has_chooser() &&
                         replica.storage_servers.busy() < replica.storage_servers.capacity();
  if (!immediate) return std::nullopt;
  const Reading reading = read(replica, request.reference);
  if (!answers_at_once(reading)) return std::nullopt;
  const TagId tag = request.reference.tag;
  facts_.tell([&] { return StorageTaken{simulation_.now(), simulation_.deadline(Duration{}), replica.region, tag}; });
  facts_.tell([&] {
    return StorageServed{simulation_.now(), replica.region, tag, Duration{}, Duration{}};
  });
  fill_caches(replica, request.reference, reading, generations(replica, request.reference));
  return answer(reading, false);
}

void Registry::manifest_later(Replica& replica, const ManifestRequest& request,
                              ReplyTo<ManifestReply> reply, TransferCanceller& canceller) {
  replica.serving.start_alike(serve_manifest(replica, request, std::move(reply), canceller));
}

Task<void> Registry::serve_manifest(Replica& replica, ManifestRequest request,
                                    ReplyTo<ManifestReply> reply, TransferCanceller& canceller) {
  const Deadline queued = simulation_.deadline(Duration{});
  Reading reading;
  {
    Resource::Slot server = co_await replica.storage_servers.acquire();
    simulation_.note_write(shared::object(shared::Kind::storage_queue, replica.region, 0));
    const Instant taken_at = simulation_.now();
    const TagId tag = request.reference.tag;
    facts_.tell([&] { return StorageTaken{taken_at, queued, replica.region, tag}; });
    const Generations read_at = generations(replica, request.reference);
    reading = read(replica, request.reference);
    const Duration nominal = storage_time(replica, request);
    const Deadline served = simulation_.choose_moment(combined_hash(replica.name, request.identity),
                                                      ChoiceKind::storage, nominal);
    const Duration service = served.at - taken_at;
    if (nominal > Duration{} || simulation_.has_chooser()) co_await simulation_.until(served);
    facts_.tell([&] {
      return StorageServed{simulation_.now(), replica.region, tag, taken_at - queued.at, service};
    });
    fill_caches(replica, request.reference, reading, read_at);
  }
  if (!answers_at_once(reading))
    reading = co_await missing_manifest(replica, request, reading, reply, canceller);
  reply.send(answer(reading, false));
}

Task<Registry::Reading> Registry::missing_manifest(Replica& replica, ManifestRequest request,
                                                   Reading reading,
                                                   const ReplyTo<ManifestReply>& reply,
                                                   TransferCanceller& canceller) {
  if (spec_.missing_manifest.kind == MissingKind::wait) {
    const Deadline limit = simulation_.deadline(spec_.missing_manifest.wait);
    while (reading.manifest == ManifestId::none) {
      const bool arrived = co_await replica.storage.arrivals().wait_until(limit);
      if (!arrived) break;
      reading = read(replica, request.reference);
    }
    co_return reading;
  }
  const Reference reference = request.reference;
  const std::function<bool(Replica&)> has = [this, reference](Replica& other) {
    return read(other, reference).manifest != ManifestId::none;
  };
  Replica* origin = nearest_with(replica, has);
  if (origin == nullptr) co_return reading;
  const Reading found = read(*origin, reference);
  const bool fetched =
      co_await fetch(replica, origin->region, spec_.manifest_size.count, request.identity, reply, canceller);
  co_return fetched ? found : reading;
}

std::expected<bool, Refusal> Registry::head_blob(Replica& replica, BlobId blob) {
  if (const auto wait = replica.reads.take(simulation_))
    return std::unexpected{Refusal{ErrorCode::too_many_requests, *wait}};
  return replica.storage.has_blob(blob);
}

std::optional<std::expected<void, Refusal>> Registry::blob_at_once(Replica& replica, BlobId blob) {
  using Result = std::expected<void, Refusal>;
  if (const auto wait = replica.reads.take(simulation_))
    return Result{std::unexpect, Refusal{ErrorCode::too_many_requests, *wait}};
  if (replica.storage.has_blob(blob)) return Result{};
  const MissingKind policy = spec_.missing_blobs.kind;
  if (policy == MissingKind::wait || policy == MissingKind::fetch_from_origin) return std::nullopt;
  return Result{std::unexpect, Refusal{ErrorCode::blob_unknown, {}}};
}

void Registry::blob_later(Replica& replica, BlobId blob, std::uint64_t identity,
                          ReplyTo<std::expected<void, Refusal>> reply, TransferCanceller& canceller) {
  replica.serving.start_alike(serve_blob(replica, blob, identity, std::move(reply), canceller));
}

Task<void> Registry::serve_blob(Replica& replica, BlobId blob, std::uint64_t identity,
                                ReplyTo<std::expected<void, Refusal>> reply,
                                TransferCanceller& canceller) {
  using Result = std::expected<void, Refusal>;
  const Result unknown{std::unexpect, Refusal{ErrorCode::blob_unknown, {}}};
  bool there = replica.storage.has_blob(blob);
  if (!there && spec_.missing_blobs.kind == MissingKind::wait) {
    const Deadline limit = simulation_.deadline(spec_.missing_blobs.wait);
    while (!there) {
      const bool arrived = co_await replica.storage.arrivals().wait_until(limit);
      if (!arrived) break;
      there = replica.storage.has_blob(blob);
    }
  } else if (!there) {
    const std::function<bool(Replica&)> has = [blob](Replica& other) {
      return other.storage.has_blob(blob);
    };
    Replica* origin = nearest_with(replica, has);
    if (origin != nullptr)
      there = co_await fetch(replica, origin->region, content_.blob(blob).bytes, identity, reply, canceller);
  }
  reply.send(there ? Result{} : unknown);
}

// The nearest live replica that has what is missing here.
Replica* Registry::nearest_with(Replica& asking, const std::function<bool(Replica&)>& has) {
  Replica* nearest = nullptr;
  Duration least = Duration::max();
  for (const auto& candidate : replicas_) {
    if (candidate.get() == &asking || !candidate->present) continue;
    simulation_.note_read(shared::object(shared::Kind::health, candidate->region, 0));
    if (!candidate->alive) continue;
    if (!network_.reachable(asking.region, candidate->region)) continue;
    const Duration round_trip = network_.round_trip(asking.region, candidate->region);
    if (round_trip >= least || !has(*candidate)) continue;
    nearest = candidate.get();
    least = round_trip;
  }
  return nearest;
}

// One round trip to the origin, plus the bytes; nothing is stored, so nothing is fetched for those who wait no more.
template <class Answer>
Task<bool> Registry::fetch(Replica& replica, RegionId origin, std::int64_t bytes,
                           std::uint64_t identity, const ReplyTo<Answer>& reply,
                           TransferCanceller& canceller) {
  Connection connection{identity};
  co_await simulation_.until(network_.arrival(connection, replica.region, origin));
  if (!reply.awaited()) co_return false;
  TransferRequest request;
  request.canceller = &canceller;
  request.from = origin;
  request.to = replica.region;
  request.bytes = bytes;
  request.name = identity;
  const TransferOutcome outcome = co_await network_.transfer(request);
  if (outcome == TransferOutcome::broken || !network_.reachable(origin, replica.region)) co_return false;
  co_await simulation_.until(network_.arrival(connection, origin, replica.region));
  co_return true;
}

}  // namespace georep
