// Names that nothing declares, references, links and replicas.
#include <doctest/doctest.h>

#include "tests/scenarios/reader/diagnosed.hpp"

using namespace georep;

TEST_CASE("the user is told of regions that there are not") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, bb], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: c}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:25: error[E020]: there is no region 'bb'
      links: [{between: [a, bb], rtt: 20 ms}]
                            ^~
    hint: expected a or b
scenario.yaml:7:42: error[E020]: there is no region 'c'
    hosts: {dev: {region: a}, prod: {region: c}}
                                             ^
    hint: expected a or b
)");
}

TEST_CASE("the user is told of a region near one of the preset") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network: {preset: azure}
hosts: {dev: {region: west-us}, far: {region: mars}}
)") ==
        R"(scenario.yaml:4:23: error[E020]: there is no region 'west-us'
    hosts: {dev: {region: west-us}, far: {region: mars}}
                          ^~~~~~~
    hint: did you mean 'westus'?
scenario.yaml:4:47: error[E020]: there is no region 'mars'
    hosts: {dev: {region: west-us}, far: {region: mars}}
                                                  ^~~~
    hint: there are 48, such as australiacentral and westus3
)");
}

TEST_CASE("the user is told of hosts, images and operations that there are not") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, push: helo, to: "app:v2", on: dve}
  - {after: frist, pull: "app:v1", on: prod, issued_from: laptop}
expect:
  - {operation: frist, succeeds: true}
  - {operation: first, gets: hallo}
)") ==
        R"(scenario.yaml:10:21: error[E020]: there is no image 'helo'
      - {at: 1 s, push: helo, to: "app:v2", on: dve}
                        ^~~~
    hint: did you mean 'hello'?
scenario.yaml:10:45: error[E020]: there is no host 'dve'
      - {at: 1 s, push: helo, to: "app:v2", on: dve}
                                                ^~~
    hint: did you mean 'dev'?
scenario.yaml:11:13: error[E020]: there is no operation 'frist'
      - {after: frist, pull: "app:v1", on: prod, issued_from: laptop}
                ^~~~~
    hint: did you mean 'first'?
scenario.yaml:11:59: error[E020]: there is no host 'laptop'
      - {after: frist, pull: "app:v1", on: prod, issued_from: laptop}
                                                              ^~~~~~
    hint: expected dev or prod
scenario.yaml:13:17: error[E020]: there is no operation 'frist'
      - {operation: frist, succeeds: true}
                    ^~~~~
    hint: did you mean 'first'?
scenario.yaml:14:30: error[E020]: there is no image 'hallo'
      - {operation: first, gets: hallo}
                                 ^~~~~
    hint: did you mean 'hello'?
)");
}

TEST_CASE("the user is told of a layer that there is not") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB, os, rumtime]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
layers: {os: 3 MB, runtime: 4 MB}
)") ==
        R"(scenario.yaml:6:28: error[E020]: there is no layer 'rumtime'
    images: {hello: [1 MB, os, rumtime]}
                               ^~~~~~~
    hint: did you mean 'runtime'?
)");
}

TEST_CASE("the user is told of a real image that there is not") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: {real: "python:3.13-slim-trixi"}}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:6:24: error[E020]: there is no real image 'python:3.13-slim-trixi' in the bundled table
    images: {hello: {real: "python:3.13-slim-trixi"}}
                           ^~~~~~~~~~~~~~~~~~~~~~~~
    hint: did you mean 'python:3.13-slim-trixie'?
)");
}

TEST_CASE("the user is told of an index of what there is not, and of itself") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: {index: {linux/amd64: hullo, linux/arm64: hello}}}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:6:39: error[E020]: there is no image 'hullo'
    images: {hello: {index: {linux/amd64: hullo, linux/arm64: hello}}}
                                          ^~~~~
    hint: did you mean 'hello'?
scenario.yaml:6:59: error[E028]: the index 'hello' would contain itself
    images: {hello: {index: {linux/amd64: hullo, linux/arm64: hello}}}
                                                              ^~~~~
)");
}

TEST_CASE("the user is told of a tag that nothing pushes") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pull: "app:v2", on: prod}
  - {at: 1 s, pull: "other:v1", on: prod}
  - {at: 2 s, pull: "app@hello", on: prod}
  - {at: 3 s, delete: "other@hello", on: prod}
)") ==
        R"(scenario.yaml:10:21: error[E022]: nothing ever pushes 'app:v2'
      - {at: 1 s, pull: "app:v2", on: prod}
                        ^~~~~~~~
    hint: did you mean 'app:v1'?
scenario.yaml:11:21: error[E022]: nothing ever pushes 'other:v1'
      - {at: 1 s, pull: "other:v1", on: prod}
                        ^~~~~~~~~~
    hint: expected app:v1
scenario.yaml:13:23: error[E022]: nothing ever pushes 'other@hello'
      - {at: 3 s, delete: "other@hello", on: prod}
                          ^~~~~~~~~~~~~
    hint: expected app@hello
)");
}

TEST_CASE("the user is told of references outside the grammar") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pull: "App:v1", on: prod}
  - {at: 1 s, push: hello, to: "app:v 1", on: prod}
  - {at: 1 s, push: hello, to: "app/:v1", on: prod}
  - {at: 1 s, push: hello, to: "app@hello", on: prod}
  - {at: 1 s, delete: "app:v1", on: prod}
)") ==
        R"(scenario.yaml:10:21: error[E023]: 'App:v1' is no reference
      - {at: 1 s, pull: "App:v1", on: prod}
                        ^~~~~~~~
    hint: expected repository:tag such as 'samples/helloworld:v1'; a repository is written in lower case
scenario.yaml:11:32: error[E013]: 'app:v 1' is no name
      - {at: 1 s, push: hello, to: "app:v 1", on: prod}
                                   ^~~~~~~~~
    hint: expected a reference, without spaces
scenario.yaml:12:32: error[E023]: 'app/:v1' is no reference
      - {at: 1 s, push: hello, to: "app/:v1", on: prod}
                                   ^~~~~~~~~
    hint: expected repository:tag such as 'samples/helloworld:v1'; a repository is written in lower case
scenario.yaml:13:32: error[E023]: 'app@hello' names a manifest, not a tag
      - {at: 1 s, push: hello, to: "app@hello", on: prod}
                                   ^~~~~~~~~~~
    hint: expected repository:tag
scenario.yaml:14:23: error[E023]: 'app:v1' names a tag, not a manifest
      - {at: 1 s, delete: "app:v1", on: prod}
                          ^~~~~~~~
    hint: expected repository@image; 'untag' removes a tag alone
)");
}

TEST_CASE("the user is told of two operations of one name") {
  CHECK(diagnosed(small_scenario + R"(  - {at: 1 s, pull: "app:v1", on: prod, as: first}
  - {at: 2 s, pull: "app:v1", on: prod}
  - {at: 3 s, push: hello, to: "app:v1", on: prod, as: pull-1}
)") ==
        R"(scenario.yaml:10:45: error[E021]: there are two entries named 'first'
      - {at: 1 s, pull: "app:v1", on: prod, as: first}
                                                ^~~~~
    hint: the other is timeline[0]
scenario.yaml:12:56: error[E021]: two operations would be named 'pull-1'
      - {at: 3 s, push: hello, to: "app:v1", on: prod, as: pull-1}
                                                           ^~~~~~
    hint: unnamed and repeated operations are numbered
)");
}

TEST_CASE("the user is told of entries that wait for each other") {
  CHECK(diagnosed(small_scenario + R"(  - {after: two, pull: "app:v1", on: prod, as: one}
  - {after: one, pull: "app:v1", on: prod, as: two}
)") ==
        R"(scenario.yaml:10:13: error[E028]: this waits for 'two', which waits for this
      - {after: two, pull: "app:v1", on: prod, as: one}
                ^~~
)");
}

TEST_CASE("the user is told of a link to itself") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, a], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:25: error[E027]: the link leads from 'a' to itself
      links: [{between: [a, a], rtt: 20 ms}]
                            ^
    hint: inside a region, 'local_rtt' is the round trip
)");
}

TEST_CASE("the user is told of a replica that another cannot reach") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}, c: {}}
  links: [{between: [a, b], rtt: 20 ms}, {from: c, to: b, rtt: 5 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:10: error[E027]: no link leads from the replica in 'a' to the one in 'c'
      links: [{between: [a, b], rtt: 20 ms}, {from: c, to: b, rtt: 5 ms}]
             ^
    hint: every replica has to reach every other one, over others if need be
)");
}

TEST_CASE("the user is told of a link without its round trip") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b]}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:5:11: error[E011]: 'rtt' is missing in network.links[0]
      links: [{between: [a, b]}]
              ^
    hint: without a preset, each link says its round trip
)");
}

TEST_CASE("the user is told of a step twice in the order") {
  CHECK(diagnosed(small_scenario + R"(registry: {replication: {order: [blobs, [manifest, tag], blobs, notif]}}
)") ==
        R"(scenario.yaml:10:58: error[E019]: the step 'blobs' stands twice in the order
    registry: {replication: {order: [blobs, [manifest, tag], blobs, notif]}}
                                                             ^~~~~
scenario.yaml:10:65: error[E015]: unknown word 'notif'
    registry: {replication: {order: [blobs, [manifest, tag], blobs, notif]}}
                                                                    ^~~~~
    hint: did you mean 'notify'?
)");
}

TEST_CASE("the user is told of routing to where there is no replica") {
  CHECK(diagnosed(small_scenario + R"(registry: {replicas: [a]}
routing: {policy: {weighted: {a: 0, b: 0}}}
)") ==
        R"(scenario.yaml:11:30: error[E014]: no region has a weight above 0
    routing: {policy: {weighted: {a: 0, b: 0}}}
                                 ^
scenario.yaml:11:40: error[E020]: there is no replica in 'b'
    routing: {policy: {weighted: {a: 0, b: 0}}}
                                           ^
    hint: expected a
)");
}

TEST_CASE("the user is told of a policy that there is not") {
  CHECK(diagnosed(small_scenario + R"(routing: {policy: closest}
)") ==
        R"(scenario.yaml:10:19: error[E015]: unknown word 'closest'
    routing: {policy: closest}
                      ^~~~~~~
    hint: expected nearest, {priority: …}, {weighted: …} or {pinned: …}
)");
}

TEST_CASE("the user is told of a policy that there is not, as a map") {
  CHECK(diagnosed(small_scenario + R"(routing: {policy: {prioritised: [a, b]}}
)") ==
        R"(scenario.yaml:10:20: error[E010]: unknown key 'prioritised' in routing.policy
    routing: {policy: {prioritised: [a, b]}}
                       ^~~~~~~~~~~
    hint: expected priority, weighted or pinned
)");
}

TEST_CASE("the user is told of webhooks of one name, of no replica and no scope") {
  CHECK(diagnosed(small_scenario + R"(registry: {replicas: [a]}
webhooks:
  - {name: hook, region: a, scope: "App:*"}
  - {name: hook, region: b, events: [push, pull]}
)") ==
        R"(scenario.yaml:12:36: error[E023]: 'App:*' is no scope
      - {name: hook, region: a, scope: "App:*"}
                                       ^~~~~~~
    hint: expected 'repository:*', 'repository:tag', or 'repository' for its tag latest
scenario.yaml:13:12: error[E021]: there are two webhooks named 'hook'
      - {name: hook, region: b, events: [push, pull]}
               ^~~~
scenario.yaml:13:26: error[E020]: there is no replica in 'b'
      - {name: hook, region: b, events: [push, pull]}
                             ^
    hint: expected a
scenario.yaml:13:44: error[E015]: unknown word 'pull'
      - {name: hook, region: b, events: [push, pull]}
                                               ^~~~
    hint: did you mean 'push'?
)");
}
