// The whole simulated world as a scenario describes it: every section, and the timeline of what
// happens when.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/clients/spec.hpp"
#include "models/network/spec.hpp"
#include "models/registry/image_spec.hpp"
#include "models/registry/spec.hpp"
#include "models/routing/spec.hpp"
#include "models/workload/spec.hpp"
#include "sim/fields/quantities.hpp"
#include "sim/fields/retry_spec.hpp"

namespace georep {

struct PushAction {
  std::string image;
  std::string to;  ///< reference with a tag
  std::string on;
  std::string issued_from;  ///< host whose client asks; empty: `on` itself
  RetrySpec retry = RetrySpec::none();
  friend bool operator==(const PushAction&, const PushAction&) = default;
};
struct PullAction {
  std::string reference;
  std::string on;
  std::string issued_from;
  RetrySpec retry = RetrySpec::none();
  friend bool operator==(const PullAction&, const PullAction&) = default;
};

/// When a deployment begins to pull.
struct DeployWhen {
  enum class Kind : std::uint8_t { now, replicated, webhook };
  Kind kind = Kind::now;
  std::string webhook;  ///< only for Kind::webhook
  friend bool operator==(const DeployWhen&, const DeployWhen&) = default;
};
struct DeployAction {
  std::string reference;
  std::string cluster;
  DeployWhen when;
  friend bool operator==(const DeployAction&, const DeployAction&) = default;
};
/// Removes a tag; the manifest stays.
struct UntagAction {
  std::string reference;
  std::string on;
  friend bool operator==(const UntagAction&, const UntagAction&) = default;
};
/// Removes a manifest (`repository@image`) and every tag on it.
struct DeleteAction {
  std::string reference;
  std::string on;
  friend bool operator==(const DeleteAction&, const DeleteAction&) = default;
};
struct RetagAction {
  std::string from;
  std::string to;
  std::string on;
  friend bool operator==(const RetagAction&, const RetagAction&) = default;
};

struct LinkFault {
  std::array<std::string, 2> regions;
  friend bool operator==(const LinkFault&, const LinkFault&) = default;
};
struct RegionFault {
  std::string region;
  friend bool operator==(const RegionFault&, const RegionFault&) = default;
};
struct ReplicaFault {
  std::string region;
  friend bool operator==(const ReplicaFault&, const ReplicaFault&) = default;
};
/// `web-we/3`: the third node of a cluster, counted from 1.
struct NodeFault {
  std::string cluster;
  std::int64_t node = 1;
  friend bool operator==(const NodeFault&, const NodeFault&) = default;
};
/// The agent that copies changes to a region.
struct ReplicationFault {
  std::string region;
  friend bool operator==(const ReplicationFault&, const ReplicationFault&) = default;
};
struct WebhookFault {
  std::string webhook;
  friend bool operator==(const WebhookFault&, const WebhookFault&) = default;
};
using FaultTarget =
    std::variant<LinkFault, RegionFault, ReplicaFault, NodeFault, ReplicationFault, WebhookFault>;

struct FailAction {
  FaultTarget target;
  std::optional<Duration> lasts;  ///< `for:`; empty: to the end, but for a node 0 s
  friend bool operator==(const FailAction&, const FailAction&) = default;
};
struct DegradeAction {
  std::array<std::string, 2> link;
  std::optional<Bandwidth> bandwidth;
  std::optional<Duration> rtt;
  std::optional<Ratio> loss;
  std::optional<Duration> lasts;  ///< `for:`; empty: to the end
  friend bool operator==(const DegradeAction&, const DegradeAction&) = default;
};

/// One path of the language and the text of its new value, as `--set` takes them.
struct Setting {
  std::string path;
  std::string value;
  friend bool operator==(const Setting&, const Setting&) = default;
};
struct SetAction {
  std::vector<Setting> settings;
  friend bool operator==(const SetAction&, const SetAction&) = default;
};

enum class RoutedWhen : std::uint8_t { at_once, when_synced };
/// Which of the existing content a new replica copies first.
enum class BackfillOrder : std::uint8_t { oldest_first, newest_first };

struct AddReplicaAction {
  std::string region;
  RoutedWhen routed = RoutedWhen::at_once;
  BackfillOrder backfill = BackfillOrder::oldest_first;
  friend bool operator==(const AddReplicaAction&, const AddReplicaAction&) = default;
};
struct RemoveReplicaAction {
  std::string region;
  friend bool operator==(const RemoveReplicaAction&, const RemoveReplicaAction&) = default;
};
struct DisableRoutingAction {
  std::string region;
  friend bool operator==(const DisableRoutingAction&, const DisableRoutingAction&) = default;
};
struct EnableRoutingAction {
  std::string region;
  friend bool operator==(const EnableRoutingAction&, const EnableRoutingAction&) = default;
};

using Action = std::variant<PushAction, PullAction, DeployAction, UntagAction, DeleteAction,
                            RetagAction, FailAction, DegradeAction, SetAction, AddReplicaAction,
                            RemoveReplicaAction, DisableRoutingAction, EnableRoutingAction>;

/// One entry of the timeline: an action, and when it happens. Either `at` or `after` is given, or
/// `every` alone.
struct TimelineEntry {
  std::optional<Duration> at;     ///< with `every` the first time, 0 s where omitted
  std::string after;              ///< name of an operation whose last attempt has to be over
  Duration delay;                 ///< only with `after`
  std::optional<Duration> every;  ///< repeats `count` times
  std::int64_t count = 1;         ///< only with `every`
  std::string as;                 ///< the operation's name; empty: by kind and order
  Action action;
  Place place;
  friend bool operator==(const TimelineEntry&, const TimelineEntry&) = default;
};

struct WorldSpec {
  std::int64_t version = 1;
  std::string scenario;  ///< the title
  std::string description;
  std::uint64_t seed = 1;
  std::optional<Duration> duration;  ///< empty: ends when nothing is left to do
  Duration warmup;
  NetworkSpec network;
  RegistrySpec registry;
  RoutingSpec routing;
  std::vector<LayerSpec> layers;
  std::vector<ImageSpec> images;
  std::vector<HostSpec> hosts;
  std::vector<ClusterSpec> clusters;
  std::vector<WebhookSpec> webhooks;
  std::vector<TimelineEntry> timeline;
  std::vector<WorkloadSpec> workloads;
  friend bool operator==(const WorldSpec&, const WorldSpec&) = default;
};

}  // namespace georep
