#include "sim/cli/files.hpp"

#include <iterator>
#include <fstream>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace georep {

namespace {

std::string problem(const std::string& path, const char* verb, int error) {
  return std::string{"cannot "} + verb + " '" + path + "': " + std::strerror(error);
}

bool is_scenario(const std::filesystem::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

}  // namespace

std::expected<OutputFile, std::string> OutputFile::open(const std::string& path) {
  return open_as(path, "w");
}

std::expected<OutputFile, std::string> OutputFile::open_at_end(const std::string& path) {
  return open_as(path, "a");
}

std::expected<OutputFile, std::string> OutputFile::open_as(const std::string& path, const char* mode) {
  std::FILE* file = std::fopen(path.c_str(), mode);
  if (file == nullptr) return std::unexpected{problem(path, "write", errno)};
  return OutputFile{path, file};
}

void OutputFile::write(std::string_view text) {
  if (error_ == 0 && std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) error_ = errno;
}

std::expected<void, std::string> OutputFile::close() {
  // Closing writes the rest, so it may fail for want of room.
  if (std::fclose(file_.release()) != 0 && error_ == 0) error_ = errno;
  if (error_ != 0) return std::unexpected{problem(path_, "write", error_)};
  return {};
}

std::expected<std::string, std::string> read_file(const std::string& path) {
  // A folder opens like a file, and throws when it is read.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::unexpected{path + ": it is a folder"};
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file || file.bad())
    return std::unexpected{path + ": " + (errno != 0 ? std::strerror(errno) : "cannot be read")};
  return text;
}

std::expected<void, std::string> write_file(const std::string& path, std::string_view text) {
  auto file = OutputFile::open(path);
  if (!file) return std::unexpected{file.error()};
  file->write(text);
  return file->close();
}

std::expected<void, std::string> append_file(const std::string& path, std::string_view text) {
  auto file = OutputFile::open_at_end(path);
  if (!file) return std::unexpected{file.error()};
  file->write(text);
  return file->close();
}

std::expected<void, std::string> create_file(const std::string& path, std::string_view text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return std::unexpected{problem(path, "write", errno)};
  ::close(descriptor);
  return write_file(path, text);
}

std::expected<std::vector<std::string>, std::string> scenario_files(
    const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (path == "-") {
      files.push_back(path);
      continue;
    }
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
