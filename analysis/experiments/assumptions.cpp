#include "analysis/experiments/assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/scenario_fields.hpp"
#include "sim/fields/path.hpp"

namespace georep {

const std::vector<Assumption>& assumptions() {
  static const std::vector<Assumption> all{
      {"routing.dns_ttl", "1 min", {"10 s", "5 min"}},
      {"registry.replication.start_delay", "0 s", {"5 s"}},
      {"registry.replication.streams", "4", {"1", "16"}},
      {"registry.replication.concurrency", "16", {"1"}},
      {"registry.replication.round_trips_per_blob", "1", {"0"}},
      {"registry.replication.queue", "fifo", {"newest-first"}},
      {"registry.replication.stamp", "wall-clock", {"hybrid-logical-clock"}},
      {"registry.replication.tombstones", "7 d", {"0 s"}},
  };
  return all;
}

namespace {

bool is_default(const Scenario& scenario, const Assumption& assumption) {
  return get_path<Scenario>(scenario_fields(), scenario, assumption.path) == assumption.value;
}

}  // namespace

std::vector<RestsOnAssumption> resting_on_assumptions(const Scenario& scenario, const RunResult& run,
                                                      std::optional<Instant> until,
                                                      const std::function<bool(std::string_view path)>& written) {
  std::vector<RestsOnAssumption> found;
  for (const Assumption& assumption : assumptions()) {
    if (written(assumption.path) || !is_default(scenario, assumption)) continue;
    for (const std::string_view alternative : assumption.alternatives) {
      const auto varied = compile_point(scenario, {{std::string{assumption.path}, std::string{alternative}}});
      if (!varied) continue;  // what contradicts the rest of the scenario is no alternative
      const RunResult other = Runner{(*varied)->scenario, (*varied)->plan}.run(run.seed, 0, until);
      for (std::size_t i = 0; i < run.expectations.size(); ++i) {
        const bool known = std::any_of(found.begin(), found.end(), [&](const RestsOnAssumption& rests) {
          return rests.expectation == i && rests.assumption == &assumption;
        });
        if (!known && other.expectations[i].passed != run.expectations[i].passed)
          found.push_back({i, &assumption, alternative, other.expectations[i].passed});
      }
    }
  }
  return found;
}

namespace {

/// `'never stale-read', 'operation later gets hello' and 3 more`.
std::string named(std::span<const RestsOnAssumption> resting, const RunResult& run) {
  constexpr std::size_t most_named = 2;
  std::string names;
  for (std::size_t i = 0; i < std::min(resting.size(), most_named); ++i) {
    if (i > 0) names += resting.size() == most_named ? " and " : ", ";
    names += "'" + run.expectations[resting[i].expectation].text + "'";
  }
  if (resting.size() > most_named) names += fmt::format(" and {} more", resting.size() - most_named);
  return names;
}

std::string setting_of(const RestsOnAssumption& rests) {
  const bool spaced = rests.alternative.find(' ') != std::string_view::npos;
  return fmt::format("--set {}={}", rests.assumption->path,
                     spaced ? fmt::format("\"{}\"", rests.alternative) : std::string{rests.alternative});
}

}  // namespace

std::vector<std::string> texts_of(const std::vector<RestsOnAssumption>& resting, const RunResult& run) {
  std::vector<std::string> texts;
  for (auto first = resting.begin(); first != resting.end();) {
    const auto last = std::find_if_not(first, resting.end(), [&](const RestsOnAssumption& rests) {
      return rests.assumption == first->assumption && rests.alternative == first->alternative &&
             rests.passes == first->passes;
    });
    texts.push_back(fmt::format("{}, by default {}, is an assumption: nobody has published it. With {} {} would {}.",
                                first->assumption->path, first->assumption->value, setting_of(*first),
                                named({first, last}, run), first->passes ? "hold" : "fail"));
    first = last;
  }
  return texts;
}

}  // namespace georep
