// Files that a scenario names: recorded samples and logs, always below the scenario's own folder.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "models/workload/spec.hpp"
#include "scenarios/reader/findings.hpp"
#include "sim/fields/kind.hpp"

namespace georep {

/// The path of a file that a scenario names, or what is wrong with the name: it is absolute, or leads
/// out of the folder, or no such file is there.
std::expected<std::filesystem::path, FileProblem> path_beside(const std::filesystem::path& folder,
                                                              const std::string& file);

/// Reads files of samples, one quantity a line, relative to a scenario's folder. Empty lines and what
/// follows a '#' do not count. They come in ascending order, as a law takes them.
SampleReader sample_reader(const std::filesystem::path& folder);

/// Reads the arrivals that workloads take from files, and looks for the logs that they replay. What is
/// wrong is reported at its place.
void read_workload_files(std::vector<WorkloadSpec>& workloads, const std::filesystem::path& folder,
                         Findings& findings);

}  // namespace georep
