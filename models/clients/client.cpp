// What every request has in common: the way there, the wait, the bytes, the way back; and the requests for manifests.
#include "models/clients/client.hpp"

#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

Failure failure_of(const Refusal& refusal) { return Failure{refusal.code, refusal.retry_after}; }

}  // namespace

std::uint64_t Client::subject(BlobId blob, BlobStep step) const {
  return combined_hash(registry_.content().blob(blob).digest.words[0],
                       static_cast<std::uint64_t>(step));
}

Client::Route Client::route(Session& session, std::optional<RegionId>& unit,
                            std::uint64_t subject) {
  const std::optional<RegionId> where = session.resolve(unit, subject);
  if (!where) return std::unexpected{Failure{ErrorCode::no_replica, {}}};
  Replica* replica = registry_.replica(*where);
  if (replica == nullptr || !replica->present ||
      !network_.reachable(session.host().region, *where))
    return std::unexpected{Failure{ErrorCode::unreachable, {}}};
  return replica;
}

Client::Exchange Client::open(Session& session, Replica& replica, std::uint64_t subject) {
  return Exchange{session.host(), replica, session.request(subject),
                  simulation_.deadline(session.host().settings.timeout)};
}

// Of a replica that is down nothing is heard until the host's patience is out; one that was removed is known to be gone.
Task<Failure> Client::no_answer(Exchange& exchange) {
  if (!exchange.replica.present) co_return Failure{ErrorCode::unreachable, {}};
  co_await simulation_.until(exchange.gives_up);
  co_return Failure{ErrorCode::timeout, {}};
}

bool Client::answers(const Replica& replica) {
  simulation_.note_read(shared::object(shared::Kind::health, replica.region, 0));
  return replica.alive && replica.present;
}

bool Client::holds(const Host& host, BlobId blob) {
  simulation_.note_read(shared::object(shared::Kind::host_store, RegionId{0}, index(host.id)));
  return host.layers.contains(blob);
}

// The way to the replica: half a round trip.
Task<Client::Done> Client::reach(Exchange& exchange) {
  if (!network_.reachable(exchange.host.region, exchange.replica.region))
    co_return Failure{ErrorCode::unreachable, {}};
  const Deadline arrival =
      network_.arrival(exchange.connection, exchange.host.region, exchange.replica.region);
  if (!simulation_.before(arrival, exchange.gives_up)) co_return co_await no_answer(exchange);
  co_await simulation_.until(arrival);
  if (!answers(exchange.replica)) co_return co_await no_answer(exchange);
  co_return std::nullopt;
}

// The way back.
Task<Client::Done> Client::come_back(Exchange& exchange) {
  if (!network_.reachable(exchange.replica.region, exchange.host.region))
    co_return Failure{ErrorCode::unreachable, {}};
  const Deadline arrival =
      network_.arrival(exchange.connection, exchange.replica.region, exchange.host.region);
  if (!simulation_.before(arrival, exchange.gives_up)) co_return co_await no_answer(exchange);
  co_await simulation_.until(arrival);
  co_return std::nullopt;
}

Task<Client::Done> Client::download(Exchange& exchange, ProcessScope& served_by, std::int64_t bytes) {
  TransferRequest request;
  request.from = exchange.replica.region;
  request.to = exchange.host.region;
  request.bytes = bytes;
  request.download = exchange.host.download;
  request.name = exchange.identity;
  co_return co_await move(exchange, served_by, request);
}

Task<Client::Done> Client::upload(Exchange& exchange, std::int64_t bytes) {
  TransferRequest request;
  request.from = exchange.host.region;
  request.to = exchange.replica.region;
  request.bytes = bytes;
  request.upload = exchange.host.upload;
  request.name = exchange.identity;
  co_return co_await move(exchange, exchange.replica.serving, request);
}

// The bytes move for as long as both ends live and the route stands. Patience does not run out meanwhile.
Task<Client::Done> Client::move(Exchange& exchange, ProcessScope& served_by, TransferRequest request) {
  if (!answers(exchange.replica)) co_return co_await no_answer(exchange);
  const Instant began = simulation_.now();
  Reply<TransferOutcome> reply;
  TransferCanceller canceller;
  request.canceller = &canceller;
  served_by.start_alike(serve_transfer(request, ReplyTo<TransferOutcome>{reply}));
  const std::optional<TransferOutcome> outcome = co_await reply.wait();
  exchange.gives_up.at = exchange.gives_up.at + (simulation_.now() - began);
  if (!outcome) co_return co_await no_answer(exchange);
  if (*outcome == TransferOutcome::broken) co_return Failure{ErrorCode::unreachable, {}};
  co_return std::nullopt;
}

Task<void> Client::serve_transfer(TransferRequest request, ReplyTo<TransferOutcome> reply) {
  if (!reply.awaited()) co_return;
  const TransferOutcome outcome = co_await network_.transfer(request);
  reply.send(outcome);
}

// ---- Manifests ---------------------------------------------------------------------------------------------------

Task<Client::ManifestOutcome> Client::get_manifest(Session& session, Reference reference,
                                                   bool with_body) {
  const std::uint64_t subject = session.next_manifest_request();
  const Route where = route(session, session.manifest_unit(), subject);
  if (!where) co_return std::unexpected{where.error()};
  co_return co_await ask_for_manifest(session, **where, subject, reference, with_body);
}

Task<Client::ManifestOutcome> Client::ask_for_manifest(Session& session, Replica& replica,
                                                       std::uint64_t subject, Reference reference,
                                                       bool with_body) {
  const Deadline requested = simulation_.deadline(Duration{});
  Exchange exchange = open(session, replica, subject);
  const Done reached = co_await reach(exchange);
  if (reached) co_return std::unexpected{*reached};
  const ManifestRequest request{reference, exchange.identity};
  std::optional<ManifestReply> reply = registry_.manifest_at_once(replica, request);
  if (!reply) {
    Reply<ManifestReply> later;
    TransferCanceller canceller;
    registry_.manifest_later(replica, request, ReplyTo<ManifestReply>{later}, canceller);
    reply = co_await later.wait_until(exchange.gives_up);
    if (!reply) co_return std::unexpected{co_await no_answer(exchange)};
  }
  if (with_body && !reply->refusal) {
    const Done moved = co_await download(exchange, replica.serving, registry_.spec().manifest_size.count);
    if (moved) co_return std::unexpected{*moved};
  }
  const Done back = co_await come_back(exchange);
  if (back) co_return std::unexpected{*back};
  facts_.tell([&] {
    const bool refused = reply->refusal.has_value();
    return ManifestAnswered{
        simulation_.now(),
        requested,
        reply->answer.formed,
        session.kind(),
        session.host().id,
        replica.region,
        reference.tag,
        reply->answer.manifest,
        reply->answer.commit,
        refused ? std::optional{reply->refusal->code} : std::nullopt,
        reply->answer.cached};
  });
  if (reply->refusal) co_return std::unexpected{failure_of(*reply->refusal)};
  co_return reply->answer;
}

Task<Outcome> Client::poll(Session& session, Reference reference) {
  const ManifestOutcome answer = co_await get_manifest(session, reference, false);
  if (!answer) co_return std::unexpected{answer.error()};
  co_return answer->manifest;
}

}  // namespace georep
