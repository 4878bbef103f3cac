#include "sim/cli/init.hpp"

#include <fmt/format.h>

#include "sim/cli/files.hpp"
#include "sim/cli/replay.hpp"

namespace georep {

namespace {

// What is not written has the defaults of docs/scenario-reference.md; every field that is commented out shows its default
// or an example.
constexpr std::string_view first_scenario = R"(# A registry in two regions, one push, and pulls that want it. Run it with
#
#   georep run {file}
#
# Every quantity carries its unit. Change one here, or for one run: --set network.bandwidth="200 Mbps"
version: 1
scenario: {title}

# Where things are. The measured round trips of a cloud come with `preset: azure`, `aws` or `gcp`;
# `georep list regions` has their names.
network:
  bandwidth: 1 Gbps            # of every link, each direction
  local_rtt: 1 ms              # inside a region
  regions: {{west: {{}}, east: {{}}}}
  links:
    - {{between: [west, east], rtt: 80 ms}}

# The registry has a replica in every region. `acr-ga` copies blobs before the manifest and the tag,
# and evicts what the destination has cached; `acr-preview` does neither, and this scenario then fails.
registry:
  preset: acr-ga
  # replication: {{streams: 4, start_delay: 0 s}}
  # manifest_cache: {{ttl: 1 h}}

# Layers that two images name alike are stored and sent once.
layers: {{os: 30 MiB, app-1: 3 MiB, app-2: 3 MiB}}
images:
  hello-1: [os, app-1]
  hello-2: [os, app-2]

# The machines that push and pull.
hosts:
  dev: {{region: west}}
  prod: {{region: east}}

timeline:
  - {{at: 0 s, push: hello-1, to: "hello:v1", on: dev, as: first-push}}
  - {{after: first-push, pull: "hello:v1", on: prod, as: too-early}}
  - {{at: 5 s, pull: "hello:v1", on: prod, as: patient}}
  - {{at: 1 min, push: hello-2, to: "hello:v1", on: dev, as: same-tag-again}}
  - {{at: 2 min, pull: "hello:v1", on: prod, as: after-update}}

# What must hold. `georep run` exits with 1 where one of these does not.
expect:
  - {{operation: too-early, fails: MANIFEST_UNKNOWN}}
  - {{operation: patient, gets: hello-1}}
  - {{operation: after-update, gets: hello-2}}
  - {{never: BLOB_UNKNOWN}}
  - {{eventually: converged, within: 30 s}}
  - {{measure: replication_lag, region: east, statistic: max, below: 10 s}}
)";

}  // namespace

ExitCode init_scenario(const InitArguments& options, Terminal& terminal) {
  const bool has_extension = options.name.ends_with(".yaml") || options.name.ends_with(".yml");
  const std::string file = has_extension ? options.name : options.name + ".yaml";
  const std::string text = fmt::format(first_scenario, fmt::arg("file", shell_quoted(file)),
                                       fmt::arg("title", "A push in the west, pulled in the east"));
  if (const auto written = create_file(file, text); !written) {
    terminal.complain("georep init: " + written.error());
    return ExitCode::unreadable;
  }
  terminal.say("wrote " + file + "; next:");
  terminal.print("georep run " + shell_quoted(file) + "\n");
  return ExitCode::ok;
}

}  // namespace georep
