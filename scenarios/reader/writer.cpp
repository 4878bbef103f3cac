// From specs back to YAML: sections in blocks, their entries on one line where they fit.
#include <string_view>

#include "analysis/experiments/scenario_fields.hpp"
#include "scenarios/reader/reader.hpp"
#include "sim/fields/flow_text.hpp"

namespace georep {
namespace {

constexpr std::size_t line_length = 110;

// Whether a literal block reads back as the text: whole lines, the first not indented, none that a
// reader could take for the end.
bool fits_literal_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n')
    return false;
  if (!text.ends_with('\n') || text.ends_with("\n\n")) return false;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) return false;
  return text.find(" \n") == std::string_view::npos;
}

class Writer {
 public:
  std::string take() { return std::move(text_); }

  void write_entries(const Value& map, std::size_t depth) {
    for (std::size_t i = 0; i < map.items().size(); ++i) {
      if (depth == 0 && i > 0 && !map.items()[i].is_scalar()) text_ += '\n';
      text_ += std::string(depth * 2, ' ');
      write_entry(map.keys()[i].text, map.items()[i], depth);
    }
  }

 private:
  void write_entry(const std::string& key, const Value& value, std::size_t depth) {
    text_ += key_text(key) + ":";
    if (value.is_scalar() && fits_literal_block(value.text()))
      return write_literal(value.text(), depth + 1);
    const std::string flow = flow_text(value);
    const bool one_line = value.is_scalar() || value.items().empty() ||
                          (depth > 0 && depth * 2 + key.size() + 2 + flow.size() <= line_length);
    if (one_line) {
      text_ += " " + flow + "\n";
    } else {
      text_ += '\n';
      write_block(value, depth + 1);
    }
  }

  void write_block(const Value& value, std::size_t depth) {
    if (value.is_map()) return write_entries(value, depth);
    for (const Value& item : value.items()) {
      const std::string flow = flow_text(item);
      text_ += std::string(depth * 2, ' ') + "- ";
      if (!item.is_map() || item.items().empty() || depth * 2 + 2 + flow.size() <= line_length) {
        text_ += flow + "\n";
        continue;
      }
      for (std::size_t i = 0; i < item.items().size(); ++i) {
        if (i > 0) text_ += std::string(depth * 2 + 2, ' ');
        write_entry(item.keys()[i].text, item.items()[i], depth + 1);
      }
    }
  }

  void write_literal(std::string_view text, std::size_t depth) {
    text_ += " |\n";
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      if (end > 0) text_ += std::string(depth * 2, ' ');
      text_ += text.substr(0, end + 1);
      text.remove_prefix(end + 1);
    }
  }

  std::string text_;
};

void add_files(const Value& value, std::vector<std::string>& files) {
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    const Value& inner = value.items()[i];
    const bool names_file = value.is_map() && (value.keys()[i].text == "empirical" || value.keys()[i].text == "trace");
    if (names_file && inner.is_scalar()) files.push_back(inner.text());
    add_files(inner, files);
  }
}

}  // namespace

std::vector<std::string> files_of(const Scenario& scenario) {
  std::vector<std::string> files;
  add_files(scenario_fields().record()->write(&scenario), files);
  return files;
}

std::string write_scenario(const Scenario& scenario) {
  const KindOf<Scenario> kind = scenario_fields();
  Writer writer;
  writer.write_entries(kind.kind->write(&scenario), 0);
  return writer.take();
}

}  // namespace georep
