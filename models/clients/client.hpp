// The registry as a client sees it: requests that travel, wait and come back, and the pushes and pulls made of them.
// Round trips: OCI distribution specification, "Pulling manifests", "Pulling blobs", "Pushing a blob monolithically" (POST then PUT) and
// "Pushing manifests".
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "models/clients/session.hpp"
#include "models/facts/fact_bus.hpp"
#include "models/network/network.hpp"
#include "models/registry/registry.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace georep {

/// Why an attempt failed.
struct Failure {
  ErrorCode code;
  Duration retry_after;  ///< of TOOMANYREQUESTS
};

using Outcome = std::expected<ManifestId, Failure>;

class Client {
 public:
  Client(Simulation& simulation, FactBus& facts, Network& network, Registry& registry)
      : simulation_{simulation}, facts_{facts}, network_{network}, registry_{registry} {}

  /// One attempt at a pull: the manifest by its reference (of an index: then the platform's child), then each blob that the host lacks.
  Task<Outcome> pull(Session& session, Reference reference);

  /// One attempt at a push: each blob that the replica lacks, then the manifest.
  Task<Outcome> push(Session& session, TagId tag, ManifestId manifest);

  /// HEAD of a manifest.
  Task<Outcome> poll(Session& session, Reference reference);

  /// GET of the manifest under one tag and PUT under another.
  Task<Outcome> retag(Session& session, Reference from, TagId to);

  /// DELETE of a tag.
  Task<Outcome> untag(Session& session, TagId tag);

  /// DELETE of a manifest by digest.
  Task<Outcome> remove(Session& session, RepositoryId repository, ManifestId manifest);

 private:
  /// A request to a replica and its answer.
  struct Exchange {
    Exchange(Host& asking, Replica& asked, std::uint64_t number, Deadline patience)
        : host{asking}, replica{asked}, identity{number}, connection{number}, gives_up{patience} {}
    Host& host;
    Replica& replica;
    std::uint64_t identity;
    Connection connection;
    Deadline gives_up;  // moves on while bytes move
  };
  using Route = std::expected<Replica*, Failure>;
  using ManifestOutcome = std::expected<ManifestAnswer, Failure>;
  using Done = std::optional<Failure>;  // nothing went wrong, or what did

  /// The requests that are about a blob.
  enum class BlobStep : std::uint8_t { head = 1, begin_upload, finish_upload, get };
  /// What tells a request about a blob from the others of its session.
  std::uint64_t subject(BlobId blob, BlobStep step) const;

  Route route(Session& session, std::optional<RegionId>& unit, std::uint64_t subject);
  Exchange open(Session& session, Replica& replica, std::uint64_t subject);
  bool answers(const Replica& replica);
  bool holds(const Host& host, BlobId blob);
  Task<Done> reach(Exchange& exchange);
  Task<Done> come_back(Exchange& exchange);
  Task<Failure> no_answer(Exchange& exchange);
  Task<Done> download(Exchange& exchange, ProcessScope& served_by, std::int64_t bytes);
  Task<Done> upload(Exchange& exchange, std::int64_t bytes);
  Task<Done> move(Exchange& exchange, ProcessScope& served_by, TransferRequest request);
  Task<void> serve_transfer(TransferRequest request, ReplyTo<TransferOutcome> reply);

  Task<ManifestOutcome> get_manifest(Session& session, Reference reference, bool with_body);
  Task<ManifestOutcome> ask_for_manifest(Session& session, Replica& replica, std::uint64_t subject,
                                         Reference reference, bool with_body);
  Task<Done> fetch_blob(Session& session, BlobId blob);
  Task<Done> push_blob(Session& session, BlobId blob);
  void promise(Session& session, const Replica& replica, BlobId blob);
  Task<std::expected<bool, Failure>> head_blob(Session& session, Replica& replica, BlobId blob);
  Task<Done> begin_upload(Session& session, Replica& replica, BlobId blob);
  Task<Done> finish_upload(Session& session, Replica& replica, BlobId blob);
  Task<Done> put_child(Session& session, RepositoryId repository, ManifestId manifest);
  Task<Outcome> put_manifest(Session& session, TagId tag, ManifestId manifest, ChangeKind kind);

  Simulation& simulation_;
  FactBus& facts_;
  Network& network_;
  Registry& registry_;
};

}  // namespace georep
