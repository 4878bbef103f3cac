// Files that the commands read and write. An error says what happened, with the path, in one line.
#pragma once

#include <cstdio>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace georep {

/// A file that is written piece by piece. Whether all of it arrived is known when it is closed.
class OutputFile {
 public:
  /// In place of what was there.
  static std::expected<OutputFile, std::string> open(const std::string& path);
  /// Behind what is there.
  static std::expected<OutputFile, std::string> open_at_end(const std::string& path);

  void write(std::string_view text);
  std::expected<void, std::string> close();

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  static std::expected<OutputFile, std::string> open_as(const std::string& path, const char* mode);
  OutputFile(std::string path, std::FILE* file) : path_{std::move(path)}, file_{file} {}

  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  int error_ = 0;
};

/// The whole text of a file.
std::expected<std::string, std::string> read_file(const std::string& path);

/// Writes a text, in place of what was there.
std::expected<void, std::string> write_file(const std::string& path, std::string_view text);

/// Writes a text behind what is there.
std::expected<void, std::string> append_file(const std::string& path, std::string_view text);

/// Writes a text to a file that is not there yet.
std::expected<void, std::string> create_file(const std::string& path, std::string_view text);

/// Every scenario below the paths, each path's in the order of their names: a file is itself, a folder all its `*.yaml` and
/// `*.yml` at any depth.
std::expected<std::vector<std::string>, std::string> scenario_files(const std::vector<std::string>& paths);

}  // namespace georep
