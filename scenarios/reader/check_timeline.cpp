// The timeline: when each entry happens, and what it names.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "models/world/fields.hpp"
#include "models/world/operations.hpp"
#include "scenarios/reader/checks.hpp"
#include "sim/fields/flow_text.hpp"

namespace georep {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

/// Checks one entry after another. Settings made by entries before it hold for those after it.
class TimelineChecks {
 public:
  explicit TimelineChecks(const Checked& checked)
      : checked_{checked},
        known_{checked.known},
        findings_{checked.findings},
        sound_{checked.findings.is_empty()} {}

  void run() {
    const auto& timeline = checked_.scenario.world.timeline;
    for (entry_ = 0; entry_ < timeline.size(); ++entry_) {
      check_time(timeline[entry_]);
      std::visit([this](const auto& action) { check(action); }, timeline[entry_].action);
    }
    check_names();
    check_waits();
  }

 private:
  const TimelineEntry& entry() const { return checked_.scenario.world.timeline[entry_]; }
  template <class... Steps>
  std::string at(const Steps&... steps) const {
    return path_of("timeline", entry_, steps...);
  }

  void check_time(const TimelineEntry& entry) {
    if (!entry.at && entry.after.empty() && !entry.every && !findings_.is_written(at("at")))
      findings_.report(Code::missing_key, at(), fmt::format("'at' is missing in {}", at()),
                       "expected at: a duration, or after: an operation");
    const auto excludes = [this](const char* one, const char* other) {
      findings_.report(Code::exclusive_keys, at(other),
                       fmt::format("'{}' and '{}' exclude one another in {}", one, other, at()));
    };
    if (entry.at && !entry.after.empty()) excludes("at", "after");
    const auto only_with = [this](const char* key, const char* other) {
      findings_.report(Code::contradiction, at(key),
                       fmt::format("'{}' has a meaning only beside '{}'", key, other));
    };
    if (entry.after.empty() && findings_.is_written(at("delay"))) only_with("delay", "after");
    if (!entry.every && findings_.is_written(at("count"))) only_with("count", "every");
    check_operation_count(entry);
    check_far_future(entry);
  }

  void check_operation_count(const TimelineEntry& entry) {
    const bool fitted = operations_ <= most_operations;
    operations_ += known_.operations_of(entry);
    if (fitted && operations_ > most_operations)
      findings_.report(Code::too_big, at(), "the timeline has more than 1000000 operations",
                       "repetitions count for each machine of a group; 'workloads' have no limit");
  }

  // Durations have a bound of their own, but their sums must stay within the clock's 292 years too.
  void check_far_future(const TimelineEntry& entry) {
    constexpr double years_200 = 200.0 * 365 * 86'400 * 1e9;
    const auto ns = [](Duration duration) { return static_cast<double>(duration.count()); };
    delays_ += ns(entry.delay);
    double last = ns(entry.at.value_or(Duration{})) + delays_;
    if (entry.every) last += ns(*entry.every) * static_cast<double>(entry.count);
    if (last > years_200)
      findings_.report(Code::out_of_bounds, at(), "this happens more than 200 years from the start");
  }

  void check(const PushAction& push) {
    checked_.require(known_.images, push.image, at("push"));
    const auto to = checked_.require_reference(push.to, at("to"));
    if (to) checked_.require_tag(*to, at("to"));
    check_host(push.on, push.issued_from);
  }
  void check(const PullAction& pull) {
    require_all_pushed(pull.reference, at("pull"));
    check_host(pull.on, pull.issued_from);
  }
  void check(const DeployAction& deploy) {
    require_all_pushed(deploy.reference, at("deploy"));
    checked_.require(known_.clusters, deploy.cluster, at("to"));
    checked_.require(known_.webhooks, deploy.when.webhook, at("when", "webhook"));
  }
  void check(const UntagAction& untag) {
    require_all_pushed(untag.reference, at("untag"));
    if (const auto reference = parse_reference(expand_repetition(untag.reference, 1)))
      checked_.require_tag(*reference, at("untag"));
    checked_.require(known_.hosts, untag.on, at("on"));
  }
  void check(const DeleteAction& remove) {
    const auto reference = parse_reference(expand_repetition(remove.reference, 1));
    if (reference && reference->image.empty())
      findings_.report(Code::bad_reference, at("delete"),
                       "'" + remove.reference + "' names a tag, not a manifest",
                       "expected repository@image; 'untag' removes a tag alone");
    else
      require_all_pushed(remove.reference, at("delete"));
    checked_.require(known_.hosts, remove.on, at("on"));
  }
  void check(const RetagAction& retag) {
    require_all_pushed(retag.from, at("retag", "from"));
    const auto to = checked_.require_reference(retag.to, at("retag", "to"));
    if (to) checked_.require_tag(*to, at("retag", "to"));
    checked_.require(known_.hosts, retag.on, at("on"));
  }
  void check(const FailAction& fail) {
    std::visit([this](const auto& target) { check_target(target); }, fail.target);
  }
  void check(const DegradeAction& degrade) {
    check_link(degrade.link, at("degrade", "link"));
    if (!degrade.bandwidth && !degrade.rtt && !degrade.loss)
      findings_.report(Code::missing_key, at("degrade"), "nothing about the link gets worse",
                       "expected bandwidth, rtt or loss");
  }
  void check(const AddReplicaAction& add) {
    if (!checked_.require(known_.regions, add.region, at("add_replica"))) return;
    const WorldSpec& world = checked_.scenario.world;
    const auto& replicas = world.registry.replicas;
    const bool from_the_start =
        replicas.empty() || std::find(replicas.begin(), replicas.end(), add.region) != replicas.end();
    const bool removed =
        std::any_of(world.timeline.begin(), world.timeline.end(), [&](const TimelineEntry& other) {
          const auto* remove = std::get_if<RemoveReplicaAction>(&other.action);
          return remove != nullptr && remove->region == add.region;
        });
    if (from_the_start && !removed && !findings_.is_unread("registry.replicas"))
      findings_.report(Code::contradiction, at("add_replica"),
                       "there is a replica in '" + add.region + "' from the start",
                       replicas.empty() ? "without 'replicas' every region has one" : "");
  }
  void check(const RemoveReplicaAction& remove) {
    checked_.require(known_.replicas, remove.region, at("remove_replica"));
  }
  void check(const DisableRoutingAction& disable) {
    checked_.require(known_.replicas, disable.region, at("disable_routing"));
  }
  void check(const EnableRoutingAction& enable) {
    checked_.require(known_.replicas, enable.region, at("enable_routing"));
  }

  // What is set has to be right as if it had stood there from the start.
  void check(const SetAction& set) {
    if (set.settings.empty())
      findings_.report(Code::missing_key, at("set"), "nothing is set",
                       "such as {registry.replication.streams: 16}");
    for (const Setting& setting : set.settings) {
      const std::string path = at("set") + path_step(setting.path);
      if (!check_changeable(setting, path)) continue;
      if (!changed_) changed_ = checked_.scenario;
      bool good = true;
      for (Diagnostic& wrong : set_field(changed_->world, setting.path, setting.value)) {
        findings_.report(wrong.code, path, std::move(wrong.message), std::move(wrong.hint));
        good = false;
      }
      // Mistakes of the scenario itself would be reported once more.
      if (!good || !sound_) continue;
      const Findings::At here{findings_, path};
      const Checked after{*changed_, known_, findings_};
      check_network(after);
      check_registry(after);
      check_routing(after);
    }
  }

  bool check_changeable(const Setting& setting, const std::string& path) {
    const std::string section = setting.path.substr(0, setting.path.find_first_of(".["));
    for (const std::string_view fixed :
         {"version", "scenario", "description", "seed", "duration", "warmup", "layers", "images",
          "timeline", "workloads", "uncertainty", "expect"}) {
      if (section != fixed) continue;
      findings_.report(Code::bad_path, path, "'" + section + "' does not change during a run",
                       "what does: registry, routing, network, hosts, clusters and webhooks");
      return false;
    }
    const auto value = parse_flow_text(setting.value);
    if (value && value->is_map() && value->find("empirical") != nullptr) {
      findings_.report(Code::contradiction, path, "a law of samples cannot be set during a run");
      return false;
    }
    return true;
  }

  void check_target(const LinkFault& fault) { check_link(fault.regions, at("fail", "link")); }
  void check_target(const RegionFault& fault) {
    checked_.require(known_.regions, fault.region, at("fail", "region"));
  }
  void check_target(const ReplicaFault& fault) {
    checked_.require(known_.replicas, fault.region, at("fail", "replica"));
  }
  void check_target(const ReplicationFault& fault) {
    checked_.require(known_.replicas, fault.region, at("fail", "replication"));
  }
  void check_target(const WebhookFault& fault) {
    checked_.require(known_.webhooks, fault.webhook, at("fail", "webhook"));
  }
  void check_target(const NodeFault& fault) {
    if (!checked_.require(known_.clusters, fault.cluster, at("fail", "node"))) return;
    for (const ClusterSpec& cluster : checked_.scenario.world.clusters)
      if (cluster.name == fault.cluster && fault.node > cluster.nodes)
        findings_.report(Code::out_of_bounds, at("fail", "node"),
                         fmt::format("the cluster '{}' has no node {}", cluster.name, fault.node),
                         fmt::format("it has {}, counted from 1", cluster.nodes));
  }

  void check_link(const std::array<std::string, 2>& regions, const std::string& path) {
    const bool from_known = checked_.require(known_.regions, regions[0], path + path_step(0));
    const bool to_known = checked_.require(known_.regions, regions[1], path + path_step(1));
    if (!from_known || !to_known || regions[0].empty() || regions[1].empty()) return;
    if (!known_.has_link(regions[0], regions[1]) && !findings_.is_unread("network"))
      findings_.report(Code::bad_link, path,
                       "there is no link between '" + regions[0] + "' and '" + regions[1] + "'",
                       "routes over other regions fail link by link");
  }

  void check_host(const std::string& on, const std::string& issued_from) {
    checked_.require(known_.hosts, on, at("on"));
    checked_.require(known_.hosts, issued_from, at("issued_from"));
  }

  // Each repetition names its own.
  void require_all_pushed(const std::string& text, const std::string& path) {
    const bool numbered = text.find("{n}") != std::string::npos;
    const std::int64_t repetitions = numbered && entry().every ? entry().count : 1;
    if (known_.operation_count > most_operations) return;
    for (std::int64_t n = 1; n <= repetitions && !findings_.is_full(); ++n)
      if (!checked_.require_pushed(expand_repetition(text, n), path)) return;
  }

  void check_names() {
    std::map<std::string, std::size_t> first;
    const auto& timeline = checked_.scenario.world.timeline;
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      const std::string& name = timeline[i].as;
      if (name.empty()) continue;
      const auto [before, added] = first.try_emplace(name, i);
      if (!added)
        findings_.report(Code::name_twice, path_of("timeline", i, "as"),
                         "there are two entries named '" + name + "'",
                         fmt::format("the other is timeline[{}]", before->second));
    }
    check_derived_names(first);
  }

  // `push-1` may be a name that somebody gave, and the name of the first unnamed push.
  void check_derived_names(const std::map<std::string, std::size_t>& given) {
    if (known_.operation_count > most_operations) return;
    std::map<std::string, std::size_t> seen;
    for (const OperationPlan& operation : plan_operations(checked_.scenario.world)) {
      const auto [before, added] = seen.try_emplace(operation.name, operation.entry);
      if (added || before->second == operation.entry) continue;
      const std::size_t named =
          given.contains(operation.name) ? given.at(operation.name) : operation.entry;
      if (checked_.scenario.world.timeline[before->second].as ==
          checked_.scenario.world.timeline[operation.entry].as)
        continue;
      findings_.report(Code::name_twice, path_of("timeline", named, "as"),
                       "two operations would be named '" + operation.name + "'",
                       "unnamed and repeated operations are numbered");
    }
  }

  // An entry waits for one that waits for it, or for itself: neither ever happens.
  void check_waits() {
    const auto& timeline = checked_.scenario.world.timeline;
    std::map<std::string, std::size_t> by_name;
    if (known_.operation_count <= most_operations)
      for (const OperationPlan& operation : plan_operations(checked_.scenario.world))
        by_name.try_emplace(operation.name, operation.entry);
    NameSet operations{"operation", "timeline"};
    for (const auto& [name, entry] : by_name) operations.add(name);
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      if (timeline[i].as.empty() || !operation_kind(timeline[i].action)) continue;
      by_name.insert_or_assign(timeline[i].as, i);
      operations.add(timeline[i].as);
    }
    std::vector<std::size_t> settled(timeline.size(), unsettled);
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      const std::string path = path_of("timeline", i, "after");
      const std::string& awaited = timeline[i].after;
      if (known_.entries.contains(awaited) && !operations.contains(awaited)) {
        findings_.report(Code::unknown_name, path, "'" + awaited + "' is no operation",
                         "'after' waits for a push, pull, retag, untag or delete");
        continue;
      }
      if (known_.operation_count > most_operations ||
          !checked_.require(operations, awaited, path))
        continue;
      std::size_t at = i;
      while (settled[at] == unsettled) {
        settled[at] = i;
        const auto next = by_name.find(timeline[at].after);
        if (timeline[at].after.empty() || next == by_name.end()) break;
        at = next->second;
        if (settled[at] == i)
          findings_.report(Code::contradiction, path_of("timeline", at, "after"),
                           "this waits for '" + timeline[at].after + "', which waits for this");
      }
    }
  }

  static constexpr std::size_t unsettled = static_cast<std::size_t>(-1);

  const Checked& checked_;
  const KnownNames& known_;
  Findings& findings_;
  bool sound_;  ///< nothing was wrong before the timeline
  std::size_t entry_ = 0;
  std::int64_t operations_ = 0;
  double delays_ = 0;
  std::optional<Scenario> changed_;
};

}  // namespace

void check_timeline(const Checked& checked) {
  TimelineChecks{checked}.run();
}

}  // namespace georep
