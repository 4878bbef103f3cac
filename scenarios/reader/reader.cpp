#include "scenarios/reader/reader.hpp"

#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "analysis/experiments/scenario_fields.hpp"
#include "scenarios/reader/characters.hpp"
#include "scenarios/reader/checks.hpp"
#include "scenarios/reader/sample_files.hpp"
#include "scenarios/reader/syntax.hpp"
#include "sim/fields/path.hpp"

namespace georep {
namespace {

Diagnostic too_big() {
  Diagnostic diagnostic;
  diagnostic.code = Code::too_big;
  diagnostic.message = fmt::format("the file is larger than {} MiB, which no scenario needs",
                                   greatest_file_size >> 20);
  return diagnostic;
}

std::string no_known_version(const std::string& written) {
  return written + " is no version of the language that is known here";
}

// The version decides what everything else means, so it comes before everything else.
bool check_version(Value& root, std::vector<Diagnostic>& diagnostics) {
  if (!root.is_map() || root.keys().empty()) return true;  // the record says what is wrong
  const auto report = [&](Place place, int width, std::string message, std::string hint) {
    diagnostics.push_back({Code::bad_version, std::move(message), std::move(hint), "version", place,
                           std::max(1, width)});
  };
  const Value::Key first = root.keys().front();
  const Value* version = root.find("version");
  if (version == nullptr) {
    report(first.place, first.width, "a scenario starts with 'version: 1'", {});
    root.insert("version", Value::plain("1"));
    return true;
  }
  if (first.text != "version")
    report(first.place, first.width, "'version: 1' has to stand first", {});
  if (version->is_scalar() && version->text() == "1") return true;
  report(version->place(), version->width(),
         no_known_version(version->found()),
         "expected 'version: 1'");
  return false;
}

void check(const Value& root, Scenario& scenario, const std::vector<Setting>& overrides,
           const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics) {
  Findings findings{root, overrides, diagnostics};
  read_workload_files(scenario.world.workloads, folder, findings);
  const KnownNames known{scenario};
  check_scenario({scenario, known, findings});
}

void read_into(ReadResult& result, Value& root, const std::vector<Setting>& overrides,
               const std::filesystem::path& folder) {
  if (!check_version(root, result.diagnostics)) return;
  Scenario scenario;
  const KindOf<Scenario> kind = scenario_fields();
  const SampleReader samples = sample_reader(folder);
  Binding binding{result.diagnostics, &samples};
  kind.kind->read(root, &scenario, binding);
  if (!root.is_map()) return;
  for (const Setting& setting : overrides) {
    if (setting.path == "version" && setting.value != "1")
      result.diagnostics.push_back({Code::bad_version, no_known_version("'" + setting.value + "'"),
                                    "expected 'version: 1'", setting.path, {}, 1});
    for (Diagnostic& diagnostic : set_path(kind, scenario, setting.path, setting.value, &samples))
      result.diagnostics.push_back(std::move(diagnostic));
  }
  check(root, scenario, overrides, folder, result.diagnostics);
  if (result.diagnostics.empty()) result.scenario = std::move(scenario);
}

// Reads the whole of a file, or as much as shows that it is too large; `-` is the standard input.
std::expected<std::string, std::string> contents(const std::filesystem::path& named) {
  const std::filesystem::path file = named == "-" ? "/dev/stdin" : named;
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error || !std::filesystem::exists(status))
    return std::unexpected{error ? error.message() : "no such file"};
  if (std::filesystem::is_directory(status)) return std::unexpected{"it is a folder"};
  std::ifstream stream{file, std::ios::binary};
  if (!stream) return std::unexpected{"it cannot be opened"};
  // A file has no honest size before it is read: it may be a pipe.
  std::string text;
  while (stream && text.size() <= greatest_file_size) {
    const std::size_t before = text.size();
    text.resize(std::min(std::max<std::size_t>(2 * before, 16 << 10), greatest_file_size + 1));
    stream.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
    text.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return std::unexpected{"it cannot be read"};
  return text;
}

}  // namespace

std::expected<ReadResult, std::string> read_scenario(const std::filesystem::path& file,
                                                     const std::vector<Setting>& overrides) {
  auto text = contents(file);
  if (!text)
    return std::unexpected{fmt::format("cannot read {}: {}", file.string(), text.error())};
  return read_scenario_text({file.string(), std::move(*text)}, overrides, file.parent_path());
}

ReadResult read_scenario_text(SourceText source, const std::vector<Setting>& overrides,
                              const std::filesystem::path& folder) {
  ReadResult result;
  if (source.text.starts_with(byte_order_mark)) source.text.erase(0, byte_order_mark.size());
  if (source.text.size() > greatest_file_size) {
    // Nobody wants to see a line of it.
    source.text.clear();
    result.diagnostics.push_back(too_big());
    result.source = std::move(source);
    return result;
  }
  result.source = std::move(source);
  if (auto fault = find_non_text(result.source.text)) {
    result.diagnostics.push_back(std::move(*fault));
    return result;
  }
  std::optional<Value> root = parse_document(result.source.text, result.diagnostics);
  if (!root) {
    if (result.diagnostics.empty())
      result.diagnostics.push_back({Code::bad_version, "the file is empty",
                                    "a scenario starts with 'version: 1'", {}, {1, 1}, 1});
    return result;
  }
  read_into(result, *root, overrides, folder);
  return result;
}

ReadResult read_document(Value document, const std::filesystem::path& folder) {
  ReadResult result;
  read_into(result, document, {}, folder);
  return result;
}

}  // namespace georep
