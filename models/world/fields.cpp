#include "models/world/fields.hpp"

#include "models/clients/fields.hpp"
#include "models/network/fields.hpp"
#include "models/registry/fields.hpp"
#include "models/routing/fields.hpp"
#include "models/workload/fields.hpp"
#include "sim/fields/path.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {

const RecordOf<WorldSpec>& world_fields() {
  static const RecordOf<WorldSpec> fields =
      RecordOf<WorldSpec>("scenario", "One scenario: what exists, what happens, what must hold.")
          .field<&WorldSpec::version>("version", integer(), "Of the language; always 1, and first.",
                                      {.required = true})
          .field<&WorldSpec::scenario>("scenario", text("a title"), "Its title, in a few words.",
                                       {.required = true})
          .field<&WorldSpec::description>("description", text(),
                                          "What it shows, in the reader's words.")
          .field<&WorldSpec::seed>("seed", seed_number(), "Of everything that is drawn at random.")
          .field<&WorldSpec::duration>("duration", optional(duration()),
                                       "When the simulated clock stops.",
                                       {.otherwise = "when nothing is left to do"})
          .field<&WorldSpec::warmup>("warmup", duration(), "Measures before this are dropped.")
          .field<&WorldSpec::network>("network", network_fields(),
                                      "Regions, the links between them, and how bytes move.")
          .field<&WorldSpec::registry>("registry", registry_fields(),
                                       "The registry, its replicas, and how these keep up.")
          .field<&WorldSpec::routing>("routing", routing_fields(),
                                      "Which replica a host is sent to.")
          .field<&WorldSpec::layers>("layers", layers_kind(), "Layers that images share by name.")
          .field<&WorldSpec::images>("images", images_kind(), "Content, by name.")
          .field<&WorldSpec::hosts>("hosts", hosts_kind(), "Where pushes and pulls execute.")
          .field<&WorldSpec::clusters>("clusters", clusters_kind(), "Where deployments run.")
          .field<&WorldSpec::webhooks>("webhooks", list(KindOf<WebhookSpec>(webhook_fields())),
                                       "Notifications.")
          .field<&WorldSpec::timeline>("timeline", list(KindOf<TimelineEntry>(timeline_fields())),
                                       "What happens when.")
          .field<&WorldSpec::workloads>("workloads", list(KindOf<WorkloadSpec>(workload_fields())),
                                        "Work that repeats.");
  return fields;
}

std::vector<Diagnostic> set_field(WorldSpec& world, std::string_view path, std::string_view text) {
  return set_path(KindOf<WorldSpec>(world_fields()), world, path, text);
}

}  // namespace georep
