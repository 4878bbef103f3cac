#include "sim/cli/list.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/reports/escape.hpp"
#include "analysis/verdicts/vocabulary.hpp"
#include "models/data/clouds.hpp"
#include "models/data/images.hpp"
#include "models/registry/fields.hpp"
#include "sim/cli/library.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

/// A name and what is to be said of it, column by column.
struct Entry {
  std::string name;
  std::vector<std::string> more;
};
using Entries = std::vector<Entry>;

// The words of a shape with what is said of each, as the field is declared.
void add_words(const Shape& shape, std::string_view section, Entries& entries) {
  for (const std::string& word : shape.words) entries.push_back({word, {std::string{section}, shape.help}});
  for (const ShapePtr& part : shape.parts) add_words(*part, section, entries);
}

Entries presets() {
  Entries entries;
  for (const std::string_view name : cloud_names()) {
    const CloudPreset& cloud = *find_cloud(name);
    entries.push_back({std::string{name},
                       {"network", fmt::format("{} regions, round trips: {}", cloud.regions().size(),
                                               cloud.measurement())}});
  }
  const ShapePtr registry = registry_fields().record()->shape();
  for (const Shape::Field& field : registry->fields)
    if (field.key == "preset") add_words(*field.shape, "registry", entries);
  return entries;
}

Entries regions() {
  Entries entries;
  for (const std::string_view name : cloud_names())
    for (const CloudRegion& region : find_cloud(name)->regions())
      entries.push_back({std::string{region.name}, {std::string{name}, std::string{region.display_name}}});
  return entries;
}

Entries images() {
  Entries entries;
  for (const RealImageVersion& image : real_images())
    entries.push_back({image.name,
                       {figure_of_bytes(static_cast<double>(image.bytes)), counted(image.layers.size(), "layer"),
                        std::string{image.date.substr(0, 10)}}});
  return entries;
}

Entries measures() {
  Entries entries;
  for (const MeasureTerm& term : measure_terms())
    entries.push_back({std::string{term.name}, {std::string{term.help}}});
  return entries;
}

Entries invariants() {
  Entries entries;
  for (const Term& term : invariant_terms())
    entries.push_back({std::string{term.name}, {"always", std::string{term.help}}});
  for (const Term& term : anomaly_terms())
    entries.push_back({std::string{term.name}, {"never", std::string{term.help}}});
  for (const Term& term : state_terms())
    entries.push_back({std::string{term.name}, {"eventually", std::string{term.help}}});
  return entries;
}

Entries examples() {
  Entries entries;
  for (const LibraryEntry& entry : library()) entries.push_back({entry.file, {entry.title}});
  return entries;
}

Entries entries_of(std::string_view what) {
  if (what == "presets") return presets();
  if (what == "regions") return regions();
  if (what == "images") return images();
  if (what == "measures") return measures();
  if (what == "invariants") return invariants();
  return examples();
}

std::string json_of(std::string_view what, const Entries& entries) {
  std::string text = fmt::format("{{\"georep\": 1, \"{}\": [", what);
  for (std::size_t i = 0; i < entries.size(); ++i)
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", json_escaped(entries[i].name));
  return text + "]}\n";
}

}  // namespace

ExitCode list_names(const ListArguments& options, Terminal& terminal) {
  const Entries entries = entries_of(options.what);
  if (options.json) {
    terminal.print(json_of(options.what, entries));
    return ExitCode::ok;
  }
  TextTable table{std::vector<Align>(4, Align::left)};
  for (const Entry& entry : entries) {
    std::vector<TextTable::Cell> row{{entry.name, Ink::strong}};
    for (const std::string& text : entry.more) row.push_back({text});
    table.add(std::move(row));
  }
  // Somebody may cut names out of this, so nothing is shortened.
  TextStyle style = terminal.style();
  style.width = 1'000;
  terminal.print(table.text(style, 0));
  return ExitCode::ok;
}

}  // namespace georep
