// Files that a scenario names: recorded samples and logs, always below the scenario's own folder.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "sim/fields/kind.hpp"

namespace georep {

/// The path of a file that a scenario names, or what is wrong with the name: it is absolute, or leads
/// out of the folder, or no such file is there.
std::expected<std::filesystem::path, FileProblem> path_beside(const std::filesystem::path& folder,
                                                              const std::string& file);

/// Reads files of samples, one quantity a line, relative to a scenario's folder. Empty lines and what
/// follows a '#' do not count.
SampleReader sample_reader(const std::filesystem::path& folder);

}  // namespace georep
