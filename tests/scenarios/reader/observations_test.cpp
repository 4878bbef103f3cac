// Tables of pushes and arrivals: what is read, and how each mistake is reported with its place.
#include <doctest/doctest.h>

#include "scenarios/reader/observations.hpp"

using namespace georep;

namespace {

constexpr const char* good = R"(event,name,time,region,size
push,app:1,1.5,west,30 MiB + 6 KiB
arrival,app:1,4.25,east,
)";

ReadObservations read(const std::string& text) { return read_observations({"seen.csv", text}); }

// The first line of what a user sees of the mistakes.
std::string complaint(const std::string& text) {
  const SourceText source{"seen.csv", text};
  const std::string all = render(read_observations(source).diagnostics, source);
  return all.substr(0, all.find('\n'));
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a table of pushes and arrivals is read, whatever the order of its columns and lines") {
  for (const std::string& text : {std::string{good}, std::string{"# seen\r\ntime,who,size,event,region,name\r\n"
                                                                 "4.25,ann,,arrival,east,app:1\r\n"
                                                                 "1.5,\"bob, jr\",\"30 MiB + 6 KiB\",push,west,app:1\r\n"}}) {
    const ReadObservations found = read(text);
    REQUIRE(found.diagnostics.empty());
    REQUIRE(found.observations.pushes.size() == 1);
    const ObservedPush& push = found.observations.pushes[0];
    CHECK(push.at == 1.5);
    CHECK(push.region == "west");
    CHECK(push.blobs == std::vector<double>{30 * 1024 * 1024, 6 * 1024});
    REQUIRE(found.observations.arrivals.size() == 1);
    CHECK(found.observations.arrivals[0].at == 4.25);
    CHECK(found.observations.arrivals[0].region == "east");
  }
}

TEST_CASE("times are seconds or moments, whatever their zone") {
  const auto at = [](const std::string& time) { return read(with("1.5", time)).observations.pushes.at(0).at; };
  CHECK(at("2026-01-02T03:04:05.250Z") - at("2026-01-02T03:04:04Z") == doctest::Approx(1.25));
  CHECK(at("2026-01-02T05:04:05+02:00") == at("2026-01-02T03:04:05Z"));
  CHECK(at("1970-01-01T00:00:01.5Z") == doctest::Approx(1.5));
}

TEST_CASE("each mistake is told with its line and column") {
  CHECK(complaint("") == "seen.csv:1:1: error[E011]: there is no line of names");
  CHECK(complaint("event,name,time,region\n") == "seen.csv:1:1: error[E011]: there is no column 'size'");
  CHECK(complaint("event,name,time,time,region,size\n") ==
        "seen.csv:1:17: error[E007]: the column 'time' stands there twice");
  CHECK(complaint(with("push,", "pushed,")) == "seen.csv:2:1: error[E015]: 'pushed' is neither push nor arrival");
  CHECK(complaint(with("1.5", "yesterday")) == "seen.csv:2:12: error[E013]: 'yesterday' is no time");
  CHECK(complaint(with("1.5", "2026-02-30T00:00:00Z")) == "seen.csv:2:12: error[E013]: '2026-02-30T00:00:00Z' is no time");
  CHECK(complaint(with("6 KiB", "6 Kib")) == "seen.csv:2:30: error[E013]: '6 Kib' is no size");
  CHECK(complaint(with("30 MiB + 6 KiB", "-5")) == "seen.csv:2:21: error[E013]: '-5' is no size");
  CHECK(complaint(with("west,30 MiB + 6 KiB", "west")) == "seen.csv:2:1: error[E012]: 4 cells stand under 5 names");
  CHECK(complaint(with("30 MiB", "\"30 MiB")) ==
        "seen.csv:2:21: error[E002]: a quotation mark is not closed, or text follows it");
  CHECK(complaint(with("east,", "east,5")) == "seen.csv:3:25: error[E028]: an arrival has no size of its own");
  CHECK(complaint(with("east", "west")) == "seen.csv:3:20: error[E028]: 'app:1' was pushed to that region itself");
  CHECK(complaint(with("4.25", "1.25")) == "seen.csv:3:15: error[E028]: 'app:1' arrives before it is pushed");
  CHECK(complaint(with("arrival,app:1", "arrival,app:2")) == "seen.csv:3:9: error[E020]: nothing named 'app:2' is pushed");
  CHECK(complaint(good + std::string{"push,app:1,9,west,1\n"}) == "seen.csv:4:6: error[E021]: 'app:1' is pushed twice");
  CHECK(complaint(good + std::string{"arrival,app:1,9,east,\n"}) ==
        "seen.csv:4:9: error[E019]: 'app:1' has arrived in east in line 3 already");
  CHECK(complaint("event,name\x01\n").find("error[E001]") != std::string::npos);
}

TEST_CASE("all mistakes of a table are told at once") {
  CHECK(read("event,name,time,region,size\npush,,x,west,y\narrival,b,z,,\n").diagnostics.size() == 5);
}
