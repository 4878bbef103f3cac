// What checks find wrong with a scenario that could be read, each at its place in the file.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/world/spec.hpp"
#include "sim/fields/diagnostic.hpp"
#include "sim/fields/kind.hpp"
#include "sim/fields/value.hpp"

namespace georep {

/// The path of a field from its steps: `path_of("hosts", "dev", "region")`, `path_of("timeline", 3)`.
template <class... Steps>
std::string path_of(const Steps&... steps) {
  std::string path;
  ((path += path_step(steps)), ...);
  return path.starts_with('.') ? path.substr(1) : path;
}

/// Turns findings at paths of the language into diagnostics at places of the file. One mistake gives
/// one diagnostic: what could not be read is not checked as well.
class Findings {
 public:
  Findings(const Value& root, const std::vector<Setting>& overrides,
           std::vector<Diagnostic>& diagnostics);

  void report(Code code, const std::string& path, std::string message, std::string hint = {});
  bool is_empty() const { return diagnostics_.empty(); }
  bool is_full() const { return diagnostics_.size() >= most_diagnostics; }

  /// Whether the file or an override says something there.
  bool is_written(const std::string& path) const;
  /// Whether something there or around it could not be read, so that what it holds is not known.
  bool is_unread(const std::string& path) const;

  /// Whether there is a key there that means nothing, and so perhaps one that is missed.
  bool has_unknown_key(const std::string& path) const { return unknown_keys_.contains(path); }

  /// While it lives, everything is reported at one path.
  class At {
   public:
    At(Findings& findings, std::string path) : findings_{findings} {
      findings_.everything_at_ = std::move(path);
    }
    ~At() { findings_.everything_at_.clear(); }
    At(const At&) = delete;
    At& operator=(const At&) = delete;

   private:
    Findings& findings_;
  };

 private:
  struct Found {
    const Value* value = nullptr;
    Place place;
    int width = 0;
    bool whole = false;  ///< the path leads to the very value
  };
  Found locate(const std::string& path) const;
  bool is_overridden(const std::string& path) const;
  bool has_unread_below(const std::string& path) const;

  const Value& root_;
  std::vector<std::string> overridden_;
  std::vector<Diagnostic>& diagnostics_;
  std::set<std::string, std::less<>> unread_;
  std::set<std::string, std::less<>> unknown_keys_;  ///< where such keys stand
  std::string everything_at_;
};

}  // namespace georep
