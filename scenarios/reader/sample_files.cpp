#include "scenarios/reader/sample_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "scenarios/reader/characters.hpp"
#include "scenarios/reader/registry_log.hpp"

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

using Samples = std::expected<std::vector<std::int64_t>, FileProblem>;

Samples read_samples(const std::filesystem::path& path, const std::string& file, Drawn what) {
  const auto problem = [](std::string message, std::string hint = {}) {
    return std::unexpected{FileProblem{Code::bad_file, std::move(message), std::move(hint)}};
  };
  std::ifstream stream{path};
  if (!stream) return problem("the file '" + file + "' cannot be opened");
  std::vector<std::int64_t> samples;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (number == 1 && line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
    const std::string_view text = content_of(line);
    if (text.empty()) continue;
    const auto sample = parse_sample(text, what);
    if (!sample)
      return problem(fmt::format("{}:{}: {}", file, number, sample.error().message),
                     sample.error().hint);
    if (*sample < 0) return problem(fmt::format("{}:{}: '{}' is negative", file, number, text));
    if (samples.size() == most_samples)
      return problem(fmt::format("'{}' has more than {} samples", file, most_samples));
    samples.push_back(*sample);
  }
  if (samples.empty()) return problem("'" + file + "' has no samples");
  std::sort(samples.begin(), samples.end());
  return samples;
}

std::expected<Recording, FileProblem> read_log(const TraceSpec& trace,
                                               const std::filesystem::path& folder) {
  const auto problem = [&trace](const std::string& what) {
    return std::unexpected{
        FileProblem{Code::bad_file, fmt::format("{}: {}", trace.file, what), {}}};
  };
  const auto path = path_beside(folder, trace.file);
  if (!path) return std::unexpected{path.error()};
  std::ifstream stream{*path};
  if (!stream) return problem("cannot be opened");
  if (trace.format == TraceFormat::georep) {
    auto recording = read_recording(stream);
    if (!recording) return problem(recording.error());
    return *std::move(recording);
  }
  const IbmLog text{trace.file, {std::istreambuf_iterator<char>{stream}, {}}};
  auto log = import_ibm_logs({&text, 1});
  if (!log) return std::unexpected{FileProblem{Code::bad_file, log.error(), {}}};
  return std::move(log->recording);
}

ArrivalsSpec* arrivals_of(WorkloadSpec& workload) {
  if (auto* pulls = std::get_if<PullsSpec>(&workload.work)) return &pulls->arrivals;
  if (auto* pushes = std::get_if<PushesSpec>(&workload.work)) return &pushes->arrivals;
  return nullptr;
}

}  // namespace

std::expected<std::filesystem::path, FileProblem> path_beside(const std::filesystem::path& folder,
                                                              const std::string& file) {
  const std::filesystem::path relative{file};
  const auto problem = [](Code code, std::string message, std::string hint) {
    return std::unexpected{FileProblem{code, std::move(message), std::move(hint)}};
  };
  const std::string one_folder = "a scenario's files lie in its own folder or below";
  if (relative.is_absolute())
    return problem(Code::bad_file_path, "the path '" + file + "' is absolute", one_folder);
  const std::filesystem::path normal = relative.lexically_normal();
  if (normal.empty() || *normal.begin() == "..")
    return problem(Code::bad_file_path, "the path '" + file + "' leaves the scenario's folder",
                   one_folder);
  std::error_code error;
  if (!std::filesystem::is_regular_file(folder / normal, error))
    return problem(Code::bad_file, "there is no file '" + file + "' beside the scenario",
                   "paths start at the folder of the scenario file");
  return folder / normal;
}

SampleReader sample_reader(const std::filesystem::path& folder) {
  return [folder](const std::string& file, Drawn what) -> Samples {
    const auto path = path_beside(folder, file);
    if (!path) return std::unexpected{path.error()};
    return read_samples(*path, file, what);
  };
}

void read_workload_files(std::vector<WorkloadSpec>& workloads, const std::filesystem::path& folder,
                         Findings& findings) {
  const auto report = [&findings](const FileProblem& problem, const std::string& path) {
    findings.report(problem.code, path, problem.message, problem.hint);
  };
  const SampleReader read = sample_reader(folder);
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    const std::string path = path_of("workloads", i);
    if (auto* trace = std::get_if<TraceSpec>(&workloads[i].work)) {
      auto log = read_log(*trace, folder);
      if (!log) {
        report(log.error(), path + ".trace");
      } else {
        trace->recording = std::make_shared<const Recording>(*std::move(log));
      }
      continue;
    }
    ArrivalsSpec* arrivals = arrivals_of(workloads[i]);
    auto* recorded = arrivals == nullptr ? nullptr : std::get_if<EmpiricalArrivals>(arrivals);
    if (recorded == nullptr) continue;
    const auto samples = read(recorded->file, Drawn::duration);
    if (!samples) {
      report(samples.error(), path + ".arrivals.empirical");
      continue;
    }
    std::vector<Duration> times;
    for (const std::int64_t sample : *samples) times.push_back(Duration::nanoseconds(sample));
    recorded->times = std::make_shared<const std::vector<Duration>>(std::move(times));
  }
}

}  // namespace georep
