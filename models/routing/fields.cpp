#include "models/routing/fields.hpp"

#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

KindOf<RoutingPolicy> policy() {
  const auto weights =
      named_values<&RegionWeight::name, &RegionWeight::weight>(count(0), "region names");
  return OneOf<RoutingPolicy>("a routing policy")
      .word<NearestPolicy>("nearest")
      .keyed<PriorityPolicy>(
          "priority", RecordOf<PriorityPolicy>("priority", "").head<&PriorityPolicy::regions>(
                          "priority", list(name("a region"), {1, Repeats::refused}),
                          "The first of these that is healthy."))
      .keyed<WeightedPolicy>(
          "weighted", RecordOf<WeightedPolicy>("weighted", "").head<&WeightedPolicy::weights>(
                          "weighted", weights, "Drawn at each resolution, by these weights."))
      .keyed<PinnedPolicy>("pinned",
                           RecordOf<PinnedPolicy>("pinned", "").head<&PinnedPolicy::region>(
                               "pinned", name("a region"), "Always this one."));
}

}  // namespace

const RecordOf<RoutingSpec>& routing_fields() {
  static const RecordOf<RoutingSpec> fields =
      RecordOf<RoutingSpec>("routing", "Which replica a host is sent to.")
          .field<&RoutingSpec::policy>(
              "policy", policy(), "How a replica is chosen; nearest is the least round trip from the host's resolver.")
          .field<&RoutingSpec::dns_ttl>("dns_ttl", duration(), "How long a host keeps an answer.")
          .field<&RoutingSpec::probe>(
              "probe",
              optional(KindOf<ProbeSpec>(
                           RecordOf<ProbeSpec>("probe", "How replicas are watched.")
                               .field<&ProbeSpec::interval>("interval", duration(1_ns),
                                                            "From one probe to the next.")
                               .field<&ProbeSpec::timeout>("timeout", duration(),
                                                           "A probe unanswered for this long failed.")
                               .field<&ProbeSpec::tolerated_failures>(
                                   "tolerated_failures", count(0),
                                   "In a row; one more and the replica leaves the answers.")),
                       "none"),
              "How replicas are watched; none: nothing leaves the answers.");
  return fields;
}

}  // namespace georep
