// From a scenario file to a Scenario and back: everything that is wrong with a file in one pass, each
// mistake with its place; and what the declared fields say to editors and to readers of the manual.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "sim/fields/diagnostic.hpp"
#include "sim/fields/value.hpp"

namespace georep {

/// A file as the user named it, and what it holds.
struct SourceText {
  std::string name;
  std::string text;
};

/// There is a scenario exactly where there is no diagnostic.
struct ReadResult {
  std::optional<Scenario> scenario;
  std::vector<Diagnostic> diagnostics;
  SourceText source;
};

/// Reads a scenario file. Each override sets one field after the file is read and before anything is
/// checked, as `--set path=value` does. The error says why the file itself cannot be read; what is
/// wrong inside it is a diagnostic, and so is a size beyond what any scenario needs.
std::expected<ReadResult, std::string> read_scenario(const std::filesystem::path& file,
                                                     const std::vector<Setting>& overrides = {});

/// The same for a text. Files that it names are looked for in `folder`.
ReadResult read_scenario_text(SourceText source, const std::vector<Setting>& overrides = {},
                              const std::filesystem::path& folder = {});

/// The same for a document that need not have been a text. Diagnostics have the places that its values have.
ReadResult read_document(Value document, const std::filesystem::path& folder = {});

/// The diagnostics in the order of their places, as they are told.
std::vector<Diagnostic> in_order_of_place(std::vector<Diagnostic> diagnostics);

/// All diagnostics as a user sees them, in that order: `file:line:column: error[E010]:
/// …`, the source line, a caret, a hint.
std::string render(const std::vector<Diagnostic>& diagnostics, const SourceText& source);

/// The YAML that reads to the same scenario; what is as by default is left out.
std::string write_scenario(const Scenario& scenario);

/// The files that a scenario names, each by its path from the scenario's folder.
std::vector<std::string> files_of(const Scenario& scenario);

/// The JSON Schema (draft 7) of scenario files, for editors.
std::string json_schema();

/// The reference of the language in Markdown.
std::string reference_page();

}  // namespace georep
