// Laws of probability as a scenario writes them: a quantity that is always drawn, or a map of one
// key such as `{exponential: 20 ms}`.
#include <array>
#include <cmath>

#include "sim/fields/scalar_kinds.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

using Law = Distribution::Law;

/// A law of two named parameters, `a` and `b` of Distribution.
struct TwoParameters {
  Law law;
  std::string_view name;
  std::string_view a;
  std::string_view b;
  bool b_is_shape;  ///< a plain number, not a quantity
};
constexpr std::array two_parameter_laws{
    TwoParameters{Law::normal, "normal", "mean", "stddev", false},
    TwoParameters{Law::lognormal, "lognormal", "median", "p99", false},
    TwoParameters{Law::pareto, "pareto", "min", "shape", true},
    TwoParameters{Law::weibull, "weibull", "scale", "shape", true}};

const std::vector<std::string> law_names{"exponential", "uniform", "normal",   "lognormal",
                                         "pareto",      "weibull", "empirical"};

const TwoParameters* two_parameters(std::string_view name) {
  for (const TwoParameters& law : two_parameter_laws)
    if (law.name == name) return &law;
  return nullptr;
}

template <Drawn what>
class LawKind : public Kind {
 public:
  /// `may_be_negative`: the constant and the bounds of the uniform law.
  explicit LawKind(bool may_be_negative) : may_be_negative_{may_be_negative} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    auto& law = *static_cast<LawSpec<what>*>(object);
    LawSpec<what> fresh;
    bool read = false;
    if (value.is_scalar() && !value.is_null())
      read = read_constant(value, fresh, binding);
    else if (value.is_map() && value.items().size() == 1)
      read = read_law(value, fresh, binding);
    else if (value.is_map() && value.keys().size() > 1)
      binding.report(Code::exclusive_keys, value.keys()[1],
                     "'" + value.keys()[0].text + "' and '" + value.keys()[1].text +
                         "' exclude one another " + binding.here(),
                     "expected one law");
    else
      binding.report(Code::wrong_form, value,
                     "expected " + name() + " or a law of probability, found " + value.found(),
                     "such as '" + example() + "' or '{exponential: " + example() + "}'");
    if (read) law = std::move(fresh);
    return read;
  }

  Value write(const void* object) const override {
    const auto& law = *static_cast<const LawSpec<what>*>(object);
    switch (law.law) {
      case Law::constant:
        return Value::plain(whole(law.constant));
      case Law::exponential:
        return Value::map_of("exponential", parameter(law.a));
      case Law::uniform:
        return Value::map_of("uniform", Value::list({parameter(law.a), parameter(law.b)}));
      case Law::empirical:
        return Value::map_of("empirical", Value::quoted_text(law.file));
      default:
        break;
    }
    Value value = Value::map();
    for (const TwoParameters& two : two_parameter_laws) {
      if (two.law != law.law) continue;
      Value parameters = Value::map();
      parameters.insert(std::string{two.a}, parameter(law.a));
      parameters.insert(std::string{two.b},
                        two.b_is_shape ? Value::plain(text_of_real(law.b)) : parameter(law.b));
      value.insert(std::string{two.name}, std::move(parameters));
    }
    return value;
  }

  ShapePtr shape() const override;

 private:
  static std::string name() {
    if (what == Drawn::duration) return "a duration";
    return what == Drawn::size ? "a size" : "a whole number";
  }
  static std::string example() {
    if (what == Drawn::duration) return "20 ms";
    return what == Drawn::size ? "5 MB" : "8";
  }

  static std::string whole(std::int64_t n) {
    if constexpr (what == Drawn::duration) return text_of(Duration::nanoseconds(n));
    if constexpr (what == Drawn::size) return text_of(Bytes{n});
    return std::to_string(n);
  }
  static Value parameter(double number) {
    if constexpr (what == Drawn::count) return Value::plain(text_of_real(number));
    return Value::plain(whole(static_cast<std::int64_t>(number)));
  }

  static std::optional<std::int64_t> read_whole(const Value& value, bool may_be_negative, Binding& binding) {
    if (!value.is_scalar() || value.is_null()) {
      binding.report(Code::wrong_form, value, "expected " + name() + ", found " + value.found());
      return {};
    }
    Parsed<std::int64_t> parsed = parse(value.text());
    if (!parsed) {
      binding.report(Code::bad_quantity, value, parsed.error().message, parsed.error().hint);
      return {};
    }
    if (*parsed < 0 && !may_be_negative) {
      binding.report(Code::out_of_bounds, value, value.found() + " is negative",
                     "what is drawn at random is never negative");
      return {};
    }
    return *parsed;
  }
  static Parsed<std::int64_t> parse(const std::string& text) {
    if constexpr (what == Drawn::duration) {
      const auto parsed = parse_duration(text);
      if (!parsed) return std::unexpected{parsed.error()};
      return parsed->count();
    } else if constexpr (what == Drawn::size) {
      const auto parsed = parse_size(text);
      if (!parsed) return std::unexpected{parsed.error()};
      return parsed->count;
    } else {
      return parse_integer(text);
    }
  }

  bool read_constant(const Value& value, LawSpec<what>& law, Binding& binding) const {
    const auto constant = read_whole(value, may_be_negative_, binding);
    if (constant) law.constant = *constant;
    return constant.has_value();
  }

  static bool read_real(const Value& value, double& target, bool above_zero, Binding& binding) {
    const auto number = value.is_scalar() ? parse_real(value.text()) : Parsed<double>{-1.0};
    if (!number) {
      binding.report(Code::bad_quantity, value, number.error().message, number.error().hint);
      return false;
    }
    if (*number < 0 || (above_zero && *number == 0)) {
      binding.report(Code::out_of_bounds, value, value.found() + " is out of bounds",
                     "expected a number above 0");
      return false;
    }
    target = *number;
    return true;
  }

  static bool read_parameter(const Value& value, double& target, Binding& binding, bool may_be_negative = false) {
    if constexpr (what == Drawn::count) {
      return read_real(value, target, false, binding);
    } else {
      const auto number = read_whole(value, may_be_negative, binding);
      if (number) target = static_cast<double>(*number);
      return number.has_value();
    }
  }

  bool read_law(const Value& value, LawSpec<what>& law, Binding& binding) const {
    const std::string& name = value.keys().front().text;
    const Value& inner = value.items().front();
    const Binding::Step step{binding, name};
    if (name == "exponential") {
      law.law = Law::exponential;
      return read_parameter(inner, law.a, binding);
    }
    if (name == "uniform") return read_uniform(inner, law, binding);
    if (name == "empirical") return read_empirical(inner, law, binding);
    if (const TwoParameters* two = two_parameters(name)) return read_two(inner, *two, law, binding);
    binding.report(Code::unknown_key, value.keys().front(), "unknown law '" + name + "'",
                   spelling_hint(name, law_names));
    return false;
  }

  bool read_uniform(const Value& inner, LawSpec<what>& law, Binding& binding) const {
    law.law = Law::uniform;
    if (!inner.is_list() || inner.items().size() != 2) {
      binding.report(Code::wrong_form, inner, "expected two bounds, found " + inner.found(),
                     "such as '[" + example() + ", " + example() + "]'");
      return false;
    }
    if (!read_parameter(inner.items()[0], law.a, binding, may_be_negative_) ||
        !read_parameter(inner.items()[1], law.b, binding, may_be_negative_))
      return false;
    if (law.a <= law.b) return true;
    binding.report(Code::out_of_bounds, inner, "the lower bound is above the upper one");
    return false;
  }

  static bool read_empirical(const Value& inner, LawSpec<what>& law, Binding& binding) {
    law.law = Law::empirical;
    if (!inner.is_scalar() || inner.is_null()) {
      binding.report(Code::wrong_form, inner, "expected a file, found " + inner.found());
      return false;
    }
    law.file = inner.text();
    if (binding.samples() == nullptr) return true;
    auto samples = (*binding.samples())(law.file, what);
    if (!samples) {
      binding.report(samples.error().code, inner, samples.error().message, samples.error().hint);
      return false;
    }
    law.samples = std::make_shared<const std::vector<std::int64_t>>(std::move(*samples));
    return true;
  }

  static bool read_two(const Value& inner, const TwoParameters& two, LawSpec<what>& law,
                       Binding& binding) {
    law.law = two.law;
    const Value* a = inner.is_map() ? inner.find(two.a) : nullptr;
    const Value* b = inner.is_map() ? inner.find(two.b) : nullptr;
    if (a == nullptr || b == nullptr || inner.items().size() != 2) {
      binding.report(Code::wrong_form, inner,
                     std::string{two.name} + " takes exactly '" + std::string{two.a} + "' and '" +
                         std::string{two.b} + "'");
      return false;
    }
    if (!read_parameter(*a, law.a, binding)) return false;
    if (!(two.b_is_shape ? read_real(*b, law.b, true, binding)
                         : read_parameter(*b, law.b, binding)))
      return false;
    if (two.law != Law::normal && law.a <= 0) {
      binding.report(Code::out_of_bounds, *a, "'" + std::string{two.a} + "' has to be above 0");
      return false;
    }
    if (two.law == Law::lognormal && law.b < law.a) {
      binding.report(Code::out_of_bounds, *b, "'p99' is below 'median'");
      return false;
    }
    return true;
  }

  bool may_be_negative_;
};

ShapePtr shared(Shape shape) {
  return std::make_shared<const Shape>(std::move(shape));
}

Shape::Field field(std::string_view key, ShapePtr shape, std::string help) {
  Shape::Field result;
  result.key = key;
  result.help = std::move(help);
  result.required = true;
  result.shape = std::move(shape);
  return result;
}

ShapePtr record_of(std::vector<Shape::Field> fields) {
  Shape shape;
  shape.form = Shape::Form::record;
  shape.fields = std::move(fields);
  return shared(std::move(shape));
}

// The help of each law stands here alone; the reference page and editors show it.
ShapePtr law_shape(const ShapePtr& quantity, const ShapePtr& bound, const ShapePtr& parameter, std::string name) {
  Shape number;
  number.form = Shape::Form::number;
  number.name = "number";
  const ShapePtr real = shared(number);
  Shape bounds;
  bounds.form = Shape::Form::list;
  bounds.name = "two bounds";
  bounds.least = bounds.most = 2;
  bounds.parts = {bound};
  Shape file;
  file.name = "file";
  Shape any;
  any.form = Shape::Form::any;
  any.name = std::move(name);
  any.parts = {quantity, record_of({field("exponential", parameter, "Mean.")}),
               record_of({field("uniform", shared(bounds), "Both bounds included.")})};
  for (const TwoParameters& two : two_parameter_laws) {
    const ShapePtr both = record_of(
        {field(two.a, parameter, ""), field(two.b, two.b_is_shape ? real : parameter, "")});
    any.parts.push_back(record_of({field(two.name, both, "")}));
  }
  any.parts.push_back(record_of({field("empirical", shared(file), "One quantity a line.")}));
  return shared(std::move(any));
}

template <Drawn what>
ShapePtr LawKind<what>::shape() const {
  if constexpr (what == Drawn::duration) {
    const ShapePtr quantity = duration().kind->shape();
    if (!may_be_negative_) return law_shape(quantity, quantity, quantity, "duration or law");
    const ShapePtr either_sign = signed_duration().kind->shape();
    return law_shape(either_sign, either_sign, quantity, "duration or law, may be negative");
  } else if constexpr (what == Drawn::size) {
    const ShapePtr quantity = size().kind->shape();
    return law_shape(quantity, quantity, quantity, "size or law");
  } else {
    const ShapePtr number = real(0).kind->shape();
    return law_shape(integer().kind->shape(), number, number, "whole number or law");
  }
}

}  // namespace

KindOf<DurationLaw> duration_law() {
  return {std::make_shared<LawKind<Drawn::duration>>(false)};
}
KindOf<DurationLaw> signed_duration_law() {
  return {std::make_shared<LawKind<Drawn::duration>>(true)};
}
KindOf<SizeLaw> size_law() {
  return {std::make_shared<LawKind<Drawn::size>>(false)};
}
KindOf<CountLaw> count_law() {
  return {std::make_shared<LawKind<Drawn::count>>(false)};
}

bool is_law(const Value& value) {
  if (!value.is_map() || value.keys().size() != 1) return false;
  for (const std::string& name : law_names)
    if (name == value.keys().front().text) return true;
  return false;
}

}  // namespace georep
