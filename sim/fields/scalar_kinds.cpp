#include "sim/fields/scalar_kinds.hpp"

#include <charconv>
#include <concepts>

namespace georep {
namespace {

ShapePtr text_shape(std::string name, std::string_view pattern) {
  Shape shape;
  shape.name = std::move(name);
  shape.pattern = std::string{pattern};
  return std::make_shared<Shape>(std::move(shape));
}

/// Reads one scalar through a parser, and checks that it lies within bounds.
template <class T>
class Scalar : public Kind {
 public:
  struct Bounds {
    T least;
    T most;
    bool exclusive = false;  ///< the least value itself is out
  };

  Scalar(std::string name, Parsed<T> (*parse)(std::string_view), ShapePtr shape,
         std::optional<Bounds> bounds)
      : name_{std::move(name)}, parse_{parse}, shape_{std::move(shape)}, bounds_{bounds} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (!value.is_scalar() || value.is_null()) {
      binding.report(Code::wrong_form, value, "expected " + name_ + ", found " + value.found());
      return false;
    }
    auto parsed = parse_(value.text());
    if (!parsed) {
      binding.report(Code::bad_quantity, value, parsed.error().message, parsed.error().hint);
      return false;
    }
    if (bounds_ && !within(*parsed)) {
      binding.report(Code::out_of_bounds, value, value.found() + " is out of bounds",
                     bounds_text());
      return false;
    }
    *static_cast<T*>(object) = *parsed;
    return true;
  }

  Value write(const void* object) const override {
    return Value::plain(text(*static_cast<const T*>(object)));
  }

  ShapePtr shape() const override { return shape_; }

 private:
  static std::string text(std::int64_t number) { return std::to_string(number); }
  static std::string text(std::uint64_t number) { return std::to_string(number); }
  static std::string text(double number) { return text_of_real(number); }
  template <class U>
  static std::string text(const U& quantity) {
    return text_of(quantity);
  }

  bool within(const T& value) const {
    if constexpr (std::totally_ordered<T>) {
      if (bounds_->exclusive && value == bounds_->least) return false;
      return value >= bounds_->least && value <= bounds_->most;
    }
    return true;
  }

  static std::string bound_text(const T& bound) {
    if constexpr (std::is_same_v<T, Ratio>)
      return text_of(Quantity{Quantity::Dimension::ratio, bound.value});
    return text(bound);
  }
  std::string bounds_text() const {
    if (!bounds_) return {};
    const bool open = bounds_->most == unbounded();
    const std::string least = bound_text(bounds_->least);
    const std::string most = bound_text(bounds_->most);
    if (bounds_->exclusive)
      return "expected " + name_ + " above " + least + (open ? "" : " and at most " + most);
    if (open) return "expected " + name_ + " of at least " + least;
    return "expected " + name_ + " from " + least + " to " + most;
  }
  static T unbounded();

  std::string name_;
  Parsed<T> (*parse_)(std::string_view);
  ShapePtr shape_;
  std::optional<Bounds> bounds_;
};

// A century, so that sums of durations stay within the clock's 292 years.
constexpr Duration longest_duration = 36'500_d;

constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
template <>
Duration Scalar<Duration>::unbounded() {
  return longest_duration;
}
template <>
Bytes Scalar<Bytes>::unbounded() {
  return {greatest};
}
template <>
Bandwidth Scalar<Bandwidth>::unbounded() {
  return Bandwidth::unlimited();
}
template <>
Rate Scalar<Rate>::unbounded() {
  return {1e12};
}
template <>
Ratio Scalar<Ratio>::unbounded() {
  return {1e9};
}
template <>
Price Scalar<Price>::unbounded() {
  return {1e9};
}
template <>
std::int64_t Scalar<std::int64_t>::unbounded() {
  return greatest;
}
template <>
std::uint64_t Scalar<std::uint64_t>::unbounded() {
  return std::numeric_limits<std::uint64_t>::max();
}
template <>
Quantity Scalar<Quantity>::unbounded() {
  return {};
}
template <>
double Scalar<double>::unbounded() {
  return 1e9;
}

Parsed<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::unexpected{TextProblem{"'" + std::string{text.substr(0, 60)} + "' is not a seed",
                                       "expected a whole number from 0 to 18446744073709551615"}};
  return value;
}

ShapePtr number_shape(std::string name, Shape::Form form, std::optional<double> least,
                      std::optional<double> most) {
  Shape shape;
  shape.form = form;
  shape.name = std::move(name);
  shape.least = least;
  shape.most = most;
  return std::make_shared<Shape>(std::move(shape));
}

ShapePtr any_of(std::string name, std::vector<ShapePtr> parts) {
  Shape shape;
  shape.form = Shape::Form::any;
  shape.name = std::move(name);
  shape.parts = std::move(parts);
  return std::make_shared<Shape>(std::move(shape));
}

// A share above 1 is written as a number or a percentage alike; the schema checks the number alone.
ShapePtr ratio_shape(double least, double most) {
  return any_of("ratio", {text_shape("percentage", percentage_pattern),
                          number_shape("number", Shape::Form::number, least, most)});
}

class Boolean : public Kind {
 public:
  bool read(const Value& value, void* object, Binding& binding) const override {
    bool& target = *static_cast<bool*>(object);
    if (value.is_scalar() && !value.quoted()) {
      const std::string& text = value.text();
      if (text == "true" || text == "True" || text == "TRUE") return target = true, true;
      if (text == "false" || text == "False" || text == "FALSE") return target = false, true;
    }
    binding.report(value.is_scalar() ? Code::bad_quantity : Code::wrong_form, value,
                   "expected true or false, found " + value.found(),
                   value.is_scalar() && !value.is_null() ? "yes, no, on and off are words" : "");
    return false;
  }
  Value write(const void* object) const override {
    return Value::plain(*static_cast<const bool*>(object) ? "true" : "false");
  }
  ShapePtr shape() const override {
    return number_shape("true or false", Shape::Form::boolean, {}, {});
  }
};

class Text : public Kind {
 public:
  Text(std::string what, bool is_name) : what_{std::move(what)}, is_name_{is_name} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (!value.is_scalar() || value.is_null()) {
      binding.report(Code::wrong_form, value, "expected " + what_ + ", found " + value.found());
      return false;
    }
    if (is_name_ &&
        (value.text().empty() || value.text().find_first_of(" \t\n\r") != std::string::npos)) {
      binding.report(Code::bad_quantity, value, value.found() + " is no name",
                     "expected " + what_ + ", without spaces");
      return false;
    }
    *static_cast<std::string*>(object) = value.text();
    return true;
  }
  Value write(const void* object) const override {
    const std::string& text = *static_cast<const std::string*>(object);
    // An empty name is one that was left out.
    return is_name_ && text.empty() ? Value{} : Value::quoted_text(text);
  }
  ShapePtr shape() const override { return text_shape(what_, is_name_ ? "^[^ \\t\\n\\r]+$" : ""); }

 private:
  std::string what_;
  bool is_name_;
};

template <class T>
KindOf<T> scalar(std::string name, Parsed<T> (*parse)(std::string_view), ShapePtr shape,
                 std::optional<typename Scalar<T>::Bounds> bounds) {
  return {std::make_shared<Scalar<T>>(std::move(name), parse, std::move(shape), bounds)};
}

}  // namespace

KindOf<Duration> duration(Duration least) {
  return scalar<Duration>("a duration", parse_duration, text_shape("duration", duration_pattern),
                          {{least, longest_duration}});
}
KindOf<Duration> signed_duration() {
  return scalar<Duration>("a duration", parse_duration,
                          text_shape("duration, may be negative", duration_pattern),
                          {{-longest_duration, longest_duration}});
}
KindOf<Bytes> size(Bytes least) {
  return scalar<Bytes>("a size", parse_size, text_shape("size", size_pattern),
                       {{least, {greatest}}});
}
KindOf<Bandwidth> bandwidth() {
  return scalar<Bandwidth>("a bandwidth", parse_bandwidth,
                           text_shape("bandwidth", bandwidth_pattern),
                           {{{0}, Bandwidth::unlimited(), true}});
}
KindOf<Rate> rate() {
  return scalar<Rate>("a rate", parse_rate, text_shape("rate", rate_pattern),
                      {{{0}, {1e12}, true}});
}
KindOf<Ratio> ratio(double least, double most) {
  return scalar<Ratio>("a ratio", parse_ratio, ratio_shape(least, most), {{{least}, {most}}});
}
KindOf<Price> price() {
  return scalar<Price>("a price", parse_price, text_shape("price", price_pattern), {{{0}, {1e9}}});
}
KindOf<Quantity> quantity() {
  std::vector<ShapePtr> parts{text_shape("duration", duration_pattern),
                              text_shape("size", size_pattern),
                              text_shape("percentage", percentage_pattern),
                              text_shape("amount", "^-?[0-9]+(\\.[0-9]+)? *USD$"),
                              number_shape("number", Shape::Form::number, {}, {})};
  return scalar<Quantity>("a quantity", parse_quantity,
                          any_of("duration, size, ratio, amount or number", std::move(parts)), {});
}
KindOf<std::int64_t> integer(std::int64_t least, std::int64_t most) {
  std::optional<double> upper;
  if (most != greatest) upper = static_cast<double>(most);
  return scalar<std::int64_t>(
      "a whole number", parse_integer,
      number_shape("whole number", Shape::Form::integer, static_cast<double>(least), upper),
      {{least, most}});
}
KindOf<std::uint64_t> seed_number() {
  return scalar<std::uint64_t>("a whole number", parse_seed,
                               number_shape("whole number", Shape::Form::integer, 0, {}), {});
}
KindOf<std::int64_t> count(std::int64_t least) {
  return integer(least, 1'000'000);
}
KindOf<double> real(double least, double most) {
  return scalar<double>("a number", parse_real,
                        number_shape("number", Shape::Form::number, least, most), {{least, most}});
}
KindOf<bool> boolean() {
  return {std::make_shared<Boolean>()};
}
KindOf<std::string> text(std::string what) {
  return {std::make_shared<Text>(std::move(what), false)};
}
KindOf<std::string> name(std::string what) {
  return {std::make_shared<Text>(std::move(what), true)};
}

}  // namespace georep
