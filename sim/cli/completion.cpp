#include "sim/cli/completion.hpp"

#include <fmt/format.h>

namespace georep {

namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> command_names(const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  for (const CompletedCommand& command : commands) names.push_back(command.name);
  return names;
}

/// The words that the operands of a command can be, where they are known.
std::vector<std::string> operand_words(const CompletedCommand& command) {
  for (const CompletedOption& option : command.options)
    if (option.names.empty()) return option.words;
  return {};
}

/// Text inside single quotes of a shell.
std::string quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != text.npos; at += 4) text.replace(at, 1, "'\\''");
  return "'" + text + "'";
}

std::string bash_script(const std::vector<CompletedCommand>& commands) {
  std::string cases;
  for (const CompletedCommand& command : commands) {
    std::vector<std::string> options;
    std::string values;
    for (const CompletedOption& option : command.options) {
      options.insert(options.end(), option.names.begin(), option.names.end());
      if (!option.takes_value || option.names.empty()) continue;
      values += fmt::format("        {}) {}; return ;;\n", fmt::join(option.names, "|"),
                            !option.words.empty()
                                ? fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\")){}", joined(option.words),
                                              option.words.front().ends_with('=') ? "; compopt -o nospace" : "")
                            : option.is_file ? "COMPREPLY=($(compgen -f -- \"$word\")); compopt -o filenames"
                                             : "COMPREPLY=()");
    }
    const std::vector<std::string> operands = operand_words(command);
    cases += fmt::format(
        "    {})\n      case $before in\n{}      esac\n      options='{}'\n      operands='{}' ;;\n", command.name,
        values, joined(options), joined(operands));
  }
  return fmt::format(R"(# Completion of georep for bash: source <(georep completion bash)
_georep() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options operands
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{0} help --help --version' -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{1}    *) return ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [ -n "$operands" ]; then
    COMPREPLY=($(compgen -W "$operands" -- "$word"))
  else
    # Folders, and the files that may be scenarios.
    COMPREPLY=($(compgen -d -S / -- "$word") $(compgen -f -X '!*.yaml' -- "$word") $(compgen -f -X '!*.yml' -- "$word"))
    compopt -o nospace -o filenames
  fi
}}
complete -F _georep georep ./georep
)",
                     joined(command_names(commands)), cases);
}

/// A description inside an option's brackets of zsh's _arguments.
std::string zsh_help(std::string help) {
  for (std::size_t at = 0; (at = help.find_first_of("[]:", at)) != help.npos; at += 2)
    help.insert(at, 1, '\\');
  return help;
}

std::string zsh_option(const CompletedOption& option) {
  const std::string value = !option.words.empty() ? "word:(" + joined(option.words) + ")"
                            : option.is_file      ? "file:_files"
                                                  : "value:";
  if (option.names.empty()) {
    const std::string operand =
        option.words.empty() ? "scenario:_files -g \"*.(yaml|yml)(-.)\"" : value;
    return "      " + quoted("*:" + operand) + " \\\n";
  }
  std::string text;
  for (const std::string& name : option.names)
    text += "      " +
            quoted("*" + name + "[" + zsh_help(option.help) + "]" + (option.takes_value ? ":" + value : "")) +
            " \\\n";
  return text;
}

std::string zsh_script(const std::vector<CompletedCommand>& commands) {
  std::string names;
  std::string cases;
  for (const CompletedCommand& command : commands) {
    names += "    " + quoted(command.name + ":" + command.help) + "\n";
    std::string options;
    for (const CompletedOption& option : command.options) options += zsh_option(option);
    cases += fmt::format("    {}) _arguments \\\n{}      && return ;;\n", command.name, options);
  }
  return fmt::format(R"(#compdef georep
# Completion of georep for zsh: georep completion zsh > "${{fpath[1]}}/_georep"
_georep() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
if [ "$funcstack[1]" = _georep ]; then _georep "$@"; else compdef _georep georep; fi
)",
                     names, cases);
}

std::string fish_option(const CompletedCommand& command, const CompletedOption& option) {
  std::string line =
      fmt::format("complete -c georep -n '__fish_seen_subcommand_from {}'", command.name);
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.words.empty())
    line += fmt::format(" -x -a '{}'", joined(option.words));
  else if (option.names.empty())
    line += " -F";
  else if (option.takes_value)
    line += option.is_file ? " -r -F" : " -x";
  else
    line += " -f";
  if (!option.names.empty()) line += " -d " + quoted(option.help);
  return line + "\n";
}

std::string fish_script(const std::vector<CompletedCommand>& commands) {
  std::string text = "# Completion of georep for fish: georep completion fish | source\n";
  for (const CompletedCommand& command : commands) {
    text += fmt::format("complete -c georep -n __fish_use_subcommand -f -a {} -d {}\n", command.name,
                        quoted(command.help));
    for (const CompletedOption& option : command.options) text += fish_option(command, option);
  }
  return text;
}

}  // namespace

ExitCode print_completion(const std::string& shell, const std::vector<CompletedCommand>& commands,
                    Terminal& terminal) {
  if (shell == "bash") terminal.print(bash_script(commands));
  if (shell == "zsh") terminal.print(zsh_script(commands));
  if (shell == "fish") terminal.print(fish_script(commands));
  return ExitCode::ok;
}

}  // namespace georep
