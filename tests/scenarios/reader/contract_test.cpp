// Every example of the language's page is accepted as it stands there.
#include <doctest/doctest.h>

#include <filesystem>

#include "scenarios/reader/reader.hpp"
#include "tests/support/folder.hpp"

using namespace georep;

namespace {

constexpr const char* whole = R"(version: 1                                             # required, first
scenario: West Europe pulls before the layers arrive   # required: the title
description: >                                         # optional
  What this scenario shows, in the reader's words.
seed: 1                  # optional, default 1
duration: 10 h           # when the simulated clock stops; optional where the work is finite
warmup: 10 min           # measures before this are dropped; optional, default 0 s
network:
  preset: azure              # azure | aws | gcp
  bandwidth: 5 Gbps          # default of every link, each direction
  egress: 10 Gbps            # every region's way out, shared by all that leaves it; default: unlimited
  ingress: 10 Gbps           # likewise in
  local_rtt: 1 ms            # inside a region; default 0.5 ms
  jitter: 5%                 # of each message's one-way latency, uniform; default 0
  stream_window: 3.4 MB      # TCP window of one stream: caps a stream at window / RTT; default: no cap
  slow_start: false          # true: a stream doubles from 10 segments each RTT until it reaches its share
  regions:                   # without a preset every region is listed; with one, these override it
    westus:     {egress: 20 Gbps, location: [37.8, -122.4]}
    westeurope: {}
  links:                     # with a preset: overrides
    - {between: [westus, westeurope], rtt: 146 ms, bandwidth: 2 Gbps, loss: 0.01%}
    - {from: westus, to: eastus, rtt: 70 ms, bandwidth: 1 Gbps}      # one direction
  price: {egress: 0.02 USD/GB}
registry:
  preset: acr-preview        # acr-preview: as the problem was reported; acr-ga: with the announced fixes
  host: stevelasdemos.azurecr.io
  replicas: [westus, eastus, canadacentral, westeurope]
  storage:                   # the back end that a manifest request reaches when no cache answers it
    servers: 16
    service_time: {exponential: 20 ms}   # default 0 s
  limits:
    reads:  {rate: 20000 /min, burst: 20000}
    writes: {rate: 4000 /min, burst: 4000}
  manifest_cache:            # `none` for no cache
    ttl: 1 h
    scope: replica
    invalidate_on: [push, delete]
    negative_ttl: 0 s
    fill: unguarded
  missing_blobs: blob-unknown
  missing_manifest: manifest-unknown
  redirect_downloads: true
  replication:
    order: [manifest, tag, blobs, notify]
    topology: mesh
    queue: fifo
    start_delay: 0 s
    streams: 4
    round_trips_per_blob: 1
    concurrency: 16
    retry: {first: 1 s, factor: 2, most: 5 min, attempts: unlimited}
    resume: true
    apply: arrival-order
    stamp: wall-clock
    tombstones: 7 d
  clock_skew: {westeurope: -5 s}   # or one distribution for all; default none
  retention: {untagged: keep}
  manifest_size: 2 KiB
  config_size: 6 KiB
routing:
  policy: nearest
  dns_ttl: 60 s
  probe: {interval: 30 s, timeout: 10 s, tolerated_failures: 3}
layers: {os: 30 MiB, runtime: 12 MiB, app-1: 3 MiB, app-2: 3 MiB}
images:
  hello-1: [os, runtime, app-1]          # layers shared by name are shared by content
  hello-2: [os, runtime, app-2]
  big:     [1 GiB, 1 GiB, 200 MB]        # anonymous layers, unshared
  python:  {real: "python:3.13-slim-trixie"}
  multi:   {index: {linux/amd64: hello-1, linux/arm64: hello-2}}
hosts:                       # where pulls and pushes execute
  dev-westus:  {region: westus, download: 1 Gbps, upload: 200 Mbps}
  prod-we:     {region: westeurope, parallel_downloads: 3, parallel_uploads: 5}
  pollers-we:  {region: westeurope, count: 300}
  far-dns:     {region: westeurope, resolver: westus}
  nodes-eus:   {region: eastus, client: containerd, platform: linux/arm64}
  classic:     {region: eastus, resolve: every-request}
  impatient:   {region: eastus, timeout: 30 s}
  pinned:      {region: eastus, endpoint: westus}
clusters:                    # where deployments run
  web-we: {region: westeurope, nodes: 10, pull_policy: if-not-present}
webhooks:
  - {name: eu-arrivals, region: westeurope, events: [push, delete], scope: "samples/helloworld:*",
     receiver: {answers_after: 50 ms, failure: 1%}, timeout: 5 s, retry: none}
timeline:
  - {at: 0 s, push: hello-1, to: "samples/helloworld:v1", on: dev-westus, as: first-push}
  - {after: first-push, pull: "samples/helloworld:v1", on: prod-we, issued_from: dev-westus, as: too-early}
  - {at: 5 s, pull: "samples/helloworld:v1", on: prod-we, retry: {first: 1 s, factor: 2, most: 30 s, attempts: 10}, as: patient}
  - {at: 2 s, deploy: "samples/helloworld:v1", to: web-we, when: now}
  - {at: 9 s, untag: "samples/helloworld:v1", on: dev-westus}
  - {at: 9 s, delete: "samples/helloworld@hello-1", on: dev-westus}
  - {at: 9 s, retag: {from: "samples/helloworld:v1", to: "samples/helloworld:stable"}, on: dev-westus}
  - {at: 1 h, fail: {link: [westus, westeurope]}, for: 10 min}
  - {at: 1 h, degrade: {link: [westus, westeurope], bandwidth: 100 Mbps, rtt: 400 ms, loss: 1%}, for: 10 min}
  - {at: 2 h, set: {registry.replication.streams: 16}}
  - {at: 3 h, add_replica: southeastasia, routed: when-synced}
  - {at: 4 h, remove_replica: eastus}
  - {at: 5 h, disable_routing: westeurope}
  - {every: 10 min, count: 6, push: hello-2, to: "samples/helloworld:v{n}", on: dev-westus}
  - {after: first-push, delay: 3 s, pull: "samples/helloworld:v1", on: prod-we, as: retry-pull}
workloads:
  - {poll: "samples/helloworld:v1", on: pollers-we, every: 1 s, jitter: 10%}
  - {pulls: {catalog: {repositories: 500, tags: 20, zipf: 1.1, layers: {count: {uniform: [3, 12]}, size: {lognormal: {median: 3 MB, p99: 400 MB}}}}},
     on: prod-we, arrivals: {poisson: 50 /s}, from: 0 s, until: 1 h}
  - {pushes: {repositories: 20, layers: {count: 8, changed: 1, size: {lognormal: {median: 5 MB, p99: 500 MB}}}}, on: dev-westus, arrivals: {poisson: 6 /min}}
  - {trace: traces/dal.json, format: ibm, on: prod-we, speed: 1}
uncertainty:
  ties: true
  latency: 20%
  bandwidth: 30%
  storage: [5 ms, 50 ms]
  start_delay: [0 s, 5 s]
  at: {retry-pull: [0 s, 90 s]}
  faults: {at_most: 1, of: [duplicate-delivery, reordered-delivery, replication-crash, lost-webhook, lost-invalidation]}
expect:
  - {operation: first-push, succeeds: true}
  - {operation: too-early, fails: MANIFEST_UNKNOWN}
  - {operation: patient, gets: hello-1, within: 60 s}
  - {never: BLOB_UNKNOWN}
  - {never: stale-read, longer_than: 5 s, region: westeurope}
  - {always: closure}
  - {eventually: converged, within: 5 min}
  - {measure: replication_lag, of: "samples/helloworld:v1", region: westeurope, statistic: p99, below: 60 s}
  - {measure: cache_hit_ratio, region: westeurope, statistic: mean, above: 99%}
  - {running: web-we, at: 1 h, images: [hello-1]}
  - {webhook: eu-arrivals, fires: 1, status: 200, within: 60 s}
)";

/// A folder with the files that the examples name.
class ExampleFolder {
 public:
  ExampleFolder() {
    folder_.write("traces/dal.json", "[]\n");
    folder_.write("data/file.csv", "# seconds\n1 s\n\n250 ms  # short\n");
  }
  std::filesystem::path path() const { return folder_.path(""); }

 private:
  test::Folder folder_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

void accept(const std::string& text, const std::filesystem::path& folder) {
  const ReadResult read = read_scenario_text({"whole.yaml", text}, {}, folder);
  CHECK(render(read.diagnostics, read.source) == "");
  REQUIRE(read.scenario);
  const ReadResult again =
      read_scenario_text({"written.yaml", write_scenario(*read.scenario)}, {}, folder);
  CHECK(render(again.diagnostics, again.source) == "");
  REQUIRE(again.scenario);
  CHECK(write_scenario(*again.scenario) == write_scenario(*read.scenario));
  CHECK(*again.scenario == *read.scenario);
}

// The whole language with a catalog that takes no time to make: most forms have nothing to do with it.
std::string of_few_images() {
  return replaced(whole, "repositories: 500, tags: 20", "repositories: 5, tags: 2");
}

}  // namespace

TEST_CASE("the examples of the language are accepted, and read back as written") {
  const ExampleFolder folder;
  accept(whole, folder.path());
}

TEST_CASE("every other form that the language's page names is accepted in its place") {
  const ExampleFolder folder;
  const struct {
    const char* from;
    const char* to;
  } forms[] = {
      {"preset: azure ", "preset: aws\n  regions: {westus: {}, eastus: {}, westeurope: {}, canadacentral: {}, southeastasia: {}}\n  links: [{between: [westus, eastus], rtt: 1 ms}, {between: [westus, westeurope], rtt: 1 ms}, {between: [westus, canadacentral], rtt: 1 ms}, {between: [westus, southeastasia], rtt: 1 ms}]\n#"},
      {"preset: acr-preview", "preset: acr-ga"},
      {"service_time: {exponential: 20 ms}", "service_time: 20 ms"},
      {"service_time: {exponential: 20 ms}", "service_time: {uniform: [1 s, 3 s]}"},
      {"service_time: {exponential: 20 ms}", "service_time: {normal: {mean: 5 ms, stddev: 1 ms}}"},
      {"service_time: {exponential: 20 ms}", "service_time: {lognormal: {median: 5 ms, p99: 500 ms}}"},
      {"service_time: {exponential: 20 ms}", "service_time: {pareto: {min: 1 ms, shape: 1.2}}"},
      {"service_time: {exponential: 20 ms}", "service_time: {weibull: {scale: 2 s, shape: 0.7}}"},
      {"service_time: {exponential: 20 ms}", "service_time: {empirical: data/file.csv}"},
      {"servers: 16", "servers: unlimited"},
      {"ttl: 1 h", "ttl: 1h30m"},
      {"scope: replica", "scope: registry"},
      {"invalidate_on: [push, delete]", "invalidate_on: []"},
      {"fill: unguarded", "fill: leased"},
      {"missing_blobs: blob-unknown", "missing_blobs: manifest-unknown"},
      {"missing_blobs: blob-unknown", "missing_blobs: fetch-from-origin"},
      {"missing_blobs: blob-unknown", "missing_blobs: {wait: 30 s}"},
      {"missing_manifest: manifest-unknown", "missing_manifest: fetch-from-origin"},
      {"missing_manifest: manifest-unknown", "missing_manifest: {wait: 30 s}"},
      {"order: [manifest, tag, blobs, notify]", "order: [[manifest, blobs], tag, notify]"},
      {"topology: mesh", "topology: tree"},
      {"topology: mesh", "topology: chain"},
      {"topology: mesh", "topology: {links: [[westus, eastus], [eastus, westeurope]], forward: false}"},
      {"queue: fifo", "queue: newest-first"},
      {"start_delay: 0 s", "start_delay: {exponential: 3 s}"},
      {"most: 5 min, attempts: unlimited", "at_most: 5 min, attempts: 7"},
      {"retry: {first: 1 s, factor: 2, most: 5 min, attempts: unlimited}", "retry: {waits: [5 s, 10 s, 15 s]}"},
      {"apply: arrival-order", "apply: last-writer-wins"},
      {"stamp: wall-clock", "stamp: hybrid-logical-clock"},
      {"tombstones: 7 d", "tombstones: 0 s"},
      {"clock_skew: {westeurope: -5 s}", "clock_skew: {normal: {mean: 0 s, stddev: 1 s}}"},
      {"clock_skew: {westeurope: -5 s}", "clock_skew: -5 s"},
      {"clock_skew: {westeurope: -5 s}", "clock_skew: {uniform: [-5 s, 5 s]}"},
      {"untagged: keep", "untagged: 7 d"},
      {"config_size: 6 KiB", "config_size: 0 B"},
      {"policy: nearest", "policy: {priority: [westus, eastus]}"},
      {"policy: nearest", "policy: {weighted: {westus: 3, eastus: 1}}"},
      {"policy: nearest", "policy: {pinned: westeurope}"},
      {"policy: nearest", "policy: {pinned: southeastasia}"},
      {"{real: \"python:3.13-slim-trixie\"}", "{real: \"node:8@2\"}"},
      {"linux/arm64: hello-2}}", "linux/arm64: hello-2}, children: after}"},
      {"resolve: every-request", "resolve: every-blob"},
      {"resolve: every-request", "resolve: once"},
      {"client: containerd", "client: docker"},
      {"pull_policy: if-not-present", "pull_policy: always"},
      {"pull_policy: if-not-present", "pull_policy: never"},
      {"scope: \"samples/helloworld:*\"", "scope: samples/helloworld"},
      {"scope: \"samples/helloworld:*\"", "scope: \"samples/helloworld:v1\""},
      {"scope: \"samples/helloworld:*\"", "scope: \"\""},
      {"to: web-we, when: now", "in: web-we, when: replicated"},
      {"to: web-we, when: now", "to: web-we, when: {webhook: eu-arrivals}"},
      {"fail: {link: [westus, westeurope]}", "fail: {region: westus}"},
      {"fail: {link: [westus, westeurope]}", "fail: {replica: westus}"},
      {"fail: {link: [westus, westeurope]}", "fail: {node: web-we/3}"},
      {"fail: {link: [westus, westeurope]}", "fail: {replication: westeurope}"},
      {"fail: {link: [westus, westeurope]}", "fail: {webhook: eu-arrivals}"},
      {"fail: {link: [westus, westeurope]}, for: 10 min", "fail: {region: westus}"},
      {"routed: when-synced", "routed: at-once"},
      {"disable_routing: westeurope", "enable_routing: westeurope"},
      {"arrivals: {poisson: 50 /s}", "arrivals: {every: 3 s}, retry: {attempts: 3}"},
      {"arrivals: {poisson: 50 /s}", "arrivals: {diurnal: {mean: 50 /s, peak: 14 h, swing: 60%}}"},
      {"arrivals: {poisson: 50 /s}", "arrivals: {empirical: data/file.csv}"},
      {"latency: 20%", "latency: [40 ms, 90 ms]"},
      {"statistic: p99, below: 60 s", "statistic: p99.9, between: [1 s, 1 min]"},
      {"statistic: p99, below: 60 s", "statistic: count, equals: 3"},
      {"statistic: p99, below: 60 s", "statistic: stddev, above: 0 s"},
      {"always: closure", "always: honest-error"},
      {"always: closure", "always: cache-coherence"},
      {"always: closure", "always: no-resurrection"},
      {"always: closure", "always: monotonic-tags"},
      {"always: closure", "always: read-your-writes"},
      {"always: closure", "always: deterministic-conflict"},
      {"always: closure", "always: gc-safety"},
      {"always: closure", "always: truthful-webhook"},
      {"always: closure", "always: conservation"},
      {"always: closure", "always: routing-respects-health"},
      {"{never: BLOB_UNKNOWN}", "{never: lost-tag}"},
      {"{never: BLOB_UNKNOWN}", "{never: resurrected-tag}"},
      {"{never: BLOB_UNKNOWN}", "{never: divergence}"},
      {"{never: BLOB_UNKNOWN}", "{never: TOOMANYREQUESTS}"},
  };
  for (const auto& form : forms) {
    CAPTURE(std::string{form.to});
    std::string text = replaced(of_few_images(), form.from, form.to);
    if (text.find("preset: aws") != std::string::npos) {
      // The lines that belong to the other preset.
      const std::size_t begin = text.find("  regions:                   #");
      text.erase(begin, text.find("  price:") - begin);
    }
    accept(text, folder.path());
  }
}

TEST_CASE("every measure of the language takes every statistic, whole and by each label") {
  const ExampleFolder folder;
  const std::string line = "  - {always: closure}\n";
  for (const char* measure :
       {"push_duration", "pull_duration", "manifest_latency", "replication_lag", "manifest_lag", "visible_lag",
        "staleness", "storage_wait", "webhook_delay", "version_skew"})
    for (const char* statistic : {"mean", "min", "max", "p50", "p90", "p99", "p99.9", "sum", "stddev"})
      accept(replaced(of_few_images(), line,
                      std::string{"  - {measure: "} + measure + ", statistic: " + statistic +
                          ", region: westus, of: \"samples/helloworld:v1\", link: [westus, eastus], code: TIMEOUT, below: 60 s}\n"),
             folder.path());
  for (const auto& [measure, bound] :
       {std::pair{"errors", "3"}, {"cache_hit_ratio", "99%"}, {"cache_hit_ratio", "0.99"}, {"cache_requests", "7"},
        {"storage_requests", "7"}, {"storage_utilization", "80%"}, {"link_bytes", "3 GB"}, {"link_utilization", "50%"},
        {"egress_bytes", "1 TB"}, {"egress_cost", "5 USD"}, {"webhook_attempts", "2"}, {"queue_depth", "1.5"}})
    accept(replaced(of_few_images(), line, std::string{"  - {measure: "} + measure + ", statistic: max, below: " + bound + "}\n"),
           folder.path());
}

TEST_CASE("JSON is accepted") {
  const ReadResult read = read_scenario_text({"scenario.json", R"({
	"version": 1,
	"scenario": "A \"quoted\" title\u002C with \\ escapes \/",
	"network": {"regions": {"a": {}, "b": {"egress": "10 Gbps"}},
	            "links": [{"between": ["a", "b"], "rtt": "20 ms"}]},
	"images": {"hello": ["1 MB"]},
	"hosts": {"dev": {"region":"a","count":1}},
	"timeline": [{"at": "0 s", "push": "hello", "to": "app:v1", "on": "dev"}],
	"expect": [{"operation": "push-1", "succeeds": true}]
}
)"});
  CHECK(render(read.diagnostics, read.source) == "");
  REQUIRE(read.scenario);
  CHECK(read.scenario->world.scenario == "A \"quoted\" title, with \\ escapes /");
}

TEST_CASE("JSON escapes a character beyond U+FFFF as two, which are one; two backslashes before them begin none") {
  const ReadResult read = read_scenario_text({"scenario.json", R"({
"version": 1, "scenario": "\ud83d\ude00 is \ud83d\ude00, not \\ud83d\\ude00",
"network": {"regions": {"a": {}}}, "images": {"hello": ["1 MB"]}, "hosts": {"dev": {"region": "a"}},
"timeline": [{"at": "0 s", "push": "hello", "to": "app:v1", "on": "dev"}],
"expect": [{"operation": "push-1", "succeeds": true}]
}
)"});
  CHECK(render(read.diagnostics, read.source) == "");
  REQUIRE(read.scenario);
  CHECK(read.scenario->world.scenario == "\xF0\x9F\x98\x80 is \xF0\x9F\x98\x80, not \\ud83d\\ude00");
}

TEST_CASE("a byte order mark before samples is none of them") {
  const test::Folder folder;
  folder.write("times.csv", "\xEF\xBB\xBF" "20 ms\n30 ms\n");
  const std::string text = R"(version: 1
scenario: samples
network: {regions: {a: {}}}
registry: {storage: {service_time: {empirical: times.csv}}}
images: {hello: [1 MB]}
hosts: {dev: {region: a}}
timeline: [{at: 0 s, push: hello, to: "app:v1", on: dev}]
)";
  const ReadResult read = read_scenario_text({"scenario.yaml", text}, {}, folder.path(""));
  CHECK(render(read.diagnostics, read.source) == "");
}
