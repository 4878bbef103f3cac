// Kinds: how members of specs are read from values, written back, reached by a path, and described.
// A field of the language is declared once, with a kind; reader, writer, `--set`, schema and
// reference page all come from that declaration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/fields/diagnostic.hpp"
#include "sim/fields/quantity_text.hpp"
#include "sim/fields/value.hpp"

namespace georep {

/// Why a file that a scenario names cannot be used.
struct FileProblem {
  Code code = Code::bad_file;
  std::string message;
  std::string hint;
};

/// Reads the samples of an empirical law from a file beside the scenario.
using SampleReader = std::function<std::expected<std::vector<std::int64_t>, FileProblem>(
    const std::string& file, Drawn what)>;

/// Where a binding stands and what it found. Carried through the reading of one scenario.
class Binding {
 public:
  explicit Binding(std::vector<Diagnostic>& diagnostics, const SampleReader* samples = nullptr)
      : diagnostics_{diagnostics}, samples_{samples} {}

  void report(Code code, const Value& at, std::string message, std::string hint = {});
  void report(Code code, const Value::Key& at, std::string message, std::string hint = {});
  /// So much is wrong already that more is not recorded.
  bool is_full() const { return diagnostics_.size() >= most_diagnostics; }
  /// `in network.links[0]`, or `in the scenario`.
  std::string here() const;
  const SampleReader* samples() const { return samples_; }

  /// Extends the path while it lives.
  class Step {
   public:
    Step(Binding& binding, std::string_view key);
    Step(Binding& binding, std::size_t index);
    ~Step() { binding_.path_.resize(before_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Binding& binding_;
    std::size_t before_;
  };

 private:
  std::vector<Diagnostic>& diagnostics_;
  const SampleReader* samples_;
  std::string path_;
};

/// One step of a path: a key, or an index in brackets.
using PathStep = std::string;

/// The steps that are left.
class Steps {
 public:
  explicit Steps(const std::vector<PathStep>& all)
      : begin_{all.data()}, end_{begin_ + all.size()} {}
  bool empty() const { return begin_ == end_; }
  const PathStep& first() const { return *begin_; }
  Steps rest() const { return Steps{begin_ + 1, end_}; }

 private:
  Steps(const PathStep* begin, const PathStep* end) : begin_{begin}, end_{end} {}
  const PathStep* begin_;
  const PathStep* end_;
};

/// A step that extends a path: `.key`, or `[key]` where the key holds a dot or a bracket.
std::string path_step(std::string_view key);
std::string path_step(std::size_t index);

/// The index that a step names in a list of that size, if it does.
std::optional<std::size_t> index_of(const PathStep& step, std::size_t size);

/// What a kind looks like to an editor's schema and to the reference page.
struct Shape {
  enum class Form : std::uint8_t { text, number, integer, boolean, words, list, map, record, any };
  struct Field {
    std::string key;
    std::vector<std::string> also;  ///< other spellings of the key
    std::string help;
    std::string otherwise;  ///< what holds where it is left out
    bool required = false;
    std::shared_ptr<const Shape> shape;
  };

  Form form = Form::text;
  std::string name;     ///< how the reference page calls it
  std::string help;     ///< of a record or a word
  std::string pattern;  ///< of a text; empty: any
  std::vector<std::string> words;
  std::optional<double> least, most;  ///< of a number, or of the length of a list
  std::vector<std::shared_ptr<const Shape>>
      parts;                  ///< of a list, a map, or the alternatives of any
  std::vector<Field> fields;  ///< of a record
};
using ShapePtr = std::shared_ptr<const Shape>;

/// How one C++ type is written in a scenario. Pointers are to an object of that type; KindOf keeps
/// that promise.
class Kind {
 public:
  virtual ~Kind() = default;

  /// Sets the object from a value. Reports what is wrong and returns false; the object is then in
  /// some valid state.
  virtual bool read(const Value& value, void* object, Binding& binding) const = 0;
  /// The shortest value that reads back as the object. An empty plain scalar stands for nothing to
  /// write.
  virtual Value write(const void* object) const = 0;
  virtual ShapePtr shape() const = 0;

  /// Sets what lies at the end of a path below the object.
  virtual bool set(void* object, Steps steps, const Value& value, Binding& binding) const;
  /// What lies there as it would be written, or nothing where there is no such path.
  virtual std::optional<Value> get(const void* object, Steps steps) const;
  /// Takes an element out of a list or a map, or puts a field back to its default. False where
  /// there is no such path.
  virtual bool erase(void* object, Steps steps) const;
  /// Appends the paths of everything that can be set below the object, in the order of declaration.
  virtual void list_paths(const void* object, const std::string& path,
                          std::vector<std::string>& paths) const;
};

/// A kind for objects of type T.
template <class T>
struct KindOf {
  std::shared_ptr<const Kind> kind;
};

}  // namespace georep
