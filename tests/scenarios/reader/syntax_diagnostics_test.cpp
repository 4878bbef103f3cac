// What is no scenario at all: mistakes of YAML, and of the version.
#include <doctest/doctest.h>

#include "tests/scenarios/reader/diagnosed.hpp"

using namespace georep;

TEST_CASE("the user is told of an empty file") {
  CHECK(diagnosed("") ==
        R"(scenario.yaml:1:1: error[E018]: the file is empty
    hint: a scenario starts with 'version: 1'
)");
}

TEST_CASE("the user is told of a comment alone is no scenario") {
  CHECK(diagnosed(R"(# nothing yet
)") ==
        R"(scenario.yaml:1:1: error[E018]: the file is empty
    # nothing yet
    ^
    hint: a scenario starts with 'version: 1'
)");
}

TEST_CASE("the user is told of a control character") {
  CHECK(diagnosed("version: 1\nscenario: a\ab\n") ==
        R"(scenario.yaml:2:12: error[E001]: the control character U+0007 cannot stand here
    scenario: a�b
               ^
    hint: in double quotes it can be written as an escape
)");
}

TEST_CASE("the user is told of bytes that are not UTF-8") {
  CHECK(diagnosed("version: 1\nscenario: caf\xe9\n") ==
        R"(scenario.yaml:2:14: error[E001]: the byte 0xE9 is not UTF-8
    scenario: caf�
                 ^
    hint: save the file as UTF-8
)");
}

TEST_CASE("the user is told of a list that is not closed") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
timeline: [
  {at: 0 s, push: hello
)") ==
        R"(scenario.yaml:5:1: error[E002]: expected ',' or '}' in a map
    hint: it was opened on line 4
)");
}

TEST_CASE("the user is told of a file cut off in a quoted text") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", )") ==
        R"(scenario.yaml:9:42: error[E002]: expected ',' or '}' in a map
      - {at: 0 s, push: hello, to: "app:v1", 
                                             ^
    hint: it was opened on line 9
)");
}

TEST_CASE("the user is told of a quoted text that is not closed") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
description: "never closed
seed: 1
)") ==
        R"(scenario.yaml:6:14: error[E002]: a quoted text is not closed
    description: "never closed
                 ^
)");
}

TEST_CASE("the user is told of a tab that indents") {
  CHECK(diagnosed("version: 1\nscenario: A small one\nnetwork:\n\tpreset: azure\n") ==
        "scenario.yaml:4:1: error[E002]: a tab cannot indent\n    \tpreset: azure\n    ^\n    hint: use spaces\n");
}

TEST_CASE("the user is told of a key in the wrong column") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  preset: azure
   jitter: 5%
)") ==
        R"(scenario.yaml:5:10: error[E002]: a ':' cannot stand here
       jitter: 5%
             ^
    hint: a text that holds ': ' has to be quoted; the keys of one map start in one column
)");
}

TEST_CASE("the user is told of a colon in a plain text") {
  CHECK(diagnosed(R"(version: 1
scenario: pull: too early
)") ==
        R"(scenario.yaml:2:15: error[E002]: a ':' cannot stand here
    scenario: pull: too early
                  ^
    hint: a text that holds ': ' has to be quoted; the keys of one map start in one column
)");
}

TEST_CASE("the user is told of a bracket that closes nothing") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
images: {hello: [1 MB]]}
)") ==
        R"(scenario.yaml:3:23: error[E002]: this closes nothing that is open
    images: {hello: [1 MB]]}
                          ^
)");
}

TEST_CASE("the user is told of an entry that starts like nothing else") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
hosts: {dev: {region: @a}}
)") ==
        R"(scenario.yaml:3:23: error[E002]: no value starts with this character
    hosts: {dev: {region: @a}}
                          ^
    hint: a text that starts with it has to be quoted
)");
}

TEST_CASE("the user is told of a second document") {
  CHECK(diagnosed(small_scenario + R"(---
version: 1
)") ==
        R"(scenario.yaml:10:1: error[E004]: a second document begins here
    ---
    ^
    hint: a file holds one scenario
)");
}

TEST_CASE("the user is told of tags") {
  CHECK(diagnosed(R"(version: !!int 1
scenario: !title A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
)") ==
        R"(scenario.yaml:1:10: error[E005]: a scenario has no tags
    version: !!int 1
             ^~~~~
    hint: what a value is follows from where it stands
scenario.yaml:2:11: error[E005]: a scenario has no tags
    scenario: !title A small one
              ^~~~~~
    hint: what a value is follows from where it stands
)");
}

TEST_CASE("the user is told of a merge key") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts:
  dev: &dev {region: a}
  prod: {<<: *dev}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:9:10: error[E006]: a scenario has no merge keys
      prod: {<<: *dev}
             ^~
    hint: write the keys out
)");
}

TEST_CASE("the user is told of an alias of nothing") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: *dev}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)") ==
        R"(scenario.yaml:7:33: error[E006]: no such anchor stands above
    hosts: {dev: {region: a}, prod: *dev}
                                    ^
    hint: an alias repeats what '&name' marked before it
)");
}

TEST_CASE("the user is told of an alias inside what it names") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
layers: &all {os: 1 MB, more: *all}
)") ==
        R"(scenario.yaml:3:31: error[E006]: an alias cannot stand inside what it names
    layers: &all {os: 1 MB, more: *all}
                                  ^~~~
)");
}

TEST_CASE("the user is told of duplicate keys") {
  CHECK(diagnosed(small_scenario + R"(hosts: {dev: {region: a}}
)") ==
        R"(scenario.yaml:10:1: error[E007]: the key 'hosts' stands twice in this map
    hosts: {dev: {region: a}}
    ^~~~~
    hint: the first is on line 7
)");
}

TEST_CASE("the user is told of a list as a key") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {[a, b]: [1 MB]}
)") ==
        R"(scenario.yaml:6:10: error[E008]: a key cannot be a list
    images: {[a, b]: [1 MB]}
             ^
    hint: a key is plain text
)");
}

TEST_CASE("the user is told of an empty key") {
  CHECK(diagnosed(R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {~: [1 MB]}
)") ==
        R"(scenario.yaml:6:10: error[E008]: a key cannot be nothing
    images: {~: [1 MB]}
             ^
    hint: a key is plain text
)");
}

TEST_CASE("the user is told of no version") {
  CHECK(diagnosed(R"(scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
)") ==
        R"(scenario.yaml:1:1: error[E018]: a scenario starts with 'version: 1'
    scenario: A small one
    ^~~~~~~~
)");
}

TEST_CASE("the user is told of a version that is not first") {
  CHECK(diagnosed(R"(scenario: A small one
version: 1
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
)") ==
        R"(scenario.yaml:1:1: error[E018]: 'version: 1' has to stand first
    scenario: A small one
    ^~~~~~~~
)");
}

TEST_CASE("the user is told of a version that nobody knows") {
  CHECK(diagnosed(R"(version: 2
scenario: A small one
new_section: {}
)") ==
        R"(scenario.yaml:1:10: error[E018]: '2' is no version of the language that is known here
    version: 2
             ^
    hint: expected 'version: 1'
)");
}

TEST_CASE("the user is told of no title") {
  CHECK(diagnosed(R"(version: 1
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
)") ==
        R"(scenario.yaml:1:1: error[E011]: 'scenario' is missing in the scenario
    version: 1
    ^
    hint: Its title, in a few words.
)");
}

TEST_CASE("the user is told of a scenario without a region") {
  CHECK(diagnosed(R"(version: 1
scenario: Nothing
)") ==
        R"(scenario.yaml:1:1: error[E011]: there is no region
    version: 1
    ^
    hint: expected 'preset: azure', aws or gcp in 'network', or its 'regions'
)");
}
