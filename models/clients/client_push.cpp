// Pushes and what else changes a registry: blobs first (HEAD; if absent POST, then PUT with the bytes), the manifest last.
#include "models/clients/client.hpp"
#include "sim/kernel/task_group.hpp"

namespace georep {

Task<Outcome> Client::push(Session& session, TagId tag, ManifestId manifest) {
  TaskGroup<Failure> uploads{
      simulation_, static_cast<std::size_t>(session.host().settings.parallel_uploads)};
  const std::vector<BlobId> blobs = registry_.content().closure(manifest);
  for (const BlobId blob : blobs) uploads.start(push_blob(session, blob));
  const Done failed = co_await uploads.first_failure();
  if (failed) co_return std::unexpected{*failed};
  const RepositoryId repository = registry_.names().repository_of(tag);
  const std::vector<ManifestId> children = registry_.content().descendants(manifest);
  for (const ManifestId child : children) {
    const Done put = co_await put_child(session, repository, child);
    if (put) co_return std::unexpected{*put};
  }
  co_return co_await put_manifest(session, tag, manifest, ChangeKind::push);
}

Task<Client::Done> Client::push_blob(Session& session, BlobId blob) {
  std::optional<RegionId> unit;
  Route where = route(session, unit, subject(blob, BlobStep::head));
  if (!where) co_return where.error();
  const std::expected<bool, Failure> there = co_await head_blob(session, **where, blob);
  if (!there) co_return there.error();
  if (*there) co_return std::nullopt;
  where = route(session, unit, subject(blob, BlobStep::begin_upload));
  if (!where) co_return where.error();
  const RegionId upload_at = (*where)->region;
  const Done begun = co_await begin_upload(session, **where, blob);
  if (begun) co_return begun;
  where = route(session, unit, subject(blob, BlobStep::finish_upload));
  if (!where) co_return where.error();
  // An upload session lives on the replica that opened it.
  if ((*where)->region != upload_at) co_return Failure{ErrorCode::blob_upload_unknown, {}};
  co_return co_await finish_upload(session, **where, blob);
}

// The host builds on it from now on: it will put a manifest that lists the blob.
void Client::promise(Session& session, const Replica& replica, BlobId blob) {
  facts_.tell([&] {
    return BlobPromised{simulation_.now(), session.host().id, replica.region, blob};
  });
}

Task<std::expected<bool, Failure>> Client::head_blob(Session& session, Replica& replica,
                                                     BlobId blob) {
  Exchange exchange = open(session, replica, subject(blob, BlobStep::head));
  const Done reached = co_await reach(exchange);
  if (reached) co_return std::unexpected{*reached};
  const std::expected<bool, Refusal> there = registry_.head_blob(replica, blob);
  if (there && *there) promise(session, replica, blob);
  const Done back = co_await come_back(exchange);
  if (back) co_return std::unexpected{*back};
  if (!there) co_return std::unexpected{Failure{there.error().code, there.error().retry_after}};
  co_return *there;
}

Task<Client::Done> Client::begin_upload(Session& session, Replica& replica, BlobId blob) {
  Exchange exchange = open(session, replica, subject(blob, BlobStep::begin_upload));
  const Done reached = co_await reach(exchange);
  if (reached) co_return reached;
  const std::expected<void, Refusal> begun = registry_.begin_upload(replica);
  const Done back = co_await come_back(exchange);
  if (back) co_return back;
  if (!begun) co_return Failure{begun.error().code, begun.error().retry_after};
  co_return std::nullopt;
}

Task<Client::Done> Client::finish_upload(Session& session, Replica& replica, BlobId blob) {
  Exchange exchange = open(session, replica, subject(blob, BlobStep::finish_upload));
  const Done moved = co_await upload(exchange, registry_.content().blob(blob).bytes);
  if (moved) co_return moved;
  const Done reached = co_await reach(exchange);
  if (reached) co_return reached;
  const std::expected<void, Refusal> stored = registry_.finish_upload(replica, blob);
  if (stored) promise(session, replica, blob);
  const Done back = co_await come_back(exchange);
  if (back) co_return back;
  if (!stored) co_return Failure{stored.error().code, stored.error().retry_after};
  co_return std::nullopt;
}

Task<Client::Done> Client::put_child(Session& session, RepositoryId repository,
                                     ManifestId manifest) {
  const std::uint64_t request = session.next_manifest_request();
  const Route where = route(session, session.manifest_unit(), request);
  if (!where) co_return where.error();
  Exchange exchange = open(session, **where, request);
  const Done moved = co_await upload(exchange, registry_.spec().manifest_size.count);
  if (moved) co_return moved;
  const Done reached = co_await reach(exchange);
  if (reached) co_return reached;
  const std::expected<void, Refusal> stored =
      registry_.put_child(exchange.replica, repository, manifest);
  const Done back = co_await come_back(exchange);
  if (back) co_return back;
  if (!stored) co_return Failure{stored.error().code, stored.error().retry_after};
  co_return std::nullopt;
}

Task<Outcome> Client::put_manifest(Session& session, TagId tag, ManifestId manifest,
                                   ChangeKind kind) {
  const std::uint64_t request = session.next_manifest_request();
  const Route where = route(session, session.manifest_unit(), request);
  if (!where) co_return std::unexpected{where.error()};
  Exchange exchange = open(session, **where, request);
  const Done moved = co_await upload(exchange, registry_.spec().manifest_size.count);
  if (moved) co_return std::unexpected{*moved};
  const Done reached = co_await reach(exchange);
  if (reached) co_return std::unexpected{*reached};
  const Requester requester{session.host().id, exchange.identity};
  const std::expected<CommitId, Refusal> committed =
      registry_.put_manifest(exchange.replica, requester, tag, manifest, kind);
  const Done back = co_await come_back(exchange);
  if (back) co_return std::unexpected{*back};
  if (!committed)
    co_return std::unexpected{
        Failure{committed.error().code, committed.error().retry_after}};
  co_return manifest;
}

Task<Outcome> Client::retag(Session& session, Reference from, TagId to) {
  const ManifestOutcome answer = co_await get_manifest(session, from, true);
  if (!answer) co_return std::unexpected{answer.error()};
  co_return co_await put_manifest(session, to, answer->manifest, ChangeKind::retag);
}

Task<Outcome> Client::untag(Session& session, TagId tag) {
  const std::uint64_t request = session.next_manifest_request();
  const Route where = route(session, session.manifest_unit(), request);
  if (!where) co_return std::unexpected{where.error()};
  Exchange exchange = open(session, **where, request);
  const Done reached = co_await reach(exchange);
  if (reached) co_return std::unexpected{*reached};
  const Requester requester{session.host().id, exchange.identity};
  const std::expected<CommitId, Refusal> done =
      registry_.delete_tag(exchange.replica, requester, tag);
  const Done back = co_await come_back(exchange);
  if (back) co_return std::unexpected{*back};
  if (!done) co_return std::unexpected{Failure{done.error().code, done.error().retry_after}};
  co_return ManifestId::none;
}

Task<Outcome> Client::remove(Session& session, RepositoryId repository, ManifestId manifest) {
  const std::uint64_t request = session.next_manifest_request();
  const Route where = route(session, session.manifest_unit(), request);
  if (!where) co_return std::unexpected{where.error()};
  Exchange exchange = open(session, **where, request);
  const Done reached = co_await reach(exchange);
  if (reached) co_return std::unexpected{*reached};
  const Requester requester{session.host().id, exchange.identity};
  const std::expected<CommitId, Refusal> done =
      registry_.delete_manifest(exchange.replica, requester, repository, manifest);
  const Done back = co_await come_back(exchange);
  if (back) co_return std::unexpected{*back};
  if (!done) co_return std::unexpected{Failure{done.error().code, done.error().retry_after}};
  co_return manifest;
}

}  // namespace georep
