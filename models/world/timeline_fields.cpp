// How an entry of the timeline is written.
#include "models/world/fields.hpp"
#include "sim/fields/flow_text.hpp"
#include "sim/fields/retry_kind.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

/// `web-we/3`.
class NodeKind : public Kind {
 public:
  bool read(const Value& value, void* object, Binding& binding) const override {
    auto& node = *static_cast<NodeFault*>(object);
    if (value.is_scalar()) {
      const std::string& text = value.text();
      const std::size_t slash = text.rfind('/');
      if (slash != std::string::npos && slash > 0) {
        const auto number = parse_integer(std::string_view{text}.substr(slash + 1));
        if (number && *number >= 1) {
          node.cluster = text.substr(0, slash);
          node.node = *number;
          return true;
        }
      }
    }
    binding.report(Code::bad_quantity, value, value.found() + " is no node of a cluster",
                   "expected a cluster and a number from 1, such as 'web-we/3'");
    return false;
  }
  Value write(const void* object) const override {
    const auto& node = *static_cast<const NodeFault*>(object);
    return Value::plain(node.cluster + "/" + std::to_string(node.node));
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.name = "a node such as web-we/3";
    shape.pattern = "^.+/[0-9]+$";
    return std::make_shared<const Shape>(std::move(shape));
  }
};

/// The text of whatever value stands there, to be read when its time comes.
class AnyValue : public Kind {
 public:
  bool read(const Value& value, void* object, Binding&) const override {
    *static_cast<std::string*>(object) = flow_text(value);
    return true;
  }
  Value write(const void* object) const override {
    auto value = parse_flow_text(*static_cast<const std::string*>(object));
    return value ? std::move(*value) : Value{};
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.form = Shape::Form::any;
    shape.name = "what that path takes";
    return std::make_shared<const Shape>(std::move(shape));
  }
};

RecordOf<PushAction> push_fields() {
  return RecordOf<PushAction>("push", "")
      .head<&PushAction::image>("push", name("an image"), "The image that is pushed.")
      .field<&PushAction::to>("to", name("a reference"), "The tag that it gets.",
                              {.required = true})
      .field<&PushAction::on>("on", name("a host"), "The host that executes it.",
                              {.required = true})
      .field<&PushAction::issued_from>("issued_from", name("a host"), "Where the client asks.",
                                       {.otherwise = "the same host"})
      .field<&PushAction::retry>("retry", retry(), "When it is tried again after a failure.");
}

RecordOf<PullAction> pull_fields() {
  return RecordOf<PullAction>("pull", "")
      .head<&PullAction::reference>("pull", name("a reference"), "What is pulled.")
      .field<&PullAction::on>("on", name("a host"), "The host that executes it.",
                              {.required = true})
      .field<&PullAction::issued_from>("issued_from", name("a host"), "Where the client asks.",
                                       {.otherwise = "the same host"})
      .field<&PullAction::retry>("retry", retry(), "When it is tried again after a failure.");
}

RecordOf<DeployAction> deploy_fields() {
  const auto when = word_or_map<&DeployWhen::kind>(
      words<DeployWhen::Kind>({{"now", DeployWhen::Kind::now, ""},
                               {"replicated", DeployWhen::Kind::replicated,
                                "when the cluster's region can serve it"}}),
      DeployWhen::Kind::webhook,
      RecordOf<DeployWhen>("webhook", "").field<&DeployWhen::webhook>(
          "webhook", name("a webhook"), "When it delivers a push of that reference.",
          {.required = true}));
  return RecordOf<DeployAction>("deploy", "")
      .head<&DeployAction::reference>("deploy", name("a reference"), "What is deployed.")
      .field<&DeployAction::cluster>("to", name("a cluster"), "The cluster that runs it.",
                                     {.required = true, .also = {"in"}})
      .field<&DeployAction::when>("when", when, "When its nodes begin to pull.");
}

RecordOf<UntagAction> untag_fields() {
  return RecordOf<UntagAction>("untag", "")
      .head<&UntagAction::reference>("untag", name("a reference"),
                                     "The tag that goes; the manifest stays.")
      .field<&UntagAction::on>("on", name("a host"), "The host that asks.", {.required = true});
}

RecordOf<DeleteAction> delete_fields() {
  return RecordOf<DeleteAction>("delete", "")
      .head<&DeleteAction::reference>("delete", name("a repository@image"),
                                      "The manifest that goes, and every tag on it.")
      .field<&DeleteAction::on>("on", name("a host"), "The host that asks.", {.required = true});
}

RecordOf<RetagAction> retag_fields() {
  return RecordOf<RetagAction>("retag", "")
      .head_part("retag",
                 RecordOf<RetagAction>("retag", "")
                     .field<&RetagAction::from>("from", name("a reference"), "What is read.",
                                                {.required = true})
                     .field<&RetagAction::to>("to", name("a reference"), "The tag that it gets.",
                                              {.required = true}),
                 "Gives what one tag names another tag.")
      .field<&RetagAction::on>("on", name("a host"), "The host that asks.", {.required = true});
}

KindOf<FaultTarget> fault_target() {
  return OneOf<FaultTarget>("what fails")
      .keyed<LinkFault>("link", RecordOf<LinkFault>("link", "").head<&LinkFault::regions>(
                                    "link", pair(name("a region")), "The link between two regions."))
      .keyed<RegionFault>("region", RecordOf<RegionFault>("region", "").head<&RegionFault::region>(
                                        "region", name("a region"), "Everything in a region."))
      .keyed<ReplicaFault>("replica",
                           RecordOf<ReplicaFault>("replica", "").head<&ReplicaFault::region>(
                               "replica", name("a region"), "The replica in a region."))
      .keyed<NodeFault>("node",
                        RecordOf<NodeFault>("node", "")
                            .head_part("node", KindOf<NodeFault>{std::make_shared<NodeKind>()},
                                       "A node of a cluster; an empty one takes its place."))
      .keyed<ReplicationFault>(
          "replication", RecordOf<ReplicationFault>("replication", "")
                             .head<&ReplicationFault::region>("replication", name("a region"),
                                                              "The agent that copies to a region."))
      .keyed<WebhookFault>("webhook",
                           RecordOf<WebhookFault>("webhook", "").head<&WebhookFault::webhook>(
                               "webhook", name("a webhook"), "The receiver of a webhook."));
}

RecordOf<FailAction> fail_fields() {
  return RecordOf<FailAction>("fail", "")
      .head<&FailAction::target>("fail", fault_target(), "What fails.")
      .field<&FailAction::lasts>("for", optional(duration()), "How long.",
                                 {.otherwise = "to the end; a node 0 s"});
}

RecordOf<DegradeAction> degrade_fields() {
  return RecordOf<DegradeAction>("degrade", "")
      .head_part("degrade",
                 RecordOf<DegradeAction>("degrade", "")
                     .field<&DegradeAction::link>("link", pair(name("a region")),
                                                  "The link between two regions.",
                                                  {.required = true})
                     .field<&DegradeAction::bandwidth>("bandwidth", optional(bandwidth()),
                                                       "Its bandwidth meanwhile.",
                                                       {.otherwise = "as it was"})
                     .field<&DegradeAction::rtt>("rtt", optional(duration()),
                                                 "Its round trip meanwhile.",
                                                 {.otherwise = "as it was"})
                     .field<&DegradeAction::loss>("loss", optional(ratio(0, 0.99)),
                                                  "Its loss meanwhile.",
                                                  {.otherwise = "as it was"}),
                 "A link gets worse.")
      .field<&DegradeAction::lasts>("for", optional(duration()), "How long.",
                                    {.otherwise = "to the end"});
}

RecordOf<SetAction> set_fields() {
  const auto settings = named_values<&Setting::path, &Setting::value>(
      KindOf<std::string>{std::make_shared<AnyValue>()}, "paths");
  return RecordOf<SetAction>("set", "")
      .head<&SetAction::settings>("set", settings, "Fields by path, and their new values.");
}

RecordOf<AddReplicaAction> add_replica_fields() {
  return RecordOf<AddReplicaAction>("add_replica", "")
      .head<&AddReplicaAction::region>("add_replica", name("a region"), "Where a replica is added.")
      .field<&AddReplicaAction::routed>(
          "routed",
          words<RoutedWhen>({{"at-once", RoutedWhen::at_once, ""},
                             {"when-synced", RoutedWhen::when_synced,
                              "when it has what was there when it was added"}}),
          "When hosts are sent to it.")
      .field<&AddReplicaAction::backfill>(
          "backfill",
          words<BackfillOrder>({{"oldest-first", BackfillOrder::oldest_first, ""},
                                {"newest-first", BackfillOrder::newest_first, ""}}),
          "Which of the existing content it copies first.");
}

}  // namespace

const RecordOf<TimelineEntry>& timeline_fields() {
  static const RecordOf<TimelineEntry> fields =
      RecordOf<TimelineEntry>("timeline entry", "Something that happens at some time.")
          .field<&TimelineEntry::at>("at", optional(duration()), "When.",
                                     {.otherwise = "with every: 0 s"})
          .field<&TimelineEntry::after>("after", name("an operation"),
                                        "When that operation is over, well or failed.",
                                        {.otherwise = "at"})
          .field<&TimelineEntry::delay>("delay", duration(), "So long after it.")
          .field<&TimelineEntry::every>("every", optional(duration(1_ns)),
                                        "Again and again, so far apart.", {.otherwise = "once"})
          .field<&TimelineEntry::count>("count", count(), "How often, with every.")
          .choice<&TimelineEntry::action>(
              "an action", push_fields(), pull_fields(), deploy_fields(), untag_fields(),
              delete_fields(), retag_fields(), fail_fields(), degrade_fields(), set_fields(),
              add_replica_fields(),
              RecordOf<RemoveReplicaAction>("remove_replica", "")
                  .head<&RemoveReplicaAction::region>("remove_replica", name("a region"),
                                                      "Whose replica is removed."),
              RecordOf<DisableRoutingAction>("disable_routing", "")
                  .head<&DisableRoutingAction::region>(
                      "disable_routing", name("a region"),
                      "Whose replica hosts are no longer sent to; it still receives changes."),
              RecordOf<EnableRoutingAction>("enable_routing", "")
                  .head<&EnableRoutingAction::region>("enable_routing", name("a region"),
                                                      "Whose replica hosts are sent to again."))
          .field<&TimelineEntry::as>("as", name("a name"), "What expectations call the operation.",
                                     {.otherwise = "by kind and order, such as push-1"});
  return fields;
}

}  // namespace georep
