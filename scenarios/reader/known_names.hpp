// The names that a scenario declares, for finding those that it uses without declaring them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "scenarios/reader/findings.hpp"

namespace georep {

/// The names of one sort of thing.
class NameSet {
 public:
  /// `what` as in `there is no WHAT 'x'`; `section` is where such things are declared.
  NameSet(std::string what, std::string section)
      : what_{std::move(what)}, section_{std::move(section)} {}

  void add(const std::string& name) {
    if (names_.insert(name).second) ordered_.push_back(name);
  }
  bool contains(std::string_view name) const { return names_.contains(name); }
  bool empty() const { return names_.empty(); }
  const std::string& what() const { return what_; }
  const std::string& section() const { return section_; }
  /// In the order of declaration.
  const std::vector<std::string>& names() const { return ordered_; }
  /// What to write instead of a name that is not there.
  std::string hint(std::string_view written) const;

 private:
  std::string what_;
  std::string section_;
  std::set<std::string, std::less<>> names_;
  std::vector<std::string> ordered_;
};

/// A reference to content: `repository:tag`, or `repository@image` for the digest of an image.
struct WrittenReference {
  std::string repository;
  std::string tag;    ///< `latest` where neither is written
  std::string image;  ///< of a digest; else empty

  std::string text() const { return repository + (image.empty() ? ":" + tag : "@" + image); }
};

/// Reads a reference by the grammar of the OCI distribution specification (1.1, "Pulling
/// manifests"). The image of a digest is the scenario's own name for it.
std::optional<WrittenReference> parse_reference(std::string_view text);

/// A run holds every operation of its timeline in memory.
inline constexpr std::int64_t most_operations = 1'000'000;

struct KnownNames {
  explicit KnownNames(const Scenario& scenario);

  NameSet regions{"region", "network"};
  NameSet replicas{"replica in", "registry.replicas"};  ///< from the start, or added later
  NameSet layers{"layer", "layers"};
  NameSet images{"image", "images"};
  NameSet hosts{"host", "hosts"};
  NameSet clusters{"cluster", "clusters"};
  NameSet cache_policies{"cache policy", "registry"};              ///< those of the program
  NameSet replication_policies{"replication policy", "registry"};  ///< those of the program
  NameSet webhooks{"webhook", "webhooks"};
  NameSet entries{"entry of the timeline named", "timeline"};  ///< by `as`
  NameSet operations{"operation", "timeline"};                 ///< as the results call them
  NameSet pushed_tags{"push of", "timeline"};                  ///< `repository:tag`
  NameSet pushed_images{"push of", "timeline"};                ///< `repository@image`

  /// Whether a link leads straight from one region to the other, or back.
  bool has_link(const std::string& a, const std::string& b) const;
  /// How many machines a host stands for; 1 for one that is not declared.
  std::int64_t machines(const std::string& host) const;
  /// The operations of an entry: repetitions times machines. At least most_operations + 1 where it is more.
  std::int64_t operations_of(const TimelineEntry& entry) const;
  /// Those of the whole timeline. Beyond most_operations, `operations` and what is pushed stay empty.
  std::int64_t operation_count = 0;

  /// Whether something gives that tag, or puts that image into that repository.
  bool is_pushed(const WrittenReference& reference) const;

 private:
  void add_regions(const NetworkSpec& network);
  void add_replicas(const WorldSpec& world);
  void add_pushed(const TimelineEntry& entry);
  void add_pushed_image(const std::string& repository, const std::string& image);

  const Scenario& scenario_;
  std::map<std::string, std::int64_t, std::less<>> machines_;
  std::set<std::pair<std::string, std::string>> links_;
  std::map<std::string, const ImageIndex*, std::less<>> indexes_;
};

/// What every check is given.
struct Checked {
  const Scenario& scenario;
  const KnownNames& known;
  Findings& findings;

  /// Reports a name that is not declared. An empty one was left out.
  bool require(const NameSet& names, const std::string& name, const std::string& path) const;
  /// Reports a text that is no reference; gives what it says.
  std::optional<WrittenReference> require_reference(const std::string& text,
                                                    const std::string& path) const;
  /// Reports a reference to a manifest where only a tag will do.
  bool require_tag(const WrittenReference& reference, const std::string& path) const;
  /// Also reports what nothing ever pushes.
  bool require_pushed(const std::string& text, const std::string& path) const;
};

}  // namespace georep
