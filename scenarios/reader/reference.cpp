// The reference page of the language, from the shapes of its kinds: one table for each map.
#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "analysis/experiments/scenario_fields.hpp"
#include "analysis/verdicts/vocabulary.hpp"
#include "scenarios/reader/reader.hpp"
#include "sim/fields/quantity_text.hpp"

namespace georep {
namespace {

constexpr std::string_view preface = R"(<!-- Generated from the declarations of the fields by `ninja reference`. Do not edit. -->
# Reference of the scenario language, version 1

A scenario is one YAML file. Every field is listed here with what it takes, what holds where it is left out, and what
it means. Unknown keys, duplicate keys, tags, merge keys and second documents are errors; scalars follow YAML 1.2, so
`on`, `no` and `yes` are words. JSON is accepted, being YAML.

## Quantities

Every quantity carries its unit.

| kind | written | units |
|---|---|---|
)";

std::string cell(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.insert(i, 1, '\\');
  return text;
}

bool is_inline(const Shape& record) {
  constexpr std::size_t few = 2;
  return record.help.empty() && record.fields.size() <= few;
}

class ReferenceWriter {
 public:
  std::string whole(const Shape& root) {
    text_ = preface;
    quantities();
    text_ += "\n## The whole file\n\n" + table(root.fields);
    const std::vector<ShapePtr> sections = std::exchange(waiting_, {});
    for (const ShapePtr& section : sections) describe(*section, 2);
    terms();
    return std::move(text_);
  }

 private:
  void quantities() {
    const auto row = [this](std::string_view kind, std::string_view example, std::string_view units) {
      text_ += fmt::format("| {} | `{}` | {} |\n", kind, example, units);
    };
    row("duration", "250 ms`, `1h30m", duration_units);
    row("size", "30 MiB`, `5 MB", size_units);
    row("bandwidth", "10 Gbps`, `125 MB/s`, `unlimited", bandwidth_units);
    row("rate", "50 /s", rate_units);
    row("ratio", "20%`, `0.2", "%, or a plain number");
    row("price", "0.02 USD/GB", "USD/GB, USD/TB, USD/MB or USD/kB");
  }

  // What a value looks like. What deserves a table of its own is linked and waits for it.
  std::string kind_of(const ShapePtr& shape) {
    switch (shape->form) {
      case Shape::Form::words: {
        std::vector<std::string> words;
        for (const std::string& word : shape->words) words.push_back("`" + word + "`");
        return fmt::format("{}", fmt::join(words, ", "));
      }
      case Shape::Form::list:
        return (shape->most ? "two of " : "list of ") + kind_of(shape->parts.front());
      case Shape::Form::map:
        return "map from " + shape->name + " to " + kind_of(shape->parts.front());
      case Shape::Form::record:
        return is_inline(*shape) ? inline_record(*shape) : link(shape);
      case Shape::Form::any:
        return alternatives(shape);
      default:
        return shape->name;
    }
  }

  std::string inline_record(const Shape& record) {
    std::vector<std::string> fields;
    for (const Shape::Field& field : record.fields)
      fields.push_back(fmt::format("{}: {}", field.key, kind_of(field.shape)));
    return fmt::format("{{{}}}", fmt::join(fields, ", "));
  }

  std::string alternatives(const ShapePtr& shape) {
    const bool law = std::any_of(shape->parts.begin(), shape->parts.end(), [](const ShapePtr& part) {
      return part->form == Shape::Form::record && !part->fields.empty() &&
             part->fields.front().key == "exponential";
    });
    if (law || is_variants(*shape)) return link(shape);
    if (shape->parts.empty()) return shape->name;
    std::vector<std::string> parts;
    for (const ShapePtr& part : shape->parts) parts.push_back(kind_of(part));
    return fmt::format("{}", fmt::join(parts, " or "));
  }

  // One record in several variants, as the entries of the timeline are.
  static bool is_variants(const Shape& shape) {
    return shape.form == Shape::Form::any && !shape.help.empty();
  }

  std::string link(const ShapePtr& shape) {
    if (linked_.insert(shape->name).second) waiting_.push_back(shape);
    std::string anchor = shape->name;
    std::replace(anchor.begin(), anchor.end(), ' ', '-');
    return fmt::format("[{}](#{})", shape->name, anchor);
  }

  void describe(const Shape& shape, int level) {
    text_ += fmt::format("\n{} {}\n\n", std::string(static_cast<std::size_t>(std::min(level, 4)), '#'),
                         shape.name);
    if (!shape.help.empty()) text_ += shape.help + "\n\n";
    std::string body;
    if (shape.form == Shape::Form::record) {
      body = table(shape.fields);
    } else if (is_variants(shape)) {
      body = variants(shape);
    } else {
      for (const ShapePtr& part : shape.parts) body += law(*part);
    }
    text_ += body;
    const std::vector<ShapePtr> below = std::exchange(waiting_, {});
    for (const ShapePtr& each : below) describe(*each, level + 1);
  }

  std::string law(const Shape& part) {
    if (part.form != Shape::Form::record) return "- " + part.name + ": always this\n";
    const std::string& help = part.fields.front().help;
    return fmt::format("- `{}`{}\n", inline_record(part), help.empty() ? "" : ": " + help);
  }

  std::string row(const Shape::Field& field) {
    std::string keys = "`" + field.key + "`";
    for (const std::string& also : field.also) keys += ", `" + also + "`";
    const std::string otherwise = field.required            ? "**required**"
                                  : field.otherwise.empty() ? "none"
                                                            : field.otherwise;
    std::string help = field.help;
    if (field.shape->form == Shape::Form::words && !field.shape->help.empty())
      help += " " + field.shape->help + ".";
    return fmt::format("| {} | {} | {} | {} |\n", keys, cell(kind_of(field.shape)), cell(otherwise),
                       cell(help));
  }

  std::string table(const std::vector<Shape::Field>& fields) {
    if (fields.empty()) return {};
    std::string rows = "| key | takes | left out | meaning |\n|---|---|---|---|\n";
    for (const Shape::Field& field : fields) rows += row(field);
    return rows;
  }

  // The fields that all variants share, then each variant's own.
  std::string variants(const Shape& shape) {
    const auto is_shared = [&shape](const std::string& key) {
      return std::all_of(shape.parts.begin(), shape.parts.end(), [&key](const ShapePtr& part) {
        return std::any_of(part->fields.begin(), part->fields.end(),
                           [&key](const Shape::Field& field) { return field.key == key; });
      });
    };
    std::vector<Shape::Field> common;
    for (const Shape::Field& field : shape.parts.front()->fields)
      if (is_shared(field.key)) common.push_back(field);
    std::string text = table(common);
    for (const ShapePtr& part : shape.parts) {
      std::vector<Shape::Field> own;
      for (const Shape::Field& field : part->fields)
        if (!is_shared(field.key)) own.push_back(field);
      text += fmt::format("{}With `{}`:\n\n{}", text.empty() ? "" : "\n", own.front().key, table(own));
    }
    return text;
  }

  void terms() {
    text_ += "\n## Measures\n\n| name | one sample | in |\n|---|---|---|\n";
    for (const MeasureTerm& measure : measure_terms())
      text_ += fmt::format("| `{}` | {} | {} |\n", measure.name, measure.help,
                           name_of(measure.dimension));
    term_table("Statistics", statistic_terms());
    text_ += "| `p50` … `p99.9` | percentile, by nearest rank |\n";
    term_table("Invariants", invariant_terms());
    term_table("Anomalies", anomaly_terms());
    term_table("States", state_terms());
    text_ += "\n## Error codes\n\n";
    for (const std::string& code : error_code_names()) text_ += "- `" + code + "`\n";
  }

  void term_table(std::string_view title, std::span<const Term> terms) {
    text_ += fmt::format("\n## {}\n\n| name | meaning |\n|---|---|\n", title);
    for (const Term& term : terms) text_ += fmt::format("| `{}` | {} |\n", term.name, term.help);
  }

  static std::string_view name_of(Quantity::Dimension dimension) {
    switch (dimension) {
      case Quantity::Dimension::duration:
        return "duration";
      case Quantity::Dimension::size:
        return "size";
      case Quantity::Dimension::ratio:
        return "ratio";
      case Quantity::Dimension::money:
        return "USD";
      case Quantity::Dimension::number:
        return "number";
    }
    return {};
  }

  std::string text_;
  std::set<std::string> linked_;
  std::vector<ShapePtr> waiting_;
};

}  // namespace

std::string reference_page() {
  const KindOf<Scenario> kind = scenario_fields();
  return ReferenceWriter{}.whole(*kind.kind->shape());
}

}  // namespace georep
