#include "analysis/reports/fit_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

enum class Unit : std::uint8_t { count, seconds, bytes, bytes_per_second };

// Four digits and the unit that leaves one to three of them in front of the point.
std::string shown(Unit unit, double value) {
  using Units = std::vector<std::pair<double, const char*>>;
  static const Units seconds{{1e-9, "ns"}, {1e-6, "us"}, {1e-3, "ms"}, {1, "s"}};
  static const Units bytes{{1, "B"}, {1e3, "kB"}, {1e6, "MB"}, {1e9, "GB"}};
  static const Units bandwidths{{0.125, "bps"}, {125, "kbps"}, {125e3, "Mbps"}, {125e6, "Gbps"}};
  if (unit == Unit::count) return fmt::format("{:.0f}", value);
  if (!(value > 0) && unit == Unit::seconds) return "0 s";
  if (!std::isfinite(value)) return "unlimited";
  const Units& units = unit == Unit::seconds ? seconds : unit == Unit::bytes ? bytes : bandwidths;
  auto chosen = units.begin();
  while (std::next(chosen) != units.end() && value >= std::next(chosen)->first) ++chosen;
  const double number = value / chosen->first;
  const int decimals = std::clamp(3 - static_cast<int>(std::floor(std::log10(std::max(number, 1.0)))), 0, 3);
  std::string text = fmt::format("{:.{}f}", number, decimals);
  if (decimals > 0) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + ' ' + chosen->second;
}

std::string interval_text(Unit unit, const FittedValue& fitted) {
  const auto end = [&](const std::optional<double>& value) { return value ? shown(unit, *value) : std::string{"0 s"}; };
  if (!fitted.told())
    return fitted.interval.low ? "at least " + end(fitted.interval.low) : std::string{"any value would do"};
  if (fitted.interval.low == fitted.interval.high) return "no other agrees";
  return end(fitted.interval.low) + " … " + end(fitted.interval.high);
}

std::string field(const std::string& indent, const std::string& key, Unit unit, const FittedValue& fitted) {
  const std::string line = indent + key + ": " + shown(unit, fitted.value);
  return fmt::format("{:<42}  # {}\n", line, interval_text(unit, fitted));
}

// Whether bytes go both ways between the regions, so that each way has a link of its own.
bool seen_both_ways(const FitResult& result, const FittedLink& link) {
  return std::any_of(result.links.begin(), result.links.end(), [&](const FittedLink& other) {
    return other.from == link.to && other.to == link.from;
  });
}

std::string link_text(const FitReport& report, const FittedLink& link) {
  const bool one_way = seen_both_ways(report.result, link);
  std::string text = one_way ? fmt::format("    - {{from: {}, to: {}", link.from, link.to)
                             : fmt::format("    - {{between: [{}, {}]", link.from, link.to);
  if (report.preset.empty()) text += ", rtt: " + shown(Unit::seconds, link.round_trip);
  if (link.bandwidth.told()) text += ", bandwidth: " + shown(Unit::bytes_per_second, link.bandwidth.value);
  return text + "}  # bandwidth: " + interval_text(Unit::bytes_per_second, link.bandwidth) + "\n";
}

std::string name_of(const FittedLink& link) { return link.from + " to " + link.to; }

Json json_of(const FittedValue& fitted, double scale = 1) {
  const auto end = [&](const std::optional<double>& value) { return value ? Json(*value * scale) : Json(nullptr); };
  return {{"value", fitted.told() ? Json(fitted.value * scale) : Json(nullptr)},
          {"interval", Json::array({end(fitted.interval.low), end(fitted.interval.high)})}};
}

}  // namespace

std::string fit_fragment(const FitReport& report) {
  const FitResult& result = report.result;
  std::string text = fmt::format("# From {} arrivals; what follows a value is its {:g}% interval.\nnetwork:\n", result.arrivals,
                                 report.confidence * 100);
  const bool binds_instead = std::any_of(result.links.begin(), result.links.end(),
                                         [](const FittedLink& link) { return link.window_would_do; });
  if (result.stream_window.told()) {
    text += field("  ", "stream_window", Unit::bytes, result.stream_window);
  } else if (binds_instead && result.stream_window.interval.low) {
    FittedValue least = result.stream_window;
    least.value = *least.interval.low;
    text += field("  ", "stream_window", Unit::bytes, least);
  } else {
    text += "  # stream_window: " + interval_text(Unit::bytes, result.stream_window) + "\n";
  }
  if (!report.preset.empty()) {
    text += "  preset: " + report.preset + "\n";
  } else {
    std::set<std::string> regions;
    for (const FittedLink& link : result.links) regions.insert({link.from, link.to});
    text += "  regions:\n";
    for (const std::string& region : regions) text += "    " + region + ": {}\n";
  }
  text += "  links:\n";
  for (const FittedLink& link : result.links) text += link_text(report, link);
  text += "registry:\n  replication:\n";
  FittedValue streams = result.streams;
  if (!streams.told()) streams.value = std::max(streams.value, streams.interval.low.value_or(1));
  text += field("    ", "streams", Unit::count, streams);
  return text + field("    ", "start_delay", Unit::seconds, result.start_delay);
}

std::vector<std::string> fit_caveats(const FitReport& report) {
  std::vector<std::string> sentences;
  const FitResult& result = report.result;
  for (const FittedLink& link : result.links) {
    if (link.window_would_do) {
      sentences.push_back(fmt::format(
          "From {}, a stream's window of {} and a bandwidth of {} cannot be told apart: either explains what was seen. "
          "The window is written. Transfers at the same time would tell.",
          name_of(link), shown(Unit::bytes, result.stream_window.interval.low.value_or(result.stream_window.value)),
          shown(Unit::bytes_per_second, link.bandwidth.interval.low.value_or(link.bandwidth.value))));
    } else if (!link.bandwidth.told()) {
      sentences.push_back("Nothing shows the link from " + name_of(link) +
                          " full, so its bandwidth is left open: " + interval_text(Unit::bytes_per_second, link.bandwidth) + ".");
    }
  }
  if (!result.stream_window.told() && std::none_of(result.links.begin(), result.links.end(),
                                                   [](const FittedLink& link) { return link.window_would_do; }))
    sentences.push_back("No stream is held up by its window, so that is left open: " +
                        interval_text(Unit::bytes, result.stream_window) + ".");
  if (!result.streams.told())
    sentences.push_back(fmt::format("More than {} would explain the observations as well: no blob is seen to wait for a stream.",
                                    result.streams.interval.low.value_or(1) == 1 ? "one stream"
                                        : fmt::format("{:.0f} streams", *result.streams.interval.low)));
  if (report.unobserved > 0)
    sentences.push_back(fmt::format("Taken as not copied: {} that did not arrive where others did.",
                                    report.unobserved == 1 ? "a push" : fmt::format("{} pushes", report.unobserved)));
  return sentences;
}

std::string fit_text(const FitReport& report, const TextStyle& style) {
  std::string text = fit_fragment(report);
  text += fmt::format("\nThe settings leave {} and {:.2g}% of a lag unexplained, in standard deviations.\n",
                      shown(Unit::seconds, report.result.scatter), report.result.relative_scatter * 100);
  for (const std::string& sentence : fit_caveats(report))
    for (const std::string& line : wrapped(sentence, style.width)) text += paint(style, Ink::warning, line) + "\n";
  return text;
}

std::string fit_json(const FitReport& report) {
  const FitResult& result = report.result;
  Json links = Json::array();
  for (const FittedLink& link : result.links) {
    links.push_back({{"from", link.from},
                     {"to", link.to},
                     {"rtt_s", link.round_trip},
                     {"bandwidth", json_of(link.bandwidth, 8)},
                     {"window_would_do", link.window_would_do}});
  }
  Json json = {{"georep", 1},
               {"arrivals", result.arrivals},
               {"confidence", report.confidence},
               {"streams", json_of(result.streams)},
               {"stream_window", json_of(result.stream_window)},
               {"start_delay", json_of(result.start_delay)}};
  json["links"] = std::move(links);
  json["scatter_s"] = result.scatter;
  json["relative_scatter"] = result.relative_scatter;
  json["caveats"] = fit_caveats(report);
  json["fragment"] = fit_fragment(report);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace georep
