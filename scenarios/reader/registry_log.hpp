// Recorded registry logs: the published traces of IBM's registry, and georep's own form of them.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <istream>
#include <map>
#include <span>
#include <string>

#include "models/workload/recording.hpp"

namespace georep {

/// What a log of requests came to as pulls, polls and pushes.
struct ImportedLog {
  Recording recording;
  std::uint64_t records = 0;
  std::map<std::string, std::uint64_t> left_out;  ///< how many records, by the reason
};

/// A log in IBM's format: one or several JSON arrays of records. Its name is for whoever is told what is wrong with it.
struct IbmLog {
  std::string name;
  std::string text;
};

/// Makes operations of the requests of logs, whose records are put together in order of time. A pull is the GET of a manifest and
/// the downloads by the same client from the same repository that follow; a poll is a HEAD of a manifest; a push is the PUT of a manifest
/// and the uploads before it. The layers of an image are all those that were moved under its name between two pushes of it. What is wrong
/// with a text comes back as a sentence behind its name.
/// Source: Anwar et al., "Improving Docker Registry Design Based on Production Workload Analysis", FAST 2018, for the format.
std::expected<ImportedLog, std::string> import_ibm_logs(std::span<const IbmLog> logs);

/// A recording as text, one image or operation a line, and back.
std::string written(const Recording& recording);
std::expected<Recording, std::string> read_recording(std::istream& text);

}  // namespace georep
