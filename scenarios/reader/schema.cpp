// The JSON Schema of the language, from the shapes of its kinds.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/experiments/scenario_fields.hpp"
#include "scenarios/reader/reader.hpp"

namespace georep {
namespace {

using Json = nlohmann::ordered_json;

class SchemaWriter {
 public:
  std::string whole(const Shape& root) {
    Json schema = of(root);
    // The root itself is no definition.
    if (schema.contains("$ref")) schema = definitions_[slug(root.name)];
    Json document;
    document["$schema"] = "http://json-schema.org/draft-07/schema#";
    document["title"] = "georep scenario, version 1";
    for (auto& [key, value] : schema.items()) document[key] = value;
    document["properties"]["version"] = {{"const", 1},
                                         {"description", "Of the language; always 1, and first."}};
    definitions_.erase(slug(root.name));
    document["definitions"] = definitions_;
    return document.dump(2) + "\n";
  }

 private:
  static std::string slug(const std::string& name) {
    std::string result;
    for (const char c : name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain)
        result += c;
      else if (!result.empty() && result.back() != '-')
        result += '-';
    }
    return result;
  }

  static Json described(Json schema, const std::string& help) {
    if (help.empty()) return schema;
    // Beside a $ref, draft 7 ignores everything else.
    if (schema.contains("$ref")) schema = Json{{"allOf", Json::array({schema})}};
    schema["description"] = help;
    return schema;
  }

  Json of(const Shape& shape) {
    switch (shape.form) {
      case Shape::Form::text:
        return text(shape);
      case Shape::Form::number:
        return number("number", shape);
      case Shape::Form::integer:
        return number("integer", shape);
      case Shape::Form::boolean:
        return {{"type", "boolean"}};
      case Shape::Form::words:
        return described({{"enum", shape.words}}, shape.help);
      case Shape::Form::list:
        return list(shape);
      case Shape::Form::map:
        return {{"type", "object"}, {"additionalProperties", of(*shape.parts.front())}};
      case Shape::Form::record:
        return defined(shape, record(shape));
      case Shape::Form::any:
        return defined(shape, any(shape));
    }
    return {};
  }

  static Json text(const Shape& shape) {
    // A title such as `2024` is a number to an editor.
    if (shape.pattern.empty()) return {{"type", {"string", "number", "boolean"}}};
    return {{"type", {"string", "number", "boolean"}}, {"pattern", shape.pattern}};
  }

  static Json number(const char* type, const Shape& shape) {
    Json schema{{"type", type}};
    const auto bound = [&](const char* key, const std::optional<double>& value) {
      if (!value) return;
      if (*value == static_cast<double>(static_cast<std::int64_t>(*value)))
        schema[key] = static_cast<std::int64_t>(*value);
      else
        schema[key] = *value;
    };
    bound("minimum", shape.least);
    bound("maximum", shape.most);
    return schema;
  }

  Json list(const Shape& shape) {
    Json schema{{"type", "array"}, {"items", of(*shape.parts.front())}};
    if (shape.least) schema["minItems"] = static_cast<int>(*shape.least);
    if (shape.most) schema["maxItems"] = static_cast<int>(*shape.most);
    return schema;
  }

  Json any(const Shape& shape) {
    if (shape.parts.empty()) return Json::object();
    Json alternatives = Json::array();
    for (const ShapePtr& part : shape.parts) alternatives.push_back(of(*part));
    return {{"anyOf", std::move(alternatives)}};
  }

  Json record(const Shape& shape) {
    Json properties = Json::object();
    Json required = Json::array();
    Json spellings = Json::array();
    for (const Shape::Field& field : shape.fields) {
      std::string help = field.help;
      if (!field.otherwise.empty()) help += fmt::format(" Default: {}.", field.otherwise);
      properties[field.key] = described(of(*field.shape), help);
      Json either = Json::array({Json{{"required", {field.key}}}});
      for (const std::string& also : field.also) {
        properties[also] = properties[field.key];
        either.push_back(Json{{"required", {also}}});
      }
      if (field.required && field.also.empty()) required.push_back(field.key);
      if (field.required && !field.also.empty()) spellings.push_back({{"oneOf", either}});
    }
    Json schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    if (!spellings.empty()) schema["allOf"] = std::move(spellings);
    schema["additionalProperties"] = false;
    return schema;
  }

  // What has a name is written once and referred to.
  Json defined(const Shape& shape, Json schema) {
    const std::string base = slug(shape.name);
    if (base.empty()) return schema;
    std::string name = base;
    for (int i = 2; definitions_.contains(name) && definitions_[name] != schema; ++i)
      name = fmt::format("{}-{}", base, i);
    definitions_[name] = std::move(schema);
    return {{"$ref", "#/definitions/" + name}};
  }

  Json definitions_ = Json::object();
};

}  // namespace

std::string json_schema() {
  const KindOf<Scenario> kind = scenario_fields();
  return SchemaWriter{}.whole(*kind.kind->shape());
}

}  // namespace georep
