#include "scenarios/reader/sample_files.hpp"

#include <fstream>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace georep {
namespace {

constexpr std::size_t most_samples = 1'000'000;

Parsed<std::int64_t> parse_sample(std::string_view text, Drawn what) {
  if (what == Drawn::duration) {
    const auto duration = parse_duration(text);
    if (!duration) return std::unexpected{duration.error()};
    return duration->count();
  }
  if (what == Drawn::size) {
    const auto size = parse_size(text);
    if (!size) return std::unexpected{size.error()};
    return size->count;
  }
  return parse_integer(text);
}

std::string_view content_of(std::string_view line) {
  line = line.substr(0, line.find('#'));
  constexpr std::string_view blank = " \t\r";
  const std::size_t begin = line.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(blank) - begin + 1);
}

Parsed<std::vector<std::int64_t>> read_samples(const std::filesystem::path& path,
                                               const std::string& file, Drawn what) {
  std::ifstream stream{path};
  std::error_code error;
  if (!stream || !std::filesystem::is_regular_file(path, error))
    return std::unexpected{TextProblem{"there is no file '" + file + "' beside the scenario",
                                       "paths start at the folder of the scenario file"}};
  std::vector<std::int64_t> samples;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string_view text = content_of(line);
    if (text.empty()) continue;
    const auto sample = parse_sample(text, what);
    if (!sample)
      return std::unexpected{TextProblem{
          fmt::format("{}:{}: {}", file, number, sample.error().message), sample.error().hint}};
    if (*sample < 0)
      return std::unexpected{
          TextProblem{fmt::format("{}:{}: '{}' is negative", file, number, text), {}}};
    samples.push_back(*sample);
    if (samples.size() > most_samples)
      return std::unexpected{
          TextProblem{fmt::format("'{}' has more than {} samples", file, most_samples), {}}};
  }
  if (samples.empty()) return std::unexpected{TextProblem{"'" + file + "' has no samples", {}}};
  return samples;
}

}  // namespace

Parsed<std::filesystem::path> path_beside(const std::filesystem::path& folder,
                                          const std::string& file) {
  const std::filesystem::path relative{file};
  const std::string hint = "a scenario and its files lie in one folder";
  if (file.empty()) return std::unexpected{TextProblem{"a file has no name", hint}};
  if (relative.is_absolute())
    return std::unexpected{TextProblem{"the path '" + file + "' is absolute", hint}};
  const std::filesystem::path normal = relative.lexically_normal();
  if (!normal.empty() && *normal.begin() == "..")
    return std::unexpected{TextProblem{"the path '" + file + "' leaves the folder", hint}};
  return folder / normal;
}

SampleReader sample_reader(const std::filesystem::path& folder) {
  return [folder](const std::string& file, Drawn what) -> Parsed<std::vector<std::int64_t>> {
    const auto path = path_beside(folder, file);
    if (!path) return std::unexpected{path.error()};
    return read_samples(*path, file, what);
  };
}

}  // namespace georep
