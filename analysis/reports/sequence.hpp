// What befell one tag, as a Mermaid sequence diagram (mermaid.js.org, "Sequence diagrams"): pushes, the changes that
// travel, what each pull was told, and what caches held.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "models/world/world.hpp"

namespace georep {

class SequenceDiagram {
 public:
  /// A diagram of more lines than this can hardly be read; what is beyond is counted.
  static constexpr std::size_t most_lines = 60;

  /// Subscribes to the world's facts, which must outlive this. `tag` is written `repository:tag`.
  SequenceDiagram(World& world, std::string tag);

  /// The diagram of all that happened until now.
  std::string text() const;

 private:
  void watch_changes();
  void watch_answers();
  void watch_cache();
  void watch_rest();

  bool concerns(TagId tag) const { return tag != TagId::none && world_.names().text(tag) == tag_; }
  std::string participant(const std::string& name);
  std::string replica(RegionId region);
  std::string host(HostId host);
  std::string content_name(ManifestId manifest) const;
  void arrow(const std::string& from, std::string_view kind, const std::string& to, Instant at,
             const std::string& message);
  void note(const std::string& over, Instant at, const std::string& message);
  void add(std::string line);

  World& world_;
  std::string tag_;
  std::vector<std::string> participants_;
  std::vector<std::string> lines_;
  std::size_t left_out_ = 0;
  std::map<CommitId, RegionId> origins_;
  std::map<HostId, std::string> last_answers_;  // of polls: the same answer again is not news
  std::map<HostId, TagId> asked_;               // the tag that a host's pull is about
};

}  // namespace georep
