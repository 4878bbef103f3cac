#include "sim/cli/fit.hpp"

#include <expected>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "analysis/experiments/fit.hpp"
#include "analysis/reports/fit_report.hpp"
#include "models/data/clouds.hpp"
#include "scenarios/reader/observations.hpp"
#include "sim/cli/files.hpp"
#include "sim/fields/quantity_text.hpp"

namespace georep {

namespace {

using RegionPair = std::pair<std::string, std::string>;

/// Where the round trips come from: the command line, or the cloud that all regions are of.
class RoundTrips {
 public:
  std::expected<void, std::string> take(const std::string& text) {
    const std::size_t equals = text.find('=');
    const Parsed<Duration> rtt = parse_duration(equals == text.npos ? text : text.substr(equals + 1));
    if (!rtt) return std::unexpected{"--rtt: " + rtt.error().message + "; " + rtt.error().hint};
    if (rtt->count() <= 0) return std::unexpected{std::string{"--rtt: a round trip takes more than 0 s"}};
    if (equals == text.npos) {
      everywhere_ = rtt->seconds();
      return {};
    }
    const std::size_t dots = text.find("..");
    if (dots == text.npos || dots > equals)
      return std::unexpected{"--rtt takes a time, or from..to=time, such as west..east=80ms, not '" + text + "'"};
    given_[{text.substr(0, dots), text.substr(dots + 2, equals - dots - 2)}] = rtt->seconds();
    return {};
  }

  void look_for_cloud(const std::set<RegionPair>& pairs) {
    if (everywhere_ || !given_.empty()) return;
    for (const std::string_view name : cloud_names()) {
      const CloudPreset* const cloud = find_cloud(name);
      bool has_all = true;
      for (const auto& [from, to] : pairs) has_all = has_all && cloud->round_trip(from, to);
      if (!has_all) continue;
      cloud_ = cloud;
      return;
    }
  }

  std::optional<double> between(const std::string& from, const std::string& to) const {
    for (const RegionPair& pair : {RegionPair{from, to}, RegionPair{to, from}})
      if (const auto found = given_.find(pair); found != given_.end()) return found->second;
    if (cloud_ != nullptr) return cloud_->round_trip(from, to)->seconds();
    return everywhere_;
  }

  std::string preset() const { return cloud_ == nullptr ? "" : std::string{cloud_->name()}; }

 private:
  std::map<RegionPair, double> given_;
  std::optional<double> everywhere_;
  const CloudPreset* cloud_ = nullptr;
};

std::set<RegionPair> observed_pairs(const Observations& observations) {
  std::set<RegionPair> pairs;
  for (const ObservedArrival& arrival : observations.arrivals)
    pairs.insert({observations.pushes[arrival.push].region, arrival.region});
  return pairs;
}

/// Pushes that were not seen to arrive in a region where others from the same region were.
std::size_t unobserved(const Observations& observations, const std::set<RegionPair>& pairs) {
  std::size_t expected = 0;
  for (const ObservedPush& push : observations.pushes)
    for (const auto& [from, to] : pairs) expected += push.region == from ? 1 : 0;
  return expected - observations.arrivals.size();
}

}  // namespace

ExitCode fit_registry(const FitArguments& arguments, Terminal& terminal) {
  const auto complain = [&](const std::string& problem, ExitCode code) {
    terminal.complain("georep fit: " + problem);
    return code;
  };
  RoundTrips round_trips;
  for (const std::string& text : arguments.round_trips)
    if (const auto taken = round_trips.take(text); !taken) return complain(taken.error(), ExitCode::usage);
  const Parsed<Ratio> confidence = parse_ratio(arguments.confidence);
  if (!confidence || !(confidence->value > 0 && confidence->value < 1))
    return complain("--confidence takes a share between 0 and 1, such as 95%, not '" + arguments.confidence + "'",
                    ExitCode::usage);
  auto text = read_file(arguments.file);
  if (!text) return complain(text.error(), ExitCode::unreadable);
  const SourceText source{arguments.file, std::move(*text)};
  const ReadObservations read = read_observations(source);
  if (!read.diagnostics.empty()) {
    terminal.complain(render(read.diagnostics, source));
    return ExitCode::invalid;
  }
  if (const auto problem = cannot_fit(read.observations)) return complain(arguments.file + ": " + *problem, ExitCode::invalid);
  const std::set<RegionPair> pairs = observed_pairs(read.observations);
  round_trips.look_for_cloud(pairs);
  for (const auto& [from, to] : pairs)
    if (!round_trips.between(from, to))
      return complain(fmt::format("how far it is from {} to {} is not known; give --rtt {}..{}=80ms, or --rtt 80ms for all",
                                  from, to, from, to),
                      ExitCode::usage);

  FitRequest request;
  request.confidence = confidence->value;
  request.round_trip = [&](const std::string& from, const std::string& to) { return *round_trips.between(from, to); };
  const FitReport report{fit(read.observations, request), confidence->value, round_trips.preset(),
                         unobserved(read.observations, pairs)};
  terminal.print(arguments.json ? fit_json(report) : fit_text(report, terminal.style()));
  if (!arguments.out.empty())
    if (const auto written = write_file(arguments.out, fit_fragment(report)); !written)
      return complain(written.error(), ExitCode::unreadable);
  return ExitCode::ok;
}

}  // namespace georep
