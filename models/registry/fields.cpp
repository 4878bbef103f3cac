#include "models/registry/fields.hpp"

#include "sim/fields/retry_kind.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

RecordOf<StorageSpec> storage_fields() {
  return RecordOf<StorageSpec>(
             "storage", "The back end that a manifest request reaches when no cache answers it.")
      .field<&StorageSpec::servers>("servers", optional(count(), "unlimited"),
                                    "Requests served at once; the rest wait, first come first served.")
      .field<&StorageSpec::service_time>("service_time", duration_law(), "How long one takes.");
}

RecordOf<LimitsSpec> limits_fields() {
  const auto bucket = [] {
    return optional(KindOf<RateLimitSpec>(
        RecordOf<RateLimitSpec>("limit", "A token bucket; it starts full.")
            .field<&RateLimitSpec::rate>("rate", rate(), "How fast it refills.", {.required = true})
            .field<&RateLimitSpec::burst>("burst", integer(1), "How much it holds.",
                                          {.required = true})));
  };
  return RecordOf<LimitsSpec>("limits",
                              "Limits of each replica; beyond them TOOMANYREQUESTS with Retry-After.")
      .field<&LimitsSpec::reads>("reads", bucket(), "Every GET and HEAD spends one.",
                                 {.otherwise = "no limit"})
      .field<&LimitsSpec::writes>("writes", bucket(), "Every POST, PUT and DELETE spends one.",
                                  {.otherwise = "no limit"});
}

RecordOf<ManifestCacheSpec> manifest_cache_fields() {
  return RecordOf<ManifestCacheSpec>("manifest_cache", "A cache of manifest answers.")
      .field<&ManifestCacheSpec::ttl>("ttl", duration(),
                                      "From the fill; an entry of that age is expired.")
      .field<&ManifestCacheSpec::scope>(
          "scope",
          words<CacheScope>({{"replica", CacheScope::replica, "one per region"},
                             {"registry", CacheScope::registry, "one shared by all regions"}}),
          "How many caches there are.")
      .part("invalidate_on",
            flags<&ManifestCacheSpec::invalidate_on_push,
                  &ManifestCacheSpec::invalidate_on_delete>({"push", "delete"}),
            "Local changes that evict.")
      .field<&ManifestCacheSpec::negative_ttl>("negative_ttl", duration(),
                                               "How long 'unknown' is remembered.")
      .field<&ManifestCacheSpec::fill>(
          "fill",
          words<CacheFill>(
              {{"unguarded", CacheFill::unguarded, "a read that missed stores what it read, however late"},
               {"leased", CacheFill::leased, "only if nothing was invalidated since"}}),
          "Whether a late read may still fill.")
      .field<&ManifestCacheSpec::policy>("policy", text("a cache policy"),
                                         "Who decides by these settings; see docs/own-logic.md.");
}

KindOf<MissingPolicy> missing_policy(KindOf<MissingKind> words) {
  return word_or_map<&MissingPolicy::kind>(
      words, MissingKind::wait,
      RecordOf<MissingPolicy>("wait", "").field<&MissingPolicy::wait>(
          "wait", duration(), "How long the answer is held for what is missing.",
          {.required = true}));
}

KindOf<MissingPolicy> missing_blobs() {
  return missing_policy(words<MissingKind>(
      {{"blob-unknown", MissingKind::blob_unknown, ""},
       {"manifest-unknown", MissingKind::manifest_unknown, "checked at each manifest request"},
       {"fetch-from-origin", MissingKind::fetch_from_origin, "from the nearest replica that has it"}}));
}

KindOf<MissingPolicy> missing_manifest() {
  return missing_policy(words<MissingKind>(
      {{"manifest-unknown", MissingKind::manifest_unknown, ""},
       {"fetch-from-origin", MissingKind::fetch_from_origin, "from the nearest replica that has it"}}));
}

KindOf<ReplicationTopologySpec> topology() {
  return word_or_map<&ReplicationTopologySpec::kind>(
      words<TopologyKind>(
          {{"mesh", TopologyKind::mesh, "the replica that was pushed to sends to each other one"},
           {"tree", TopologyKind::tree, "along the least-latency spanning tree"},
           {"chain", TopologyKind::chain, "in the order of replicas"}}),
      TopologyKind::links,
      RecordOf<ReplicationTopologySpec>("links", "")
          .field<&ReplicationTopologySpec::links>("links", list(pair(name("a region")), {1, Repeats::refused}),
                                                  "Who sends to whom.", {.required = true})
          .field<&ReplicationTopologySpec::forward>("forward", boolean(),
                                                    "Whether what arrives is passed on."));
}

RecordOf<ReplicationSpec> replication_fields() {
  return RecordOf<ReplicationSpec>("replication", "How a change reaches the other regions.")
      .field<&ReplicationSpec::order>(
          "order", list(list(replication_step(), {1, Repeats::allowed, true}), {1}),
          "Stages, one after another; a stage that is a list runs its steps at the same time.")
      .field<&ReplicationSpec::topology>("topology", topology(), "Which replica sends to which.")
      .field<&ReplicationSpec::queue>(
          "queue",
          words<QueueDiscipline>({{"fifo", QueueDiscipline::fifo, ""},
                                  {"newest-first", QueueDiscipline::newest_first, ""}}),
          "Which waiting change a destination takes next.")
      .field<&ReplicationSpec::start_delay>("start_delay", duration_law(),
                                            "From the push to the start of its replication.")
      .field<&ReplicationSpec::streams>("streams", count(), "Blobs copied at once, per destination.")
      .field<&ReplicationSpec::round_trips_per_blob>("round_trips_per_blob", count(0),
                                                     "Round trips spent asking before each blob.")
      .field<&ReplicationSpec::concurrency>("concurrency", count(),
                                            "Changes replicated at once, per destination.")
      .field<&ReplicationSpec::retry>("retry", retry(), "When a copy that failed is tried again.")
      .field<&ReplicationSpec::resume>("resume", boolean(),
                                       "After a crash, keep the blobs already copied.")
      .field<&ReplicationSpec::apply>(
          "apply",
          words<ApplyKind>({{"arrival-order", ApplyKind::arrival_order, "the last to arrive wins"},
                            {"last-writer-wins", ApplyKind::last_writer_wins,
                             "the greatest stamp wins; ties to the larger region name"}}),
          "Which of two changes of a tag stands.")
      .field<&ReplicationSpec::stamp>(
          "stamp",
          words<StampKind>(
              {{"wall-clock", StampKind::wall_clock, "of the replica pushed to, with its skew"},
               {"hybrid-logical-clock", StampKind::hybrid_logical_clock, ""}}),
          "What changes are stamped with.")
      .field<&ReplicationSpec::policy>("policy", text("a replication policy"),
                                       "Who decides by these settings; see docs/own-logic.md.")
      .field<&ReplicationSpec::tombstones>("tombstones", duration(),
                                           "How long a deletion is remembered; 0 s: not at all.");
}

KindOf<ClockSkewSpec> clock_skew() {
  const auto by_region =
      named_values<&ClockSkewOf::name, &ClockSkewOf::skew>(signed_duration(), "region names");
  return OneOf<ClockSkewSpec>("a skew by region, or a law of durations")
      .form<DurationLaw>([](const Value& value) { return value.is_scalar() || is_law(value); },
                         signed_duration_law())
      .form<std::vector<ClockSkewOf>>([](const Value& value) { return value.is_map(); }, by_region);
}

}  // namespace

KindOf<ReplicationStep> replication_step() {
  return words<ReplicationStep>(
      {{"blobs", ReplicationStep::blobs, "copy each blob that the destination lacks"},
       {"manifest", ReplicationStep::manifest, "store it by digest"},
       {"tag", ReplicationStep::tag, "point the tag"},
       {"invalidate", ReplicationStep::invalidate, "evict the destination's cached entries of that tag"},
       {"notify", ReplicationStep::notify, "fire the destination's webhooks"}});
}

const RecordOf<RegistrySpec>& registry_fields() {
  static const RecordOf<RegistrySpec> fields =
      RecordOf<RegistrySpec>("registry", "The registry, its replicas, and how these keep up.")
          .preset<&RegistrySpec::preset, &registry_baseline>(
              "preset",
              optional(words<RegistryPreset>(
                  {{"acr-preview", RegistryPreset::acr_preview, "as the problem was reported"},
                   {"acr-ga", RegistryPreset::acr_ga, "with the announced fixes"}})),
              "Settings to start from; anything written beside it overrides it.")
          .field<&RegistrySpec::host>("host", name("a host name"),
                                      "The global name that clients use.")
          .field<&RegistrySpec::replicas>("replicas",
                                          list(name("a region"), {1, Repeats::refused}),
                                          "The regions that hold a replica.",
                                          {.otherwise = "every region"})
          .field<&RegistrySpec::storage>(
              "storage", storage_fields(),
              "The back end that a manifest request reaches when no cache answers it.")
          .field<&RegistrySpec::limits>("limits", limits_fields(),
                                        "Request limits of each replica.")
          .field<&RegistrySpec::manifest_cache>(
              "manifest_cache", optional(KindOf<ManifestCacheSpec>(manifest_cache_fields()), "none"),
              "A cache of manifest answers.")
          .field<&RegistrySpec::parent_cache>(
              "parent_cache", optional(KindOf<ManifestCacheSpec>(manifest_cache_fields()), "none"),
              "What manifest_cache asks on a miss, before storage: a cache behind the cache.")
          .field<&RegistrySpec::missing_blobs>(
              "missing_blobs", missing_blobs(),
              "What a pull gets when the manifest is there and a blob is not.")
          .field<&RegistrySpec::missing_manifest>("missing_manifest", missing_manifest(),
                                                  "What a pull gets when the manifest is not there.")
          .field<&RegistrySpec::redirect_downloads>(
              "redirect_downloads", boolean(),
              "A blob download goes to the serving region's own storage and stays there, even if the replica fails meanwhile.")
          .field<&RegistrySpec::replication>("replication", replication_fields(),
                                             "How a change reaches the other regions.")
          .field<&RegistrySpec::clock_skew>("clock_skew", clock_skew(),
                                            "How far the replicas' wall clocks are off.",
                                            {.otherwise = "none"})
          .field<&RegistrySpec::retention>(
              "retention",
              RecordOf<RetentionSpec>("retention", "What is purged.")
                  .field<&RetentionSpec::untagged>(
                      "untagged", optional(duration(), "keep"),
                      "Age at which an untagged manifest and its unshared blobs are purged."),
              "What is purged.")
          .field<&RegistrySpec::manifest_size>("manifest_size", size(),
                                               "What a manifest weighs on the wire.")
          .field<&RegistrySpec::config_size>(
              "config_size", size(), "The image's config, a blob like the layers; 0 B: none.");
  return fields;
}

const RecordOf<WebhookSpec>& webhook_fields() {
  static const RecordOf<WebhookSpec> fields =
      RecordOf<WebhookSpec>("webhook", "A notification that belongs to one replica.")
          .field<&WebhookSpec::name>("name", name("a name"), "What expectations call it.",
                                     {.required = true})
          .field<&WebhookSpec::region>("region", name("a region"), "Whose replica it belongs to.",
                                       {.required = true})
          .field<&WebhookSpec::kind>(
              "kind",
              words<WebhookKind>(
                  {{"acr", WebhookKind::acr, "a single attempt unless retry says otherwise"},
                   {"distribution", WebhookKind::distribution,
                    "an unbounded queue, in order, that never drops"}}),
              "How it delivers.")
          .part("events", flags<&WebhookSpec::on_push, &WebhookSpec::on_delete>({"push", "delete"}),
                "What it fires on.")
          .field<&WebhookSpec::scope>("scope", text("a scope"),
                                      "`repo:*`, `repo:tag`, `repo` for `repo:latest`.",
                                      {.otherwise = "everything"})
          .field<&WebhookSpec::receiver>(
              "receiver",
              RecordOf<ReceiverSpec>("receiver", "What the receiver does.")
                  .field<&ReceiverSpec::answers_after>("answers_after", duration_law(),
                                                       "How long it takes to answer 200.")
                  .field<&ReceiverSpec::failure>("failure", ratio(),
                                                 "Share of requests that it answers 500."),
              "What the receiver does.")
          .field<&WebhookSpec::timeout>("timeout", duration(1_ns),
                                        "A delivery unanswered for this long failed, with 504.")
          .field<&WebhookSpec::retry>("retry", retry(), "When a failed delivery is tried again.")
          .field<&WebhookSpec::threshold>("threshold", count(),
                                          "distribution: failures in a row before it pauses.")
          .field<&WebhookSpec::backoff>("backoff", duration(), "distribution: how long it pauses.");
  return fields;
}

}  // namespace georep
