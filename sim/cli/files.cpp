#include "sim/cli/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace georep {

namespace {

std::string problem(const std::string& path, const char* verb, int error) {
  return std::string{"cannot "} + verb + " '" + path + "': " + std::strerror(error);
}

std::expected<void, std::string> write_as(const std::string& path, std::string_view text,
                                          const char* mode) {
  errno = 0;
  std::FILE* file = std::fopen(path.c_str(), mode);
  if (file == nullptr) return std::unexpected{problem(path, "write", errno)};
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int error = errno;
  // Closing writes the rest, so it may fail for want of room.
  if (std::fclose(file) != 0) return std::unexpected{problem(path, "write", errno)};
  if (!written) return std::unexpected{problem(path, "write", error)};
  return {};
}

bool is_scenario(const std::filesystem::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

}  // namespace

std::expected<void, std::string> write_file(const std::string& path, std::string_view text) {
  return write_as(path, text, "w");
}

std::expected<void, std::string> create_file(const std::string& path, std::string_view text) {
  return write_as(path, text, "wx");
}

std::expected<std::vector<std::string>, std::string> scenario_files(
    const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error || !fs::exists(status))
      return std::unexpected{problem(path, "read", error ? error.value() : ENOENT)};
    if (!fs::is_directory(status)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator walk{path, error};
    while (!error && walk != fs::recursive_directory_iterator{}) {
      if (walk->is_regular_file(error) && is_scenario(walk->path()))
        found.push_back(walk->path().generic_string());
      if (!error) walk.increment(error);
    }
    if (error) return std::unexpected{problem(path, "read", error.value())};
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace georep
