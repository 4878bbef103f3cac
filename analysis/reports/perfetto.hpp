// A run as a timeline: the JSON that ui.perfetto.dev and chrome://tracing read ("Trace Event Format", Google, 2016). A
// process for each region; what lasts is an async pair, because such spans overlap; changes that travel are joined by
// flow arrows. The trace is written while the run goes on, so that its size needs no memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "models/world/world.hpp"

namespace georep {

class PerfettoTrace {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// Subscribes to the world's facts, which must outlive this, and writes the trace's beginning.
  PerfettoTrace(World& world, Sink sink);

  /// Writes the end. Spans that are still open end at that instant.
  void finish(Instant end);

 private:
  struct Track {
    std::uint32_t process = 0;
    std::uint32_t thread = 0;
  };
  /// A span that began and has not ended.
  struct Open {
    Track track;
    std::string name;
    Instant began;
  };
  using ReplicationKey = std::tuple<CommitId, RegionId, RegionId>;

  void name_tracks();
  void watch_clients();
  void watch_registry();
  void watch_replication();
  void watch_rest();

  Track replica_track(RegionId region) const;
  Track host_track(HostId host) const;
  std::string content_name(ManifestId manifest) const;
  std::string tag_name(TagId tag) const;

  void event(std::string_view fields);
  void span(Track track, std::string_view category, const std::string& name, Instant from, Instant to,
            const std::string& arguments = {});
  void mark(Track track, const std::string& name, Instant at, const std::string& arguments = {});
  void arrow(bool begins, Track track, std::uint64_t id, Instant at);
  void count(Track track, std::string_view name, Instant at, std::uint64_t value);
  void close(const Open& open, std::string_view category, Instant at, const std::string& arguments);

  World& world_;
  Sink sink_;
  bool first_ = true;
  std::uint64_t next_span_ = 1;
  std::map<ReplicationKey, Open> replications_;
  std::map<std::string, Open> faults_;
};

}  // namespace georep
