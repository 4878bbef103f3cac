#include "scenarios/reader/known_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/data/clouds.hpp"
#include "models/network/fields.hpp"
#include "models/registry/cache_policy.hpp"
#include "models/registry/replication_policy.hpp"
#include "models/world/operations.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back()))
    return false;
  for (std::size_t i = 0; i < text.size();) {
    if (is_lower_or_digit(text[i])) {
      ++i;
      continue;
    }
    const std::size_t end = std::min(
        text.find_first_of("abcdefghijklmnopqrstuvwxyz0123456789", i), text.size());
    const std::string_view separator = text.substr(i, end - i);
    if (separator != "." && separator != "_" && separator != "__" &&
        separator.find_first_not_of('-') != std::string_view::npos)
      return false;
    i = end;
  }
  return true;
}

bool is_repository(std::string_view text) {
  constexpr std::size_t longest = 255;
  if (text.empty() || text.size() > longest) return false;
  while (true) {
    const std::size_t slash = text.find('/');
    if (!is_path_component(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

// [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}
bool is_tag(std::string_view text) {
  constexpr std::size_t longest = 128;
  if (text.empty() || text.size() > longest || text.front() == '.' || text.front() == '-')
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
  });
}

// Whether a number without leading zeros follows the prefix.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  if (text.empty() || text.front() < '1' || text.front() > '9') return {};
  const auto number = parse_integer(text);
  if (!number) return {};
  return *number;
}

}  // namespace

std::string NameSet::hint(std::string_view written) const {
  // Searching more names than this for the nearest takes longer than anybody gains by it.
  constexpr std::size_t many = 10'000;
  if (empty()) return "'" + section_ + "' declares none";
  if (ordered_.size() > many) return {};
  std::string hint = spelling_hint(written, ordered_);
  if (hint.empty())
    hint = ordered_.size() == 1 ? fmt::format("there is one, '{}'", ordered_.front())
                                : fmt::format("there are {}, such as {} and {}", ordered_.size(), ordered_.front(),
                       ordered_.back());
  return hint;
}

std::optional<WrittenReference> parse_reference(std::string_view text) {
  WrittenReference reference;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    reference.repository = text.substr(0, at);
    reference.image = text.substr(at + 1);
    if (!is_repository(reference.repository) || reference.image.empty()) return {};
    return reference;
  }
  const std::size_t colon = text.rfind(':');
  reference.repository = text.substr(0, colon);
  reference.tag = colon == std::string_view::npos ? "latest" : text.substr(colon + 1);
  if (!is_repository(reference.repository) || !is_tag(reference.tag)) return {};
  return reference;
}

KnownNames::KnownNames(const Scenario& scenario) : scenario_{scenario} {
  const WorldSpec& world = scenario.world;
  add_regions(world.network);
  add_replicas(world);
  for (const std::string& name : cache_policy_names()) cache_policies.add(name);
  for (const std::string& name : replication_policy_names()) replication_policies.add(name);
  for (const LayerSpec& layer : world.layers) layers.add(layer.name);
  for (const ImageSpec& image : world.images) {
    images.add(image.name);
    if (const auto* index = std::get_if<ImageIndex>(&image.content))
      indexes_.emplace(image.name, index);
  }
  for (const HostSpec& host : world.hosts) hosts.add(host.name);
  for (const ClusterSpec& cluster : world.clusters) clusters.add(cluster.name);
  for (const WebhookSpec& webhook : world.webhooks) webhooks.add(webhook.name);
  for (const TimelineEntry& entry : world.timeline)
    if (!entry.as.empty()) entries.add(entry.as);
  for (const HostSpec& host : world.hosts) machines_[host.name] = host.count;
  for (const TimelineEntry& entry : world.timeline)
    operation_count = std::min(operation_count + operations_of(entry), most_operations + 1);
  if (operation_count > most_operations) return;
  for (const OperationPlan& operation : plan_operations(world)) operations.add(operation.name);
  for (const TimelineEntry& entry : world.timeline) add_pushed(entry);
}

bool KnownNames::has_link(const std::string& a, const std::string& b) const {
  if (links_.contains({a, b}) || links_.contains({b, a})) return true;
  const auto& preset = scenario_.world.network.preset;
  return preset && find_cloud(text(*preset))->round_trip(a, b).has_value();
}

std::int64_t KnownNames::machines(const std::string& host) const {
  const auto found = machines_.find(host);
  return found == machines_.end() ? 1 : found->second;
}

std::int64_t KnownNames::operations_of(const TimelineEntry& entry) const {
  if (!operation_kind(entry.action)) return 0;
  const std::string* host = host_of(entry.action);
  const std::int64_t repetitions = entry.every ? entry.count : 1;
  // Both are at most a million, so the product is far from overflow.
  return std::min(repetitions * machines(*host), most_operations + 1);
}

void KnownNames::add_regions(const NetworkSpec& network) {
  if (network.preset)
    for (const CloudRegion& region : find_cloud(text(*network.preset))->regions())
      regions.add(std::string{region.name});
  for (const RegionSpec& region : network.regions) regions.add(region.name);
  for (const LinkSpec& link : network.links) links_.emplace(link.from(), link.to());
}

void KnownNames::add_replicas(const WorldSpec& world) {
  for (const std::string& name :
       world.registry.replicas.empty() ? regions.names() : world.registry.replicas)
    replicas.add(name);
  for (const TimelineEntry& entry : world.timeline)
    if (const auto* added = std::get_if<AddReplicaAction>(&entry.action))
      replicas.add(added->region);
}

void KnownNames::add_pushed(const TimelineEntry& entry) {
  const auto* push = std::get_if<PushAction>(&entry.action);
  const auto* retag = std::get_if<RetagAction>(&entry.action);
  if (push == nullptr && retag == nullptr) return;
  const std::string& text = push != nullptr ? push->to : retag->to;
  for (std::int64_t n = 1; n <= (entry.every ? entry.count : 1); ++n) {
    const auto reference = parse_reference(expand_repetition(text, n));
    if (!reference) return;
    pushed_tags.add(reference->text());
    if (push != nullptr) add_pushed_image(reference->repository, push->image);
    if (text.find("{n}") == std::string::npos) return;
  }
}

// With an index go its children, which a digest finds as well.
void KnownNames::add_pushed_image(const std::string& repository, const std::string& image) {
  std::vector<std::string> to_add{image};
  while (!to_add.empty()) {
    const std::string next = std::move(to_add.back());
    to_add.pop_back();
    const std::string text = repository + "@" + next;
    if (pushed_images.contains(text)) continue;
    pushed_images.add(text);
    const auto index = indexes_.find(next);
    if (index == indexes_.end()) continue;
    for (const IndexChild& child : index->second->index) to_add.push_back(child.image);
  }
}

bool KnownNames::is_pushed(const WrittenReference& reference) const {
  if (pushed_tags.contains(reference.text()) || pushed_images.contains(reference.text()))
    return true;
  const auto repository = number_after(reference.repository, "repo-");
  const bool numbered = number_after(reference.tag, "v").has_value();
  const auto& workloads = scenario_.world.workloads;
  return repository && numbered &&
         std::any_of(workloads.begin(), workloads.end(), [&](const WorkloadSpec& workload) {
           const auto* pushes = std::get_if<PushesSpec>(&workload.work);
           return pushes != nullptr && *repository <= pushes->repositories;
         });
}

bool Checked::require(const NameSet& names, const std::string& name,
                      const std::string& path) const {
  if (name.empty() || names.contains(name)) return true;
  if (findings.is_full() || findings.is_unread(names.section())) return false;
  // That there is none at all is said once.
  if (&names == &known.regions && names.empty()) return false;
  findings.report(Code::unknown_name, path, "there is no " + names.what() + " '" + name + "'",
                  names.hint(name));
  return false;
}

std::optional<WrittenReference> Checked::require_reference(const std::string& text,
                                                           const std::string& path) const {
  if (text.empty()) return {};
  // Which repetition it is makes no difference to the grammar.
  auto reference = parse_reference(expand_repetition(text, 1));
  if (!reference)
    findings.report(Code::bad_reference, path, "'" + text + "' is no reference",
                    "expected repository:tag such as 'samples/helloworld:v1'; a repository is "
                    "written in lower case");
  return reference;
}

bool Checked::require_tag(const WrittenReference& reference, const std::string& path) const {
  if (reference.image.empty()) return true;
  findings.report(Code::bad_reference, path,
                  "'" + reference.text() + "' names a manifest, not a tag",
                  "expected repository:tag");
  return false;
}

bool Checked::require_pushed(const std::string& text, const std::string& path) const {
  const auto reference = require_reference(text, path);
  if (!reference) return false;
  if (!reference->image.empty() && !require(known.images, reference->image, path)) return false;
  const bool unsure = findings.is_unread("timeline") || findings.is_unread("workloads") ||
                      known.operation_count > most_operations;
  if (unsure || findings.is_full() || known.is_pushed(*reference)) return true;
  const NameSet& pushed = reference->image.empty() ? known.pushed_tags : known.pushed_images;
  findings.report(Code::never_pushed, path, "nothing ever pushes '" + reference->text() + "'",
                  pushed.empty() ? "no entry of the timeline pushes anything"
                                 : pushed.hint(reference->text()));
  return false;
}

}  // namespace georep
