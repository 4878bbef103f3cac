#include "models/clients/fields.hpp"

#include "sim/fields/record.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {

KindOf<std::vector<HostSpec>> hosts_kind() {
  const KindOf<HostSpec> host =
      RecordOf<HostSpec>("host", "A machine, or a group of them, where pushes and pulls execute.")
          .field<&HostSpec::region>("region", name("a region"), "Where it stands.",
                                    {.required = true})
          .field<&HostSpec::resolver>("resolver", name("a region"),
                                      "Where its DNS resolver stands; routing looks at that.",
                                      {.otherwise = "its own region"})
          .field<&HostSpec::download>("download", bandwidth(), "Its way in.")
          .field<&HostSpec::upload>("upload", bandwidth(), "Its way out.")
          .field<&HostSpec::parallel_downloads>("parallel_downloads", count(),
                                                "Blobs pulled at once.")
          .field<&HostSpec::parallel_uploads>("parallel_uploads", count(), "Blobs pushed at once.")
          .field<&HostSpec::count>("count", count(), "A group of so many machines.")
          .field<&HostSpec::client>(
              "client",
              words<ClientKind>(
                  {{"docker", ClientKind::docker, "GET by tag"},
                   {"containerd", ClientKind::containerd, "HEAD by tag, GET by digest"}}),
              "How it asks for a manifest.")
          .field<&HostSpec::platform>("platform", name("a platform"),
                                      "Which child of an image index it takes.")
          .field<&HostSpec::resolve>(
              "resolve",
              words<ResolveRule>({{"ttl", ResolveRule::ttl, "when the answer is older than dns_ttl"},
                                  {"every-request", ResolveRule::every_request, "each HTTP request"},
                                  {"every-blob", ResolveRule::every_blob,
                                   "each blob, and once for the manifest"},
                                  {"once", ResolveRule::once, "each push or pull"}}),
              "When it resolves the registry's name anew.")
          .field<&HostSpec::timeout>("timeout", duration(1_ns),
                                     "A request unanswered for this long is TIMEOUT.")
          .field<&HostSpec::endpoint>("endpoint", name("a region"),
                                      "A regional endpoint: no routing, no failover.",
                                      {.otherwise = "routed"})
          .field<&HostSpec::layer_store>(
              "layer_store", optional(size(), "unlimited"),
              "What it keeps of pulled layers, least recently used out first.");
  return named<&HostSpec::name>(host, "host names");
}

KindOf<std::vector<ClusterSpec>> clusters_kind() {
  const KindOf<ClusterSpec> cluster =
      RecordOf<ClusterSpec>("cluster", "Nodes that run what is deployed to them.")
          .field<&ClusterSpec::region>("region", name("a region"), "Where it stands.",
                                       {.required = true})
          .field<&ClusterSpec::nodes>("nodes", count(), "How many nodes it has.")
          .field<&ClusterSpec::pull_policy>(
              "pull_policy",
              words<PullPolicy>({{"if-not-present", PullPolicy::if_not_present, ""},
                                 {"always", PullPolicy::always, ""},
                                 {"never", PullPolicy::never, ""}}),
              "When a node asks the registry.");
  return named<&ClusterSpec::name>(cluster, "cluster names");
}

}  // namespace georep
