// A run in plain words: what happened in it that a reader of an explanation may want to know, each with the event that did it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/exploration/trace.hpp"
#include "models/world/world.hpp"

namespace georep {

enum class HappeningKind : std::uint8_t {
  operation_began,
  operation_ended,
  attempt_failed,
  change_taken,        ///< a replica took a push, a retag, a removal
  replication_began,
  replication_failed,
  tag_applied,
  content_stored,      ///< a blob or a manifest arrived
  content_removed,
  cache_filled,
  cache_evicted,
  invalidated,
  read,                ///< the storage was read for a request of a manifest
  cache_answered,
  answered,            ///< a host has the answer to a request of a manifest
  blob_refused,
  blob_promised,
  webhook_fired,
  node_ran,
  routing,
  fault,
};

struct Happening {
  EventIndex event = 0;  ///< 0 where events are not recorded
  Instant at;
  HappeningKind kind = HappeningKind::operation_began;
  RegionId replica = RegionId::none;
  TagId tag = TagId::none;
  CommitId commit = CommitId::none;
  ManifestId manifest = ManifestId::none;
  BlobId blob = BlobId::none;
  HostId host = HostId::none;
  OperationId operation = OperationId::none;
  std::optional<ErrorCode> error;
  std::string place;  ///< the region, host or node where it happens; empty where it has two ends
  std::string from;   ///< of something that goes from one place to another
  std::string to;
  std::string text;   ///< a sentence without its full stop
  std::string actor;  ///< of what goes on from here: on whose behalf later events happen
};

/// Writes down what happens in the runs of a world.
class Chronicle {
 public:
  /// `current`: the event under way, where events are recorded. The world must outlive this.
  Chronicle(World& world, std::function<EventIndex()> current);
  Chronicle(const Chronicle&) = delete;
  Chronicle& operator=(const Chronicle&) = delete;

  /// Before each run. Nothing is written down of one that nobody wants to read.
  void begin(bool wanted);
  const std::vector<Happening>& happenings() const { return happenings_; }

  /// A longer run than this is told up to here.
  static constexpr std::size_t most_happenings = 200'000;

 private:
  void watch_operations();
  void watch_changes();
  void watch_content();
  void watch_cache();
  void watch_rest();

  template <class Fact, class Tell>
  void watch(HappeningKind kind, Tell tell);

  std::string region(RegionId id) const;
  std::string cache(CacheTier tier, RegionId id) const;
  std::string tag(TagId id) const;
  std::string image(ManifestId id) const;
  std::string remembered(ManifestId id) const;  // as a cache has it
  std::string blob(BlobId id) const;
  std::string host(HostId id) const;
  std::string operation(OperationId id, OperationKind kind) const;
  std::string change(CommitId commit) const;

  World& world_;
  std::function<EventIndex()> current_;
  bool wanted_ = false;
  std::vector<Happening> happenings_;
  struct Change {
    std::string what;   // `the push of hello`
    RegionId replica = RegionId::none;
  };
  std::vector<Change> changes_;  // by commit
};

}  // namespace georep
