// The bookkeeping of replication: a change on its journey, its copying to one destination, an attempt at that.
#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "models/registry/replication.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

/// The blobs on their way to one replica, so that none is copied twice.
class BlobsUnderWay {
 public:
  BlobsUnderWay(Simulation& simulation, RegionId target)
      : simulation_{simulation}, target_{target} {}

  bool contains(BlobId blob) const {
    simulation_.note_read(object(blob));
    return std::find(blobs_.begin(), blobs_.end(), blob) != blobs_.end();
  }
  void add(BlobId blob) {
    simulation_.note_write(object(blob));
    blobs_.push_back(blob);
  }
  void remove(BlobId blob) {
    simulation_.note_write(object(blob));
    std::erase(blobs_, blob);
  }
  void clear() { blobs_.clear(); }

 private:
  SharedObject object(BlobId blob) const {
    return shared::object(shared::Kind::copy_of_blob, target_, index(blob));
  }

  Simulation& simulation_;
  RegionId target_;
  std::vector<BlobId> blobs_;
};

/// A change and the replicas that it has been sent to.
struct Replication::Journey : std::enable_shared_from_this<Journey> {
  Journey(std::list<Journey*>& all_under_way, const Change& carried)
      : under_way{all_under_way}, place{under_way.insert(under_way.end(), this)}, change{carried} {}
  ~Journey() { under_way.erase(place); }
  Journey(const Journey&) = delete;
  Journey& operator=(const Journey&) = delete;

  std::list<Journey*>& under_way;
  std::list<Journey*>::iterator place;
  Change change;
  std::vector<RegionId> reached;
  std::vector<RegionId> holders;  // where it began, and where all of it has arrived
  bool forwarded = true;       // whether replicas may pass it on
  std::function<void()> done;  // of a back-fill: called when it is there
};

/// The copying of a change to one destination, as seen from one attempt.
struct Replication::Job {
  Job(std::shared_ptr<Journey> carried, RegionId from) : journey{std::move(carried)}, source{from} {}
  const Change& change() const { return journey->change; }
  /// Which of the attempts at this copying it is.
  std::uint32_t number() const { return failures << 1 | (repeats ? 1U : 0U); }

  std::shared_ptr<Journey> journey;
  RegionId source;
  std::uint32_t failures = 0;
  std::vector<BlobId> copied;   // blobs that this copying brought to the destination
  std::uint32_t in_flight = 0;  // records and blobs that have left and not arrived
  bool all_sent = false;
  bool lost = false;     // something arrived at a replica that was down
  bool invalidates = false;  // its steps have an invalidation among them
  bool repeats = false;  // what it carries has arrived before
  Listened progress;     // a search's name for what of it has left and arrived
  Listened records;      // and for what has left on the connection of its records
};

/// What goes through the stages of `order` together.
struct Replication::Part {
  std::vector<ManifestId> manifests;  // in the order in which they are stored
  bool names = true;                  // whether the tag, the invalidation and the notification belong to it
};

/// A running attempt. Its scope is its own, so that a crash ends it alone.
struct Replication::Attempt {
  explicit Attempt(Simulation& simulation) : scope{simulation} {}
  std::shared_ptr<Job> job;  // null while the place is free
  Connection records;
  ProcessScope scope;
};

struct Replication::Destination {
  Destination(Simulation& simulation, Replica& target, std::size_t stream_count)
      : replica{target},
        streams{stream_count},
        copying{simulation, target.region},
        processes{simulation} {}
  RegionId region() const { return replica.region; }

  /// A place for an attempt, used again when it is free.
  Attempt& free_attempt(Simulation& simulation, std::shared_ptr<Job> job) {
    for (const auto& attempt : attempts) {
      if (attempt->job != nullptr || !attempt->scope.empty()) continue;
      attempt->job = std::move(job);
      return *attempt;
    }
    attempts.push_back(std::make_unique<Attempt>(simulation));
    attempts.back()->job = std::move(job);
    return *attempts.back();
  }

  Replica& replica;
  std::deque<std::shared_ptr<Job>> waiting;
  std::size_t running = 0;
  std::size_t under_way = 0;  // copyings that have not ended, wherever they are
  bool paused = false;
  Resource streams;
  BlobsUnderWay copying;
  Signal copied;  // a blob arrived or its copying failed
  std::vector<std::unique_ptr<Attempt>> attempts;
  std::vector<std::shared_ptr<Job>> begun;  // and neither failed nor arrived to their last record
  ProcessScope processes;  // starts, deliveries and retries
};

}  // namespace georep
