// Pulls: a tag is resolved once, to a manifest; then the blobs that the host lacks are fetched, a few at a time.
#include "models/clients/client.hpp"
#include "models/registry/shared_objects.hpp"
#include "sim/kernel/task_group.hpp"

namespace georep {

Task<Outcome> Client::pull(Session& session, Reference reference) {
  Reference wanted = reference;
  if (session.host().settings.client == ClientKind::containerd && wanted.tag != TagId::none) {
    const ManifestOutcome head = co_await get_manifest(session, wanted, false);
    if (!head) co_return std::unexpected{head.error()};
    wanted.tag = TagId::none;
    wanted.manifest = head->manifest;
  }
  ManifestOutcome answer = co_await get_manifest(session, wanted, true);
  if (!answer) co_return std::unexpected{answer.error()};
  const ManifestId pulled = answer->manifest;
  const std::vector<ManifestId> way =
      registry_.content().way_to_platform(pulled, session.host().settings.platform);
  if (way.empty()) co_return std::unexpected{Failure{ErrorCode::manifest_unknown, {}}};
  for (const ManifestId child : way) {
    if (child == pulled) continue;
    const Reference by_digest{reference.repository, TagId::none, child};
    answer = co_await get_manifest(session, by_digest, true);
    if (!answer) co_return std::unexpected{answer.error()};
  }
  // A digest never goes stale. Only the tag lookup above can return old content.
  TaskGroup<Failure> transfers{simulation_, static_cast<std::size_t>(
                                                session.host().settings.parallel_downloads)};
  std::vector<BlobId> blobs = registry_.content().closure(way.back());
  for (const BlobId blob : blobs) {
    if (holds(session.host(), blob)) {
      session.host().layers.touch(blob);
    } else {
      transfers.start(fetch_blob(session, blob));
    }
  }
  const Done failed = co_await transfers.first_failure();
  if (failed) co_return std::unexpected{*failed};
  co_return pulled;
}

Task<Client::Done> Client::fetch_blob(Session& session, BlobId blob) {
  std::optional<RegionId> unit;
  const std::uint64_t request = subject(blob, BlobStep::get);
  const Route where = route(session, unit, request);
  if (!where) co_return where.error();
  Replica& replica = **where;
  Exchange exchange = open(session, replica, request);
  const Done reached = co_await reach(exchange);
  if (reached) co_return reached;
  using Answer = std::expected<void, Refusal>;
  std::optional<Answer> answer = registry_.blob_at_once(replica, blob);
  if (!answer) {
    Reply<Answer> later;
    TransferCanceller canceller;
    registry_.blob_later(replica, blob, exchange.identity, ReplyTo<Answer>{later}, canceller);
    answer = co_await later.wait_until(exchange.gives_up);
    if (!answer) co_return co_await no_answer(exchange);
  }
  if (*answer) {
    // A redirect leads to the storage of this replica's region, which goes on when the replica does not.
    ProcessScope& served_by = registry_.spec().redirect_downloads ? replica.redirected : replica.serving;
    const Done moved = co_await download(exchange, served_by, registry_.content().blob(blob).bytes);
    if (moved) co_return moved;
  } else if (answer->error().code == ErrorCode::blob_unknown) {
    facts_.tell([&] {
      return BlobRefused{simulation_.now(), session.host().id, replica.region, blob};
    });
  }
  const Done back = co_await come_back(exchange);
  if (back) co_return back;
  if (!*answer) co_return Failure{answer->error().code, answer->error().retry_after};
  simulation_.note_write(
      shared::object(shared::Kind::host_store, RegionId{0}, index(session.host().id)));
  session.host().layers.insert(blob, registry_.content().blob(blob).bytes);
  co_return std::nullopt;
}

}  // namespace georep
