#include "sim/cli/command_tree.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "analysis/experiments/scenario_fields.hpp"
#include "sim/cli/check.hpp"
#include "sim/cli/compare.hpp"
#include "sim/cli/completion.hpp"
#include "sim/cli/explore.hpp"
#include "sim/cli/fit.hpp"
#include "sim/cli/import.hpp"
#include "sim/cli/init.hpp"
#include "sim/cli/list.hpp"
#include "sim/cli/plan.hpp"
#include "sim/cli/rare.hpp"
#include "sim/cli/report.hpp"
#include "sim/cli/run.hpp"
#include "sim/cli/schema.hpp"
#include "sim/cli/sweep.hpp"
#include "sim/cli/test.hpp"
#include "sim/cli/version.hpp"
#include "sim/cli/why.hpp"
#include "sim/fields/path.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {

namespace {

constexpr std::string_view welcome =
    R"(georep simulates a geo-replicated container registry: what every push and pull gets, when, and why.

  georep run scenarios/story/01-push-west-us-pull-west-europe.yaml   runs a scenario and tells its story
  georep init my-registry                                            writes a scenario to start from

Commands:
)";

constexpr std::string_view exit_codes =
    R"(Exit codes: 0 all expectations held; 1 one failed, or a race was found; 2 wrong usage; 3 the scenario is invalid;
4 cannot read or write; 5 undecided; 70 a bug of georep; 130 interrupted.
)";

/// A command before its options exist: they are added to the one that is called alone, so that start-up stays short.
struct Command {
  std::string_view name;
  std::string_view help;
  void (*add_options)(CLI::App& app, Invocation& invocation);
  std::string_view examples;
};

template <class Options>
using Shared = std::shared_ptr<Options>;

/// Options of a command, kept alive by the invocation that uses them.
template <class Options>
Shared<Options> bind(Invocation& invocation, ExitCode (*command)(const Options&, Terminal&)) {
  auto options = std::make_shared<Options>();
  invocation.command = [options, command](Terminal& terminal) { return command(*options, terminal); };
  return options;
}

/// Accepts these words alone, and says which one was probably meant.
CLI::Validator one_of(const std::vector<std::string>& words) {
  return CLI::Validator{
      [words](std::string& word) -> std::string {
        if (std::find(words.begin(), words.end(), word) != words.end()) return {};
        const std::string nearest = nearest_name(word, words);
        return "'" + word + "' is none of " + either(words) +
               (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
      },
      ""};
}

/// Accepts what a scenario accepts as its seed: the conversion alone would take -1 and numbers that are too large for others.
CLI::Validator a_seed() {
  return CLI::Validator{[](std::string& text) -> std::string {
                          std::uint64_t seed = 0;
                          const char* end = text.data() + text.size();
                          const auto [read, error] = std::from_chars(text.data(), end, seed);
                          if (error == std::errc{} && read == end) return {};
                          return "'" + text +
                                 "' is not a seed; expected a whole number from 0 to 18446744073709551615";
                        },
                        ""};
}

/// Likewise, for words that stand for values of an enumeration.
template <class Value>
CLI::Option* add_choice(CLI::App& app, const std::string& names, Value& value,
                        const std::vector<std::pair<std::string, Value>>& meanings, const std::string& help) {
  std::vector<std::string> words;
  for (const auto& [word, meaning] : meanings) words.push_back(word);
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "|") + word;
  return app
      .add_option_function<std::string>(
          names,
          [&value, meanings](const std::string& given) {
            for (const auto& [word, meaning] : meanings)
              if (word == given) value = meaning;
          },
          help)
      ->check(one_of(words))
      ->option_text(text);
}

void add_terminal_options(CLI::App& app, TerminalOptions& options) {
  add_choice<ProgressStyle>(app, "--progress", options.progress,
                            {{"auto", ProgressStyle::automatic},
                             {"bar", ProgressStyle::bar},
                             {"plain", ProgressStyle::plain},
                             {"none", ProgressStyle::none}},
                            "how progress shows on stderr")
      ->group("Terminal");
  add_choice<ColourUse>(
      app, "--color", options.colour,
      {{"auto", ColourUse::automatic}, {"always", ColourUse::always}, {"never", ColourUse::never}},
      "whether text is coloured; NO_COLOR is heeded")
      ->group("Terminal");
  app.add_flag("-q,--quiet", options.quiet, "no messages but errors")->group("Terminal");
  app.add_flag("-v,--verbose", options.verbosity, "more messages")->group("Terminal");
}

void add_scenario_options(CLI::App& app, ScenarioOptions& options) {
  app.add_option("--seed", options.seed, "root of all chance; the scenario's own otherwise")
      ->check(a_seed())
      ->option_text("N");
  app.add_option("--set", options.settings, "changes a field of the scenario; may be repeated")
      ->allow_extra_args(false)
      ->option_text("path=value");
}

void add_jobs(CLI::App& app, JobOptions& options) {
  app.add_option("-j,--jobs", options.jobs, "threads; never changes a result; one for each processor otherwise")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1024}).description(""))
      ->option_text("N");
}

void add_json(CLI::App& app, bool& json) {
  app.add_flag("--json", json, "one JSON object instead of text");
}

void add_run(CLI::App& app, Invocation& invocation) {
  const Shared<RunArguments> options = bind(invocation, &run_scenario);
  app.add_option("FILE", options->file, "a scenario")->required()->option_text(" ");
  add_scenario_options(app, options->scenario);
  add_json(app, options->json);
  app.add_option("--runs", options->runs, "independent runs, and intervals for what they say together")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}).description(""))
      ->option_text("N");
  app.add_option("--precision", options->precision,
                 "runs until half the interval of every measure asked for is that share of its mean")
      ->option_text("5%");
  app.add_option("--run", options->run, "the number of the run, or of the first of many; 0 otherwise")
      ->check(CLI::NonNegativeNumber.description(""))
      ->option_text("K");
  add_jobs(app, options->jobs);
  app.add_option("--until", options->until, "stops the simulated clock there, such as 90 s")
      ->option_text("T");
  app.add_option("--report", options->report, "writes a page that opens offline")
      ->option_text("FILE.html");
  app.add_option("--trace", options->trace, "writes a trace for ui.perfetto.dev")
      ->option_text("FILE");
  app.add_option("--arrivals", options->arrivals, "writes when each push arrived where, for georep fit")
      ->option_text("FILE.csv");
  app.add_option("--schedule", options->schedule, "runs a schedule that georep explore found")
      ->option_text("FILE");
  app.add_option("--sequence", options->sequence, "prints what befell a tag, as a Mermaid sequence diagram")
      ->option_text("TAG");
}

void add_check(CLI::App& app, Invocation& invocation) {
  const Shared<CheckArguments> options = bind(invocation, &check_scenarios);
  app.add_option("FILE", options->files, "scenarios, or folders of them")->required()->option_text("...");
  add_scenario_options(app, options->scenario);
  add_json(app, options->json);
}

void add_test(CLI::App& app, Invocation& invocation) {
  const Shared<TestArguments> options = bind(invocation, &test_scenarios);
  app.add_option("PATH", options->paths, "scenarios, or folders of them")->required()->option_text("...");
  add_scenario_options(app, options->scenario);
  add_jobs(app, options->jobs);
  add_json(app, options->json);
  app.add_option("--filter", options->filter, "only files whose path matches, such as '*failover*'")
      ->option_text("GLOB");
  app.add_option("--junit", options->junit, "writes the results as JUnit XML")->option_text("FILE");
}

void add_explore(CLI::App& app, Invocation& invocation) {
  const Shared<ExploreArguments> options = bind(invocation, &explore_scenario);
  app.add_option("FILE", options->file, "a scenario")->required()->option_text(" ");
  add_scenario_options(app, options->scenario);
  add_json(app, options->json);
  app.add_option("--budget", options->budget, "how long to search; 60 s otherwise")->option_text("T");
  add_choice<SearchStrategy>(app, "--strategy", options->strategy,
                             {{"auto", SearchStrategy::automatic},
                              {"exhaustive", SearchStrategy::exhaustive},
                              {"delay-bounded", SearchStrategy::delay_bounded},
                              {"pct", SearchStrategy::priorities},
                              {"random", SearchStrategy::random}},
                             "how to search; from the first to the last otherwise");
  app.add_option("--out", options->out, "writes the schedule that violates an expectation to DIR/race.json, and the smallest scenario with that "
                 "race to DIR/smallest.yaml, its schedule to DIR/smallest.json; with --vary to a folder in DIR for each setting that has a race")
      ->option_text("DIR");
  app.add_option("--vary", options->vary, "searches with each of these settings: which are safe? May be repeated: every combination")
      ->allow_extra_args(false)
      ->option_text("path=a|b|c");
  add_jobs(app, options->jobs);
}

void add_why(CLI::App& app, Invocation& invocation) {
  const Shared<WhyArguments> options = bind(invocation, &explain_outcome);
  app.add_option("FILE", options->file, "a scenario")->required()->option_text(" ");
  app.add_option("NAME", options->name,
                 "an operation, or what an expectation is about: stale-read, closure, BLOB_UNKNOWN, converged, ...")
      ->required()
      ->option_text(" ");
  add_scenario_options(app, options->scenario);
  add_json(app, options->json);
  add_choice<ExplanationFormat>(app, "--format", options->format,
                                {{"text", ExplanationFormat::text},
                                 {"mermaid", ExplanationFormat::mermaid},
                                 {"json", ExplanationFormat::json}},
                                "how it is told");
  app.add_option("--run", options->run, "the number of the run; 0 otherwise")
      ->check(CLI::NonNegativeNumber.description(""))
      ->option_text("K");
  app.add_option("--schedule", options->schedule, "explains a schedule that georep explore found")
      ->option_text("FILE");
}

void add_sweep(CLI::App& app, Invocation& invocation) {
  const Shared<SweepArguments> options = bind(invocation, &sweep_scenario);
  app.add_option("FILE", options->file, "a scenario")->required()->option_text(" ");
  app.add_option("--vary", options->vary, "values of a path: a,b,c or lo..hi:n or lo..hi:n:log; may be repeated")
      ->required()
      ->allow_extra_args(false)
      ->option_text("path=value");
  app.add_option("--runs", options->runs, "runs of each combination; 1 otherwise")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}).description(""))
      ->option_text("N");
  app.add_option("--store", options->store, "an SQLite file that keeps the results; a sweep that was killed goes on")
      ->option_text("FILE");
  app.add_option("--shard", options->shard, "does one of n parts, i from 1 to n")->option_text("i/n");
  app.add_option("--merge", options->merge, "takes over the runs of another part's store; may be repeated")
      ->allow_extra_args(false)
      ->option_text("FILE");
  app.add_option("--csv", options->csv, "writes the measures of every combination")->option_text("FILE");
  add_scenario_options(app, options->scenario);
  add_jobs(app, options->jobs);
  add_json(app, options->json);
}

void add_plan(CLI::App& app, Invocation& invocation) {
  const Shared<PlanArguments> options = bind(invocation, &plan_scenario);
  app.add_option("FILE", options->file, "a scenario")->required()->option_text(" ");
  app.add_option("--find", options->find, "the field whose least value is sought; the greatest where less is better")
      ->required()
      ->option_text("path");
  app.add_option("--range", options->range, "where it lies, such as 100Mbps..10Gbps")
      ->required()
      ->option_text("LOW..HIGH");
  app.add_option("--runs", options->runs, "the most runs at one value; 640 otherwise")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}).description(""))
      ->option_text("N");
  app.add_option("--precision", options->precision, "the width of the interval that is enough, as a share of the value")
      ->option_text("5%");
  app.add_option("--confidence", options->confidence, "of the interval")->option_text("95%");
  app.add_option("--share", options->share, "of the runs that meet an expectation without a figure")
      ->option_text("99%");
  add_scenario_options(app, options->scenario);
  add_jobs(app, options->jobs);
  add_json(app, options->json);
}

void add_compare(CLI::App& app, Invocation& invocation) {
  const Shared<CompareArguments> options = bind(invocation, &compare_two);
  app.add_option("FIRST", options->first, "a scenario or a store of a sweep")->required()->option_text(" ");
  app.add_option("SECOND", options->second, "another")->required()->option_text(" ");
  app.add_option("--runs", options->runs, "runs of each scenario; 30 otherwise")
      ->check(CLI::Range(std::int64_t{2}, std::int64_t{1'000'000}).description(""))
      ->option_text("N");
  add_scenario_options(app, options->scenario);
  add_jobs(app, options->jobs);
  add_json(app, options->json);
}

void add_rare(CLI::App& app, Invocation& invocation) {
  const Shared<RareArguments> options = bind(invocation, &estimate_rare);
  app.add_option("FILE", options->file, "a scenario")->required()->option_text(" ");
  app.add_option("--paths", options->paths, "runs at each level; 200 otherwise")
      ->check(CLI::Range(std::int64_t{20}, std::int64_t{1'000'000}).description(""))
      ->option_text("N");
  app.add_option("--replicates", options->replicates, "independent estimates, 30 at least; 40 otherwise")
      ->check(CLI::Range(std::int64_t{30}, std::int64_t{100'000}).description(""))
      ->option_text("N");
  add_scenario_options(app, options->scenario);
  add_jobs(app, options->jobs);
  add_json(app, options->json);
}

void add_report(CLI::App& app, Invocation& invocation) {
  const Shared<ReportArguments> options = bind(invocation, &report_store);
  app.add_option("STORE", options->store, "the store of a sweep")->required()->option_text(" ");
  app.add_option("--out", options->out, "the page; the store's name with .html otherwise")->option_text("FILE.html");
}

void add_fit(CLI::App& app, Invocation& invocation) {
  const Shared<FitArguments> options = bind(invocation, &fit_registry);
  app.add_option("FILE", options->file, "pushes and arrivals that were seen, as comma-separated values")
      ->required()
      ->option_text(" ");
  app.add_option("--rtt", options->round_trips, "a round trip, of all or from..to=80ms; those measured of a cloud otherwise")
      ->allow_extra_args(false)
      ->option_text("80ms");
  app.add_option("--confidence", options->confidence, "of the intervals")->option_text("95%");
  app.add_option("--out", options->out, "writes the settings as sections of a scenario")->option_text("FILE");
  add_json(app, options->json);
}

void add_list(CLI::App& app, Invocation& invocation) {
  const Shared<ListArguments> options = bind(invocation, &list_names);
  app.add_option("WHAT", options->what, "what to list")
      ->required()
      ->check(one_of({"presets", "regions", "images", "measures", "invariants", "examples"}))
      ->option_text("presets|regions|images|measures|invariants|examples");
  add_json(app, options->json);
}

void add_import(CLI::App& app, Invocation& invocation) {
  const Shared<ImportArguments> options = bind(invocation, &import_logs);
  app.add_option("FORMAT", options->format, "what the logs are written in: the traces of FAST 2018")
      ->required()
      ->check(one_of({"ibm"}))
      ->option_text("ibm");
  app.add_option("TRACE", options->files, "logs, in any order")->required()->option_text("...");
  app.add_option("--out", options->out, "the recording; recording.txt otherwise")->option_text("FILE");
}

void add_init(CLI::App& app, Invocation& invocation) {
  const Shared<InitArguments> options = bind(invocation, &init_scenario);
  app.add_option("NAME", options->name, "the file is NAME.yaml; one that is there stays as it is")
      ->required()
      ->option_text(" ");
}

void add_schema(CLI::App&, Invocation& invocation) {
  invocation.command = [](Terminal& terminal) { return print_schema(terminal); };
}

ExitCode complete(const std::string& shell, Terminal& terminal);

void add_completion(CLI::App& app, Invocation& invocation) {
  const auto shell = std::make_shared<std::string>();
  invocation.command = [shell](Terminal& terminal) { return complete(*shell, terminal); };
  app.add_option("SHELL", *shell, "the shell")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}))
      ->option_text("bash|zsh|fish");
}

constexpr std::array commands = {
    Command{"run", "runs a scenario and tells its story", &add_run,
            "  georep run scenario.yaml --set registry.replication.streams=16\n"
            "  georep run scenario.yaml --seed 7 --report report.html\n"
            "  georep run scenario.yaml --runs 100\n"},
    Command{"check", "reads scenarios and says what is wrong; runs nothing", &add_check,
            "  georep check scenario.yaml\n"},
    Command{"test", "runs every scenario below each path and says which expectations failed", &add_test,
            "  georep test scenarios/ --junit results.xml\n"
            "  georep test scenarios/ --filter '*failover*'\n"},
    Command{"explore", "searches all schedules for one that violates an expectation", &add_explore,
            "  georep explore scenarios/races/stale-fill-racy.yaml --out found/\n"
            "  georep explore scenario.yaml --vary 'registry.manifest_cache.fill=unguarded|leased'\n"},
    Command{"why", "says why an operation came out as it did, and what would have changed it", &add_why,
            "  georep why scenarios/story/06-re-used-tag-stale-for-an-hour.yaml still-stale\n"
            "  georep why scenarios/races/stale-fill-racy.yaml stale-read --schedule found/race.json\n"},
    Command{"sweep", "runs every combination of some values", &add_sweep,
            "  georep sweep scenario.yaml --vary registry.replication.streams=1,2,4,8 --runs 20\n"
            "  georep sweep scenario.yaml --vary network.bandwidth='100 Mbps..10 Gbps:9:log' --store sweep.sqlite\n"},
    Command{"plan", "finds the least value of a field that meets every expectation", &add_plan,
            "  georep plan scenario.yaml --find network.bandwidth --range 100Mbps..10Gbps\n"},
    Command{"compare", "says by how much two scenarios, or two stores, differ", &add_compare,
            "  georep compare before.yaml after.yaml --runs 100\n"},
    Command{"rare", "estimates how rarely a run violates an expectation", &add_rare,
            "  georep rare scenario.yaml --paths 1000\n"},
    Command{"report", "makes a page of charts and tables of a store, which opens offline", &add_report,
            "  georep report sweep.sqlite --out sweep.html\n"},
    Command{"fit", "finds what a registry is set to, from when pushes were seen to arrive", &add_fit,
            "  georep run scenario.yaml --arrivals seen.csv && georep fit seen.csv --rtt 80ms\n"
            "  georep fit seen.csv --out registry.yaml\n"},
    Command{"import", "makes a recording of a registry's logs, for scenarios to replay", &add_import,
            "  georep import ibm dal09-0.json dal09-1.json --out dal09.txt\n"},
    Command{"init", "writes a commented scenario to start from", &add_init,
            "  georep init my-registry\n"},
    Command{"list", "lists presets, regions, images, measures, invariants or examples", &add_list,
            "  georep list images\n"},
    Command{"schema", "prints the JSON Schema of scenarios, for editors", &add_schema,
            "  georep schema > scenario.schema.json\n"},
    Command{"completion", "prints a completion script for bash, zsh or fish", &add_completion,
            "  source <(georep completion bash)\n"},
};

const Command* find_command(std::string_view name) {
  const auto* const found = std::find_if(commands.begin(), commands.end(),
                                         [&](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : found;
}

void set_up(CLI::App& app, const Command& command, Invocation& invocation) {
  app.name("georep " + std::string{command.name});
  app.description(std::string{command.name} + " " + std::string{command.help} + ".");
  app.get_formatter()->column_width(34);
  app.set_help_flag("-h,--help", "this page");
  command.add_options(app, invocation);
  add_terminal_options(app, invocation.terminal);
  app.footer("Examples:\n" + std::string{command.examples});
}

std::string overview() {
  std::string text{welcome};
  for (const Command& command : commands)
    text += "  " + padded(command.name, 12) + std::string{command.help} + "\n";
  text += "\n`georep COMMAND --help` tells more of each. `georep --version` names the version.\n\n";
  return text + std::string{exit_codes};
}

// The paths of the fields that every scenario has, each with the sign that its value follows.
std::vector<std::string> settable_paths() {
  std::vector<std::string> words = paths_of<Scenario>(scenario_fields(), Scenario{});
  for (std::string& word : words) word += '=';
  return words;
}

std::vector<CompletedCommand> completed_commands() {
  std::vector<CompletedCommand> result;
  for (const Command& command : commands) {
    CLI::App app;
    Invocation invocation;
    set_up(app, command, invocation);
    CompletedCommand completed{std::string{command.name}, std::string{command.help}, {}};
    for (const CLI::Option* option : app.get_options()) {
      CompletedOption described;
      for (const std::string& name : option->get_snames()) described.names.push_back("-" + name);
      for (const std::string& name : option->get_lnames()) described.names.push_back("--" + name);
      described.help = option->get_description();
      described.takes_value = option->get_items_expected_max() > 0;
      const std::string text = option->get_option_text();
      if (text.find('|') != text.npos && text.find('=') == text.npos) described.words = CLI::detail::split(text, '|');
      if (text == "path=value") described.words = settable_paths();
      described.is_file = described.names.empty() || text.starts_with("FILE");
      completed.options.push_back(std::move(described));
    }
    result.push_back(std::move(completed));
  }
  return result;
}

ExitCode complete(const std::string& shell, Terminal& terminal) {
  return print_completion(shell, completed_commands(), terminal);
}

Answer wrong_usage(const std::string& message, std::string_view help) {
  return {ExitCode::usage, "georep: " + message + "\n`" + std::string{help} + " --help` tells more.\n"};
}

Answer unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.emplace_back(command.name);
  const std::string hint = spelling_hint(name, names);
  return wrong_usage("there is no command '" + name + "'" + (hint.empty() ? "" : "; " + hint), "georep");
}

std::string unknown_arguments(const CLI::App& app) {
  const std::string word = app.remaining().front();
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  if (word.empty() || word.front() != '-') return "'" + word + "' is one argument too many";
  const std::string nearest = nearest_name(word.substr(0, word.find('=')), names);
  return "there is no option '" + word + "'" +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
}

}  // namespace

std::expected<Invocation, Answer> parse_arguments(int argc, const char* const* argv) {
  const std::string_view first = argc > 1 ? argv[1] : "--help";
  if (first == "--version") return std::unexpected{Answer{ExitCode::ok, version_text() + "\n"}};
  if (first == "--help" || first == "-h" || (first == "help" && argc < 3))
    return std::unexpected{Answer{ExitCode::ok, overview()}};
  const bool asks_help = first == "help";
  const std::string name{asks_help ? argv[2] : argv[1]};
  if (name.starts_with('-'))
    return std::unexpected{wrong_usage("a command comes first, then '" + name + "'", "georep")};
  const Command* command = find_command(name);
  if (command == nullptr) return std::unexpected{unknown_command(name)};

  CLI::App app;
  Invocation invocation;
  set_up(app, *command, invocation);
  if (asks_help) return std::unexpected{Answer{ExitCode::ok, app.help()}};
  const std::string called = "georep " + name;
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::CallForHelp&) {
    return std::unexpected{Answer{ExitCode::ok, app.help()}};
  } catch (const CLI::ExtrasError&) {
    return std::unexpected{wrong_usage(unknown_arguments(app), called)};
  } catch (const CLI::ParseError& error) {
    // A misspelt option explains best why another argument seems to be missing.
    if (!app.remaining().empty()) return std::unexpected{wrong_usage(unknown_arguments(app), called)};
    return std::unexpected{wrong_usage(error.what(), called)};
  }
  return invocation;
}

}  // namespace georep
