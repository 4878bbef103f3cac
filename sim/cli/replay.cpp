#include "sim/cli/replay.hpp"

namespace georep {

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,";
  if (!word.empty() && word.find_first_not_of(harmless) == word.npos) return std::string{word};
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::string replay_command(std::string_view command, const std::vector<std::string>& files,
                           const ScenarioOptions& options, const std::vector<std::string>& more) {
  std::string text = "georep ";
  text += command;
  for (const std::string& file : files) text += ' ' + shell_quoted(file);
  if (options.seed) text += " --seed " + std::to_string(*options.seed);
  for (const std::string& setting : options.settings) text += " --set " + shell_quoted(setting);
  for (const std::string& word : more) text += ' ' + shell_quoted(word);
  return text;
}

}  // namespace georep
