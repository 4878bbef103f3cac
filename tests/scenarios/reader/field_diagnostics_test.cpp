// Fields that say what they cannot: unknown keys, wrong forms, units, bounds.
#include <doctest/doctest.h>

#include "tests/scenarios/reader/diagnosed.hpp"

using namespace georep;

TEST_CASE("the user is told of a misspelt section") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
host: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:7:1: error[E010]: unknown key 'host' in the scenario
    host: {dev: {region: a}, prod: {region: b}}
    ^~~~
    hint: did you mean 'hosts'?
)");
}

TEST_CASE("the user is told of a misspelt key") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rrt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:29: error[E010]: unknown key 'rrt' in network.links[0]
      links: [{between: [a, b], rrt: 20 ms}]
                                ^~~
    hint: did you mean 'rtt'?
)");
}

TEST_CASE("the user is told of a key of another place") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b, bandwidth: 1 Gbps}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:7:45: error[E010]: unknown key 'bandwidth' in hosts.prod
    hosts: {dev: {region: a}, prod: {region: b, bandwidth: 1 Gbps}}
                                                ^~~~~~~~~
    hint: expected region, resolver, download, upload, parallel_downloads, parallel_uploads, count, client, platform, resolve, timeout, endpoint or layer_store
)");
}

TEST_CASE("the user is told of a number without its unit") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:34: error[E013]: '20' has no unit
      links: [{between: [a, b], rtt: 20}]
                                     ^~
    hint: expected a duration such as '250 ms', in ns, us, ms, s, min, h or d
)");
}

TEST_CASE("the user is told of a misspelt unit") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 msec}]
images: {hello: [1 mb]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:34: error[E013]: unknown unit 'msec' in '20 msec'
      links: [{between: [a, b], rtt: 20 msec}]
                                     ^~~~~~~
    hint: expected a duration such as '250 ms', in ns, us, ms, s, min, h or d
scenario.yaml:6:18: error[E013]: unknown unit 'mb' in '1 mb'
    images: {hello: [1 mb]}
                     ^~~~
    hint: did you mean 'MB'?
)");
}

TEST_CASE("the user is told of a size where a bandwidth is expected") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  egress: 10 GB
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:11: error[E013]: unknown unit 'GB' in '10 GB'
      egress: 10 GB
              ^~~~~
    hint: expected a bandwidth such as '10 Gbps', in bps, kbps, Mbps, Gbps, Tbps, kB/s, MB/s or GB/s
)");
}

TEST_CASE("the user is told of a bandwidth of 0") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms, bandwidth: 0 Gbps}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:52: error[E014]: '0 Gbps' is out of bounds
      links: [{between: [a, b], rtt: 20 ms, bandwidth: 0 Gbps}]
                                                       ^~~~~~
    hint: expected a bandwidth above 0 bps
)");
}

TEST_CASE("the user is told of quantities too large") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 99999999999 d}]
images: {hello: [9223372036854775808 B]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:34: error[E013]: '99999999999 d' is too large for a duration
      links: [{between: [a, b], rtt: 99999999999 d}]
                                     ^~~~~~~~~~~~~
scenario.yaml:6:18: error[E013]: '9223372036854775808 B' is too large for a size
    images: {hello: [9223372036854775808 B]}
                     ^~~~~~~~~~~~~~~~~~~~~
)");
}

TEST_CASE("the user is told of a negative duration") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: -20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:34: error[E014]: '-20 ms' is out of bounds
      links: [{between: [a, b], rtt: -20 ms}]
                                     ^~~~~~
    hint: expected a duration of at least 0 s
)");
}

TEST_CASE("the user is told of a ratio above 1") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  jitter: 120%
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:11: error[E014]: '120%' is out of bounds
      jitter: 120%
              ^~~~
    hint: expected a ratio from 0% to 100%
)");
}

TEST_CASE("the user is told of a list for a map and a map for a list") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: {between: [a, b]}
images: [1 MB]
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:10: error[E012]: expected a list, found a map
      links: {between: [a, b]}
             ^
scenario.yaml:6:9: error[E012]: expected a map from image names, found a list
    images: [1 MB]
            ^
)");
}

TEST_CASE("the user is told of nothing where a map is expected") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images:
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:6:1: error[E012]: expected a map from image names, found nothing
    images:
    ^~~~~~
    hint: an empty one is written {}
)");
}

TEST_CASE("the user is told of a truth value of YAML 1.1") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  slow_start: yes
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:15: error[E013]: expected true or false, found 'yes'
      slow_start: yes
                  ^~~
    hint: yes, no, on and off are words
)");
}

TEST_CASE("the user is told of a misspelt word") {
  CHECK(diagnosed(small_scenario + R"(registry: {replication: {apply: last-write-wins, queue: lifo}}
)") ==
        R"(scenario.yaml:10:33: error[E015]: unknown word 'last-write-wins'
    registry: {replication: {apply: last-write-wins, queue: lifo}}
                                    ^~~~~~~~~~~~~~~
    hint: did you mean 'last-writer-wins'?
scenario.yaml:10:57: error[E015]: unknown word 'lifo'
    registry: {replication: {apply: last-write-wins, queue: lifo}}
                                                            ^~~~
    hint: did you mean 'fifo'?
)");
}

TEST_CASE("the user is told of counts that are out of bounds") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b, count: 2000000, parallel_downloads: 0}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:7:52: error[E014]: '2000000' is out of bounds
    hosts: {dev: {region: a}, prod: {region: b, count: 2000000, parallel_downloads: 0}}
                                                       ^~~~~~~
    hint: expected a whole number from 1 to 1000000
scenario.yaml:7:81: error[E014]: '0' is out of bounds
    hosts: {dev: {region: a}, prod: {region: b, count: 2000000, parallel_downloads: 0}}
                                                                                    ^
    hint: expected a whole number from 1 to 1000000
)");
}

TEST_CASE("the user is told of attempts: 0") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pull: "app:v1", on: prod, retry: {attempts: 0}}
)") ==
        R"(scenario.yaml:10:59: error[E014]: '0' is out of bounds
      - {at: 1 s, pull: "app:v1", on: prod, retry: {attempts: 0}}
                                                              ^
    hint: expected a whole number of at least 1
)");
}

TEST_CASE("the user is told of a law of probability that there is not") {
  CHECK(diagnosed(small_scenario + R"(registry: {storage: {service_time: {gauss: 5 ms}}, replication: {start_delay: {uniform: [3 s, 1 s]}}}
)") ==
        R"(scenario.yaml:10:37: error[E010]: unknown law 'gauss'
    registry: {storage: {service_time: {gauss: 5 ms}}, replication: {start_delay: {uniform: [3 s, 1 s]}}}
                                        ^~~~~
    hint: expected exponential, uniform, normal, lognormal, pareto, weibull or empirical
scenario.yaml:10:89: error[E014]: the lower bound is above the upper one
    registry: {storage: {service_time: {gauss: 5 ms}}, replication: {start_delay: {uniform: [3 s, 1 s]}}}
                                                                                            ^
)");
}

TEST_CASE("the user is told of lognormal without its percentile") {
  CHECK(diagnosed(small_scenario + R"(registry: {storage: {service_time: {lognormal: {median: 5 ms}}}}
)") ==
        R"(scenario.yaml:10:48: error[E012]: lognormal takes exactly 'median' and 'p99'
    registry: {storage: {service_time: {lognormal: {median: 5 ms}}}}
                                                   ^
)");
}

TEST_CASE("the user is told of rates of 0") {
  CHECK(diagnosed(small_scenario + R"(registry: {limits: {reads: {rate: 0 /s, burst: 0}}}
workloads:
  - {pushes: {}, on: dev, arrivals: {poisson: 0 /min}, until: 1 h}
)") ==
        R"(scenario.yaml:10:35: error[E014]: '0 /s' is out of bounds
    registry: {limits: {reads: {rate: 0 /s, burst: 0}}}
                                      ^~~~
    hint: expected a rate above 0 /s
scenario.yaml:10:48: error[E014]: '0' is out of bounds
    registry: {limits: {reads: {rate: 0 /s, burst: 0}}}
                                                   ^
    hint: expected a whole number of at least 1
scenario.yaml:12:47: error[E014]: '0 /min' is out of bounds
      - {pushes: {}, on: dev, arrivals: {poisson: 0 /min}, until: 1 h}
                                                  ^~~~~~
    hint: expected a rate above 0 /s
)");
}

TEST_CASE("the user is told of two keys for one thing") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, deploy: "app:v1", to: web, in: web}
clusters: {web: {region: a}}
)") ==
        R"(scenario.yaml:10:42: error[E016]: 'to' and 'in' say the same in timeline[1]
      - {at: 1 s, deploy: "app:v1", to: web, in: web}
                                             ^~
)");
}

TEST_CASE("the user is told of two actions in one entry") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pull: "app:v1", untag: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:31: error[E016]: 'pull' and 'untag' exclude one another in timeline[1]
      - {at: 1 s, pull: "app:v1", untag: "app:v1", on: dev}
                                  ^~~~~
    hint: expected an action, not two
)");
}

TEST_CASE("the user is told of an entry without an action") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, on: dev}
)") ==
        R"(scenario.yaml:10:5: error[E011]: an action is missing in timeline[1]
      - {at: 1 s, on: dev}
        ^
    hint: expected push, pull, deploy, untag, delete, retag, fail, degrade, set, add_replica, remove_replica, disable_routing or enable_routing
)");
}

TEST_CASE("the user is told of a misspelt action") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pul: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:15: error[E010]: unknown key 'pul' in timeline[1]
      - {at: 1 s, pul: "app:v1", on: dev}
                  ^~~
    hint: did you mean 'pull'?
)");
}

TEST_CASE("the user is told of an entry without a time") {
  CHECK(diagnosed(small_scenario + R"(  - {pull: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:5: error[E011]: 'at' is missing in timeline[1]
      - {pull: "app:v1", on: dev}
        ^
    hint: expected at: a duration, or after: an operation
)");
}

TEST_CASE("the user is told of two times in one entry") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, after: first, delay: 1 s, pull: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:22: error[E016]: 'at' and 'after' exclude one another in timeline[1]
      - {at: 1 s, after: first, delay: 1 s, pull: "app:v1", on: dev}
                         ^~~~~
)");
}

TEST_CASE("the user is told of keys that say nothing alone") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, delay: 1 s, count: 3, pull: "app:v1", on: dev}
)") ==
        R"(scenario.yaml:10:22: error[E028]: 'delay' has a meaning only beside 'after'
      - {at: 1 s, delay: 1 s, count: 3, pull: "app:v1", on: dev}
                         ^~~
scenario.yaml:10:34: error[E028]: 'count' has a meaning only beside 'every'
      - {at: 1 s, delay: 1 s, count: 3, pull: "app:v1", on: dev}
                                     ^
)");
}

TEST_CASE("the user is told how a value is written that is neither a word nor a map of those that there are") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, fail: {}}
routing: {policy: weighted}
workloads:
  - {pushes: {}, on: dev, arrivals: 5 /s, until: 5 s}
)") ==
        R"(scenario.yaml:10:21: error[E012]: expected what fails, found a map
      - {at: 1 s, fail: {}}
                        ^
    hint: written {link: …}, {region: …}, {replica: …}, {node: …}, {replication: …} or {webhook: …}
scenario.yaml:11:19: error[E015]: unknown word 'weighted'
    routing: {policy: weighted}
                      ^~~~~~~~
    hint: expected nearest, {priority: …}, {weighted: …} or {pinned: …}
scenario.yaml:13:37: error[E012]: expected arrivals such as {poisson: 50 /s}, found '5 /s'
      - {pushes: {}, on: dev, arrivals: 5 /s, until: 5 s}
                                        ^~~~
    hint: written {poisson: …}, {every: …}, {diurnal: …} or {empirical: …}
)");
}

TEST_CASE("the user is told of two laws at once, of a layer of negative size and of a file that is a list") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network: {regions: {a: {}}}
registry: {storage: {service_time: {exponential: 1 s, uniform: [1 s, 2 s]}}}
images: {hello: [1 MB, -1 MB]}
)") ==
        R"(scenario.yaml:4:55: error[E016]: 'exponential' and 'uniform' exclude one another in registry.storage.service_time
    registry: {storage: {service_time: {exponential: 1 s, uniform: [1 s, 2 s]}}}
                                                          ^~~~~~~
    hint: expected one law
scenario.yaml:5:24: error[E013]: '-1 MB' is negative
    images: {hello: [1 MB, -1 MB]}
                           ^~~~~
    hint: expected a size such as '30 MiB', in B, kB, MB, GB, TB, KiB, MiB, GiB or TiB
)");
  CHECK(diagnosed("- version: 1\n") == R"(scenario.yaml:1:1: error[E012]: expected a map of scenario, found a list
    - version: 1
    ^
)");
}

TEST_CASE("the user is told of a version that is set, and of a form that can be set only as a whole") {
  CHECK(diagnosed(small_scenario, {{"version", "2"}, {"routing.policy.weighted.a", "3"}}) ==
        R"(--set version: error[E018]: '2' is no version of the language that is known here
    hint: expected 'version: 1'
--set routing.policy: error[E017]: there is no 'weighted' yet in routing.policy
    hint: it has to be set as a whole
)");
  CHECK(diagnosed(small_scenario, {{"version", "1"}, {"routing.policy.weighted", "{a: 3}"}}) == "");
}

TEST_CASE("the user is told of an element that was set where the list that it spoils stands in no file") {
  CHECK(diagnosed(small_scenario, {{"registry.replication.order[0]", "tag"}}) ==
        R"(--set registry.replication.order[0]: error[E019]: the step 'tag' stands twice in the order
)");
}

TEST_CASE("the user is told that waits one by one stand in place of the others") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pull: "app:v1", on: prod, retry: {first: 1 s, waits: [5 s, 10 s]}}
)") ==
        R"(scenario.yaml:10:49: error[E016]: 'waits' and 'first' exclude one another in timeline[1].retry
      - {at: 1 s, pull: "app:v1", on: prod, retry: {first: 1 s, waits: [5 s, 10 s]}}
                                                    ^~~~~
)");
}

TEST_CASE("the hint about a word that is none names the form that is a map as well") {
  CHECK(diagnosed(small_scenario + "registry: {missing_blobs: later}\n") ==
        R"(scenario.yaml:10:27: error[E015]: unknown word 'later'
    registry: {missing_blobs: later}
                              ^~~~~
    hint: expected blob-unknown, manifest-unknown, fetch-from-origin or {wait: …}
)");
}
