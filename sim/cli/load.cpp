#include "sim/cli/load.hpp"

#include <utility>

#include "analysis/experiments/compiled_scenario.hpp"

namespace georep {

namespace {

// `path=value`: the first `=` outside the path's brackets splits them; a key that holds one stands in brackets.
std::expected<Setting, Diagnostic> parse_setting(const std::string& text) {
  std::size_t split = 0;
  for (int depth = 0; split < text.size(); ++split) {
    if (text[split] == '[') ++depth;
    if (text[split] == ']') --depth;
    if (text[split] == '=' && depth == 0) break;
  }
  if (split == 0 || split == text.size()) {
    Diagnostic diagnostic;
    diagnostic.code = Code::bad_path;
    diagnostic.message = "--set takes path=value, not '" + text + "'";
    diagnostic.hint = "such as network.bandwidth=\"200 Mbps\"";
    return std::unexpected{diagnostic};
  }
  return Setting{text.substr(0, split), text.substr(split + 1)};
}

void fail(Loaded& loaded, std::vector<Diagnostic> diagnostics) {
  loaded.problem = render(diagnostics, loaded.source);
  loaded.diagnostics = in_order_of_place(std::move(diagnostics));
  loaded.code = ExitCode::invalid;
}

void compile_plan(Loaded& loaded) {
  auto plan = compile(loaded.scenario->world);
  if (plan)
    loaded.plan.emplace(std::move(*plan));
  else
    fail(loaded, diagnostics_of(plan.error()));
}

}  // namespace

Loaded load(const std::string& file, const ScenarioOptions& options) {
  Loaded loaded;
  loaded.source.name = file;
  std::vector<Setting> settings;
  std::vector<Diagnostic> wrong;
  for (const std::string& text : options.settings) {
    auto setting = parse_setting(text);
    if (setting)
      settings.push_back(std::move(*setting));
    else
      wrong.push_back(std::move(setting.error()));
  }
  if (!wrong.empty()) {
    fail(loaded, std::move(wrong));
    return loaded;
  }
  if (options.seed) settings.push_back({"seed", std::to_string(*options.seed)});
  auto read = read_scenario(file, settings);
  if (!read) {
    loaded.problem = "georep: " + read.error();
    loaded.code = ExitCode::unreadable;
    return loaded;
  }
  loaded.source = std::move(read->source);
  if (!read->scenario) {
    fail(loaded, std::move(read->diagnostics));
    return loaded;
  }
  loaded.scenario = std::move(read->scenario);
  compile_plan(loaded);
  return loaded;
}

}  // namespace georep
