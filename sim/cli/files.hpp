// Files that the commands read and write. An error says what happened, with the path, in one line.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace georep {

/// Writes a text, in place of what was there.
std::expected<void, std::string> write_file(const std::string& path, std::string_view text);

/// Writes a text to a file that is not there yet.
std::expected<void, std::string> create_file(const std::string& path, std::string_view text);

/// Every scenario below the paths, each path's in the order of their names: a file is itself, a folder all its `*.yaml` and
/// `*.yml` at any depth.
std::expected<std::vector<std::string>, std::string> scenario_files(const std::vector<std::string>& paths);

}  // namespace georep
