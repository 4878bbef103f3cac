// What a sweep varies: paths of the scenario language and the values that each takes.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace georep {

/// The values that one path takes, as texts of the scenario language.
struct Variation {
  std::string path;
  std::vector<std::string> values;
  friend bool operator==(const Variation&, const Variation&) = default;
};

/// Reads `path=a,b,c`, `path=lo..hi:n` (evenly spaced) or `path=lo..hi:n:log` (by even ratios).
/// Commas inside brackets, braces and quotes do not separate. The error says what is wrong.
std::expected<Variation, std::string> parse_variation(std::string_view text);

/// One combination: a value for each path.
using PointSettings = std::vector<std::pair<std::string, std::string>>;

/// Every combination of all values, the last path varying fastest; one point without settings where
/// nothing varies.
std::vector<PointSettings> all_points(const std::vector<Variation>& variations);

/// `registry.replication.streams=4 network.bandwidth=1 Gbps`.
std::string text_of(const PointSettings& settings);

}  // namespace georep
