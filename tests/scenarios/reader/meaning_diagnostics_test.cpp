// What makes no sense as a whole: faults, settings, ends, files, expectations.
#include <doctest/doctest.h>

#include "tests/scenarios/reader/diagnosed.hpp"

using namespace georep;

TEST_CASE("the user is told of faults of what there is not") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}, c: {}}
  links: [{between: [a, b], rtt: 20 ms}, {between: [b, c], rtt: 3 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
  - {at: 1 s, fail: {link: [a, c]}, for: 1 s}
  - {at: 1 s, fail: {node: web/4}, for: 1 s}
  - {at: 1 s, fail: {node: web}, for: 1 s}
  - {at: 1 s, fail: {disk: a}, for: 1 s}
  - {at: 1 s, degrade: {link: [a, b]}, for: 1 s}
clusters: {web: {region: a, nodes: 3}}
)") ==
        R"(scenario.yaml:10:28: error[E027]: there is no link between 'a' and 'c'
      - {at: 1 s, fail: {link: [a, c]}, for: 1 s}
                               ^
    hint: routes over other regions fail link by link
scenario.yaml:11:28: error[E014]: the cluster 'web' has no node 4
      - {at: 1 s, fail: {node: web/4}, for: 1 s}
                               ^~~~~
    hint: it has 3, counted from 1
scenario.yaml:12:28: error[E013]: 'web' is no node of a cluster
      - {at: 1 s, fail: {node: web}, for: 1 s}
                               ^~~
    hint: expected a cluster and a number from 1, such as 'web-we/3'
scenario.yaml:13:22: error[E010]: unknown key 'disk' in timeline[4].fail
      - {at: 1 s, fail: {disk: a}, for: 1 s}
                         ^~~~
    hint: did you mean 'link'?
scenario.yaml:14:24: error[E011]: nothing about the link gets worse
      - {at: 1 s, degrade: {link: [a, b]}, for: 1 s}
                           ^
    hint: expected bandwidth, rtt or loss
)");
}

TEST_CASE("the user is told of a fault that never ends") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, fail: {region: b}}
)") ==
        R"(scenario.yaml:10:21: error[E024]: this fault never ends, and what it stops is tried without end
      - {at: 1 s, fail: {region: b}}
                        ^
    hint: give it 'for', or the scenario a 'duration'
)");
}

TEST_CASE("the user is told of settings that cannot be") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, set: {registry.replication.stream: 16}}
  - {at: 1 s, set: {registry.replication.streams: many}}
  - {at: 1 s, set: {seed: 2}}
  - {at: 1 s, set: {routing.policy: {pinned: mars}}}
  - {at: 1 s, set: {registry.storage.service_time: {empirical: times.csv}}}
)") ==
        R"(scenario.yaml:10:50: error[E017]: there is no 'stream' in registry.replication
      - {at: 1 s, set: {registry.replication.stream: 16}}
                                                     ^~
    hint: did you mean 'streams'?
scenario.yaml:11:51: error[E013]: 'many' is not a whole number
      - {at: 1 s, set: {registry.replication.streams: many}}
                                                      ^~~~
    hint: expected a whole number
scenario.yaml:12:27: error[E017]: 'seed' does not change during a run
      - {at: 1 s, set: {seed: 2}}
                              ^
    hint: what does: registry, routing, network, hosts, clusters and webhooks
scenario.yaml:13:37: error[E020]: there is no replica in 'mars'
      - {at: 1 s, set: {routing.policy: {pinned: mars}}}
                                        ^
    hint: expected a or b
scenario.yaml:14:52: error[E028]: a law of samples cannot be set during a run
      - {at: 1 s, set: {registry.storage.service_time: {empirical: times.csv}}}
                                                       ^
)");
}

TEST_CASE("the user is told of workloads without an end") {
  CHECK(diagnosed(small_scenario + R"(workloads:
  - {poll: "app:v1", on: prod, every: 1 s}
  - {poll: "app:v1", on: prod, every: 1 s, from: 2 s, until: 1 s}
)") ==
        R"(scenario.yaml:11:5: error[E024]: this workload never ends
      - {poll: "app:v1", on: prod, every: 1 s}
        ^
    hint: give it 'until', or the scenario a 'duration'
scenario.yaml:12:62: error[E028]: the workload ends before it begins
      - {poll: "app:v1", on: prod, every: 1 s, from: 2 s, until: 1 s}
                                                                 ^~~
    hint: 'until' is after 'from'
)");
}

TEST_CASE("the user is told of files that lie elsewhere or nowhere") {
  CHECK(diagnosed(small_scenario + R"(registry:
  storage: {service_time: {empirical: /etc/passwd}}
  replication: {start_delay: {empirical: ../times.csv}}
workloads:
  - {pushes: {}, on: dev, arrivals: {empirical: missing.csv}}
  - {trace: /var/log/syslog, on: dev}
)") ==
        R"(scenario.yaml:11:39: error[E026]: the path '/etc/passwd' is absolute
      storage: {service_time: {empirical: /etc/passwd}}
                                          ^~~~~~~~~~~
    hint: a scenario's files lie in its own folder or below
scenario.yaml:12:42: error[E026]: the path '../times.csv' leaves the scenario's folder
      replication: {start_delay: {empirical: ../times.csv}}
                                             ^~~~~~~~~~~~
    hint: a scenario's files lie in its own folder or below
scenario.yaml:14:49: error[E029]: there is no file 'missing.csv' beside the scenario
      - {pushes: {}, on: dev, arrivals: {empirical: missing.csv}}
                                                    ^~~~~~~~~~~
    hint: paths start at the folder of the scenario file
scenario.yaml:15:13: error[E026]: the path '/var/log/syslog' is absolute
      - {trace: /var/log/syslog, on: dev}
                ^~~~~~~~~~~~~~~
    hint: a scenario's files lie in its own folder or below
)");
}

TEST_CASE("the user is told of a measure without statistic and bound") {
  CHECK(diagnosed(small_scenario + R"(expect:
  - {measure: replication_lag}
)") ==
        R"(scenario.yaml:11:5: error[E011]: 'statistic' is missing in expect[0]
      - {measure: replication_lag}
        ^
    hint: mean, min, max, count, sum, stddev, or a percentile such as p99.9.
scenario.yaml:11:5: error[E011]: a bound is missing in expect[0]
      - {measure: replication_lag}
        ^
    hint: expected below, above, between or equals
)");
}

TEST_CASE("the user is told of measures, statistics and bounds that do not fit") {
  CHECK(diagnosed(small_scenario + R"(expect:
  - {measure: replication_lags, statistic: p99, below: 60 s}
  - {measure: replication_lag, statistic: p100, below: 60 s}
  - {measure: replication_lag, statistic: p99, below: 60}
  - {measure: cache_hit_ratio, statistic: mean, above: 3 s}
  - {measure: replication_lag, statistic: p99, between: [5 s, 1 s]}
  - {measure: replication_lag, statistic: p99, below: 60 s, above: 1 s}
  - {measure: replication_lag, statistic: count, below: 60 s}
)") ==
        R"(scenario.yaml:11:15: error[E025]: there is no measure 'replication_lags'
      - {measure: replication_lags, statistic: p99, below: 60 s}
                  ^~~~~~~~~~~~~~~~
    hint: did you mean 'replication_lag'?
scenario.yaml:12:43: error[E025]: there is no statistic 'p100'
      - {measure: replication_lag, statistic: p100, below: 60 s}
                                              ^~~~
    hint: expected mean, min, max, count, sum, stddev or a percentile such as p50 or p99.9
scenario.yaml:13:55: error[E013]: the p99 of replication_lag is a duration, not a number
      - {measure: replication_lag, statistic: p99, below: 60}
                                                          ^~
    hint: expected a duration such as '60 s'
scenario.yaml:14:56: error[E013]: the mean of cache_hit_ratio is a ratio, not a duration
      - {measure: cache_hit_ratio, statistic: mean, above: 3 s}
                                                           ^~~
    hint: expected a ratio such as '99%'
scenario.yaml:15:57: error[E014]: the lower bound is above the upper one
      - {measure: replication_lag, statistic: p99, between: [5 s, 1 s]}
                                                            ^
scenario.yaml:16:61: error[E016]: 'below' and 'above' exclude one another in expect[5]
      - {measure: replication_lag, statistic: p99, below: 60 s, above: 1 s}
                                                                ^~~~~
    hint: expected a bound, not two
scenario.yaml:17:57: error[E013]: the count of replication_lag is a number, not a duration
      - {measure: replication_lag, statistic: count, below: 60 s}
                                                            ^~~~
    hint: expected a number such as '3'
)");
}

TEST_CASE("the user is told of codes, invariants and states that there are not") {
  CHECK(diagnosed(small_scenario + R"(expect:
  - {operation: first, fails: MANIFEST_UNKNWON}
  - {never: BLOB_MISSING}
  - {never: lost-tag, longer_than: 3 s}
  - {always: closed}
  - {eventually: converge}
  - {operation: first}
  - {operation: first, gets: hello, fails: TIMEOUT}
)") ==
        R"(scenario.yaml:11:31: error[E025]: there is no error code 'MANIFEST_UNKNWON'
      - {operation: first, fails: MANIFEST_UNKNWON}
                                  ^~~~~~~~~~~~~~~~
    hint: did you mean 'MANIFEST_UNKNOWN'?
scenario.yaml:12:13: error[E025]: there is no error code or anomaly 'BLOB_MISSING'
      - {never: BLOB_MISSING}
                ^~~~~~~~~~~~
    hint: expected stale-read, lost-tag, resurrected-tag, divergence, BLOB_UNKNOWN, MANIFEST_UNKNOWN, MANIFEST_BLOB_UNKNOWN, NAME_UNKNOWN, BLOB_UPLOAD_UNKNOWN, DIGEST_INVALID, DENIED, UNAUTHORIZED, TOOMANYREQUESTS, NO_REPLICA, UNREACHABLE or TIMEOUT
scenario.yaml:13:36: error[E028]: 'longer_than' has a meaning only beside 'never: stale-read'
      - {never: lost-tag, longer_than: 3 s}
                                       ^~~
scenario.yaml:14:14: error[E025]: there is no invariant 'closed'
      - {always: closed}
                 ^~~~~~
    hint: did you mean 'closure'?
scenario.yaml:15:18: error[E025]: there is no state 'converge'
      - {eventually: converge}
                     ^~~~~~~~
    hint: did you mean 'converged'?
scenario.yaml:16:5: error[E011]: nothing is expected of the operation
      - {operation: first}
        ^
    hint: expected succeeds, fails, gets or within
scenario.yaml:17:44: error[E028]: an operation that succeeds does not fail as well
      - {operation: first, gets: hello, fails: TIMEOUT}
                                               ^~~~~~~
)");
}

TEST_CASE("the user is told of what runs and what fires, of what there is not") {
  CHECK(diagnosed(small_scenario + R"(expect:
  - {running: web, images: [hello]}
  - {webhook: hook}
)") ==
        R"(scenario.yaml:11:15: error[E020]: there is no cluster 'web'
      - {running: web, images: [hello]}
                  ^~~
    hint: 'clusters' declares none
scenario.yaml:12:5: error[E011]: nothing is expected of the webhook
      - {webhook: hook}
        ^
    hint: expected fires, status or within
scenario.yaml:12:15: error[E020]: there is no webhook 'hook'
      - {webhook: hook}
                  ^~~~
    hint: 'webhooks' declares none
)");
}

TEST_CASE("the user is told of uncertainty about what there is not") {
  CHECK(diagnosed(small_scenario + R"(uncertainty:
  latency: [90 ms, 40 ms]
  at: {frist: [0 s, 1 s]}
  faults: {at_most: 1, of: [lost-packet]}
)") ==
        R"(scenario.yaml:11:12: error[E014]: the lower bound is above the upper one
      latency: [90 ms, 40 ms]
               ^
scenario.yaml:12:15: error[E020]: there is no entry of the timeline named 'frist'
      at: {frist: [0 s, 1 s]}
                  ^
    hint: did you mean 'first'?
scenario.yaml:13:29: error[E015]: unknown word 'lost-packet'
      faults: {at_most: 1, of: [lost-packet]}
                                ^~~~~~~~~~~
    hint: expected duplicate-delivery, reordered-delivery, replication-crash, lost-webhook or lost-invalidation
)");
}

TEST_CASE("the user is told of a warm-up longer than the run") {
  CHECK(diagnosed(small_scenario + R"(duration: 5 min
warmup: 10 min
)") ==
        R"(scenario.yaml:11:9: error[E028]: nothing is left to measure after the warm-up
    warmup: 10 min
            ^~~~~~
    hint: 'warmup' is shorter than 'duration'
)");
}

TEST_CASE("the user is told of too many operations") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a, count: 1000000}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
  - {every: 1 s, count: 1000000, pull: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:7:49: error[E009]: all hosts and nodes together are more than 1000000 machines
    hosts: {dev: {region: a, count: 1000000}, prod: {region: b}}
                                                    ^
scenario.yaml:10:5: error[E009]: the timeline has more than 1000000 operations
      - {every: 1 s, count: 1000000, pull: "app:v1", on: dev}
        ^
    hint: repetitions count for each machine of a group; 'workloads' have no limit
)");
}

TEST_CASE("the user is told of the far future") {
  CHECK(diagnosed(small_scenario + R"(  - {every: 300 d, count: 1000000, pull: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:5: error[E009]: the timeline has more than 1000000 operations
      - {every: 300 d, count: 1000000, pull: "app:v1", on: dev}
        ^
    hint: repetitions count for each machine of a group; 'workloads' have no limit
scenario.yaml:10:5: error[E014]: this happens more than 200 years from the start
      - {every: 300 d, count: 1000000, pull: "app:v1", on: dev}
        ^
)");
}

TEST_CASE("the user is told of a measure without a bound and of an empty expectation, and of nothing else") {
  CHECK(diagnosed(small_scenario + R"(expect:
  - {measure: replication_lag, statistic: p99}
  - {}
)") ==
        R"(scenario.yaml:11:5: error[E011]: a bound is missing in expect[0]
      - {measure: replication_lag, statistic: p99}
        ^
    hint: expected below, above, between or equals
scenario.yaml:12:5: error[E011]: an expectation is missing in expect[1]
      - {}
        ^
    hint: expected operation, never, always, eventually, measure, running or webhook
)");
}

TEST_CASE("the user is told of a digest where only a tag is measured") {
  CHECK(diagnosed(small_scenario + R"(expect:
  - {never: stale-read, of: "app@hello"}
  - {measure: pull_duration, of: "app@hello", statistic: max, below: 1 s}
)") ==
        R"(scenario.yaml:11:29: error[E023]: 'app@hello' names a manifest, not a tag
      - {never: stale-read, of: "app@hello"}
                                ^~~~~~~~~~~
    hint: expected repository:tag
scenario.yaml:12:34: error[E023]: 'app@hello' names a manifest, not a tag
      - {measure: pull_duration, of: "app@hello", statistic: max, below: 1 s}
                                     ^~~~~~~~~~~
    hint: expected repository:tag
)");
}

TEST_CASE("the user is told of entries that do nothing, and of one that is no operation to wait for") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, set: {}, as: nothing}
  - {at: 1 s, add_replica: a}
  - {after: nothing, pull: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:20: error[E011]: nothing is set
      - {at: 1 s, set: {}, as: nothing}
                       ^
    hint: such as {registry.replication.streams: 16}
scenario.yaml:11:28: error[E028]: there is a replica in 'a' from the start
      - {at: 1 s, add_replica: a}
                               ^
    hint: without 'replicas' every region has one
scenario.yaml:12:13: error[E020]: 'nothing' is no operation
      - {after: nothing, pull: "app:v1", on: dev}
                ^~~~~~~
    hint: 'after' waits for a push, pull, retag, untag or delete
)");
}

TEST_CASE("a replica that was removed may be added again") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, remove_replica: b}
  - {at: 2 s, add_replica: b}
)") == "");
}

TEST_CASE("a child of a pushed index can be named by its digest") {
  const std::string index = R"(version: 1
scenario: Two platforms
network: {regions: {a: {}}}
images: {small: [1 MB], large: [2 MB], unrelated: [3 MB], multi: {index: {linux/amd64: small, linux/arm64: large}}}
hosts: {dev: {region: a}}
timeline:
  - {at: 0 s, push: multi, to: "app:v1", on: dev}
  - {at: 1 s, pull: "app@large", on: dev}
)";
  CHECK(diagnosed(index) == "");
  CHECK(diagnosed(index + "  - {at: 1 s, pull: \"app@unrelated\", on: dev}\n") ==
        R"(scenario.yaml:9:21: error[E022]: nothing ever pushes 'app@unrelated'
      - {at: 1 s, pull: "app@unrelated", on: dev}
                        ^~~~~~~~~~~~~~~
    hint: expected app@multi, app@large or app@small
)");
}

TEST_CASE("where there is no region at all, the user is told once") {
  CHECK(diagnosed(R"(version: 1
scenario: Nowhere
hosts: {dev: {region: a, resolver: b}}
)") ==
        R"(scenario.yaml:1:1: error[E011]: there is no region
    version: 1
    ^
    hint: expected 'preset: azure', aws or gcp in 'network', or its 'regions'
)");
}

TEST_CASE("the user is told of many mistakes at once, in the order of their places") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20}]
images: {hello: [1 Mb, os]}
hosts: {dev: {region: a}, prod: {region: c}}
timeline:
  - {at: 0 s, push: helo, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:34: error[E013]: '20' has no unit
      links: [{between: [a, b], rtt: 20}]
                                     ^~
    hint: expected a duration such as '250 ms', in ns, us, ms, s, min, h or d
scenario.yaml:6:18: error[E013]: unknown unit 'Mb' in '1 Mb'
    images: {hello: [1 Mb, os]}
                     ^~~~
    hint: did you mean 'MB'?
scenario.yaml:6:24: error[E020]: there is no layer 'os'
    images: {hello: [1 Mb, os]}
                           ^~
    hint: 'layers' declares none
scenario.yaml:7:42: error[E020]: there is no region 'c'
    hosts: {dev: {region: a}, prod: {region: c}}
                                             ^
    hint: expected a or b
scenario.yaml:9:21: error[E020]: there is no image 'helo'
      - {at: 0 s, push: helo, to: "app:v1", on: dev, as: first}
                        ^~~~
    hint: did you mean 'hello'?
)");
}

TEST_CASE("the user is told of a cache that nothing asks") {
  CHECK(diagnosed(small_scenario + "registry: {parent_cache: {ttl: 1 h}}\n") ==
        R"(scenario.yaml:10:26: error[E011]: there is no manifest_cache that would ask it
    registry: {parent_cache: {ttl: 1 h}}
                             ^
    hint: write manifest_cache alone where there is one cache
)");
}

TEST_CASE("the user is told of images with more layers than a manifest can list") {
  CHECK(diagnosed(small_scenario + R"(duration: 1 h
workloads:
  - {pulls: {catalog: {layers: {count: {uniform: [1, 20000]}}}}, on: prod, arrivals: {poisson: 1 /s}}
  - {pushes: {layers: {count: 1000000}}, on: dev, arrivals: {poisson: 1 /h}}
)") ==
        R"(scenario.yaml:12:40: error[E014]: an image has at most 10000 layers
      - {pulls: {catalog: {layers: {count: {uniform: [1, 20000]}}}}, on: prod, arrivals: {poisson: 1 /s}}
                                           ^
    hint: a manifest that lists more is larger than registries take
scenario.yaml:13:31: error[E014]: an image has at most 10000 layers
      - {pushes: {layers: {count: 1000000}}, on: dev, arrivals: {poisson: 1 /h}}
                                  ^~~~~~~
    hint: a manifest that lists more is larger than registries take
)");
}
