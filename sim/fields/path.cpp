#include "sim/fields/path.hpp"

#include "sim/fields/flow_text.hpp"

namespace georep {

std::expected<std::vector<PathStep>, std::string> parse_path(std::string_view path) {
  std::vector<PathStep> steps;
  std::size_t i = 0;
  while (i < path.size()) {
    if (path[i] == '[') {
      const std::size_t close = path.find(']', i);
      if (close == std::string_view::npos) return std::unexpected{"a '[' is not closed"};
      steps.emplace_back(path.substr(i + 1, close - i - 1));
      i = close + 1;
      if (i < path.size() && path[i] != '.' && path[i] != '[')
        return std::unexpected{"expected '.' or '[' after ']'"};
      if (i < path.size() && path[i] == '.' && i + 1 < path.size()) ++i;
      continue;
    }
    const std::size_t end = std::min(path.find_first_of(".[", i), path.size());
    steps.emplace_back(path.substr(i, end - i));
    i = end;
    if (i < path.size() && path[i] == '.') {
      ++i;
      if (i == path.size()) return std::unexpected{"it ends in a dot"};
    }
  }
  for (const PathStep& step : steps)
    if (step.empty()) return std::unexpected{"a step of it is empty"};
  if (steps.empty()) return std::unexpected{"it is empty"};
  return steps;
}

std::vector<Diagnostic> set_path(const Kind& kind, void* object, std::string_view path,
                                 std::string_view text, const SampleReader* samples) {
  std::vector<Diagnostic> diagnostics;
  const auto steps = parse_path(path);
  if (!steps) {
    diagnostics.push_back({Code::bad_path,
                           "'" + std::string{path} + "' is no path: " + steps.error(),
                           {},
                           std::string{path},
                           {},
                           1});
    return diagnostics;
  }
  const auto value = parse_flow_text(text);
  if (!value) {
    diagnostics.push_back({Code::syntax,
                           "the value is not readable: " + value.error(),
                           {},
                           std::string{path},
                           {},
                           1});
    return diagnostics;
  }
  Binding binding{diagnostics, samples};
  kind.set(object, Steps{*steps}, *value, binding);
  return diagnostics;
}

std::optional<std::string> get_path(const Kind& kind, const void* object, std::string_view path) {
  const auto steps = parse_path(path);
  if (!steps) return {};
  const auto value = kind.get(object, Steps{*steps});
  if (!value) return {};
  return flow_text(*value);
}

bool erase_path(const Kind& kind, void* object, std::string_view path) {
  const auto steps = parse_path(path);
  return steps && kind.erase(object, Steps{*steps});
}

}  // namespace georep
