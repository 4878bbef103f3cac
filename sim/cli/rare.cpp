#include "sim/cli/rare.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/experiments/rare.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/study.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const SplittingResult& result) {
  Json interval = Json::array();
  interval.push_back(result.probability.low);
  interval.push_back(result.probability.high);
  Json json = Json::object();
  json["probability"] = result.probability.value;
  json["interval"] = std::move(interval);
  json["relative_error"] = result.relative_error;
  json["events"] = result.events;
  json["crude_events"] = result.crude_events();
  json["levels"] = result.levels.size();
  json["replicates"] = result.probability.samples;
  json["replicates_without_hit"] = result.zeros;
  return json;
}

std::string text_of(const SplittingResult& result) {
  const Estimate& p = result.probability;
  return fmt::format("{:.4g}, between {:.4g} and {:.4g} (95%), relative error {:.2g}; {} {}, {:.3g} events,\n"
                     "  where plain runs would take {:.3g} for the same error\n",
                     p.value, p.low, p.high, result.relative_error, result.levels.size(),
                     result.levels.size() == 1 ? "level" : "levels", static_cast<double>(result.events), result.crude_events());
}

bool agree(const SplittingResult& first, const SplittingResult& second) {
  return first.reached && second.reached && first.probability.low <= second.probability.high &&
         second.probability.low <= first.probability.high;
}

}  // namespace

ExitCode estimate_rare(const RareArguments& arguments, Terminal& terminal) {
  const Loaded loaded = load(arguments.file, arguments.scenario);
  if (!loaded.ok()) {
    terminal.complain(loaded.problem);
    return loaded.code;
  }
  const auto compiled = compile_point(*loaded.scenario, {});
  if (!compiled || loaded.scenario->expect.empty()) {
    terminal.complain("georep rare: the scenario expects nothing, so that nothing can be violated");
    return ExitCode::usage;
  }
  catch_interrupts();
  SplittingRequest request;
  request.seed = loaded.scenario->world.seed;
  request.target = violated;
  request.paths = arguments.paths;
  request.replicates = arguments.replicates;
  request.jobs = static_cast<int>(arguments.jobs.count());
  request.interrupted = interrupted;
  request.progress = [&](std::int64_t done, std::int64_t all) { show_runs_done(terminal, done, all); };
  const auto by = [&](Exposure exposure) {
    return split([&] { return violation_model(*compiled, request.seed, exposure); }, request);
  };
  const SplittingResult first = by(Exposure::longest);
  const SplittingResult second = by(Exposure::total);
  terminal.end_progress();

  const bool sure = agree(first, second) && first.probability.low > 0;
  if (arguments.json) {
    Json json = {{"georep", 1}, {"scenario", loaded.scenario->world.scenario}, {"seed", request.seed}};
    json.update(json_of(first));
    json["by_second_score"] = json_of(second);
    json["scores_agree"] = agree(first, second);
    terminal.print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    terminal.print("The probability that a run violates an expectation\n  " +
                   (first.reached ? text_of(first) : "no path came near: no estimate\n") + "By the second score\n  " +
                   (second.reached ? text_of(second) : "no path came near: no estimate\n"));
    if (!first.reached && !second.reached)
      terminal.print("More --paths may find one that does, unless no chance takes part.\n");
    else if (!sure)
      terminal.print("The two scores do not settle it: give more --paths.\n");
  }
  if (interrupted()) return ExitCode::interrupted;
  return sure ? ExitCode::ok : ExitCode::undecided;
}

}  // namespace georep
