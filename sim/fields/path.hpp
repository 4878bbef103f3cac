// Getting and setting any field of a spec by its path: `registry.replication.streams`,
// `hosts.dev.region`, `network.links[0].rtt`. A key that holds a dot stands in brackets:
// `images[python3.13]`.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fields/kind.hpp"

namespace georep {

/// Splits a path into its steps. The error says what is wrong with it.
std::expected<std::vector<PathStep>, std::string> parse_path(std::string_view path);

/// Sets the field at a path of an object from flow text. Returns what is wrong; the object is then
/// in some valid state.
template <class T>
std::vector<Diagnostic> set_path(const KindOf<T>& kind, T& object, std::string_view path,
                                 std::string_view text, const SampleReader* samples = nullptr);

/// The text of the field at a path, or nothing where there is none.
template <class T>
std::optional<std::string> get_path(const KindOf<T>& kind, const T& object, std::string_view path);

/// Takes an element out of a list or a map, or puts a field back to its default.
template <class T>
bool erase_path(const KindOf<T>& kind, T& object, std::string_view path);

/// The paths of all that can be set in an object, in the order of declaration.
template <class T>
std::vector<std::string> paths_of(const KindOf<T>& kind, const T& object);

// ---- the same with types erased ----

std::vector<Diagnostic> set_path(const Kind& kind, void* object, std::string_view path,
                                 std::string_view text, const SampleReader* samples);
std::optional<std::string> get_path(const Kind& kind, const void* object, std::string_view path);
bool erase_path(const Kind& kind, void* object, std::string_view path);

template <class T>
std::vector<Diagnostic> set_path(const KindOf<T>& kind, T& object, std::string_view path,
                                 std::string_view text, const SampleReader* samples) {
  return set_path(*kind.kind, static_cast<void*>(&object), path, text, samples);
}
template <class T>
std::optional<std::string> get_path(const KindOf<T>& kind, const T& object, std::string_view path) {
  return get_path(*kind.kind, static_cast<const void*>(&object), path);
}
template <class T>
bool erase_path(const KindOf<T>& kind, T& object, std::string_view path) {
  return erase_path(*kind.kind, static_cast<void*>(&object), path);
}
template <class T>
std::vector<std::string> paths_of(const KindOf<T>& kind, const T& object) {
  std::vector<std::string> paths;
  kind.kind->list_paths(&object, {}, paths);
  return paths;
}

}  // namespace georep
