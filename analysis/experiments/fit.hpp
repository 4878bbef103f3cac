// What a registry of one's own is set to, from when pushes to it were seen to arrive elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/least_squares.hpp"

namespace georep {

struct ObservedPush {
  std::string name;
  double at = 0;  ///< seconds, when the region that was pushed to had it
  std::string region;
  std::vector<double> blobs;  ///< bytes of each that had to be copied
};

struct ObservedArrival {
  std::size_t push = 0;
  std::string region;
  double at = 0;  ///< seconds, when it could be pulled there
};

struct Observations {
  std::vector<ObservedPush> pushes;
  std::vector<ObservedArrival> arrivals;
};

struct FitRequest {
  double confidence = 0.95;
  /// Seconds from one region to another and back, for every two between which something arrived.
  std::function<double(const std::string& from, const std::string& to)> round_trip;
};

/// A setting, with the values that agree with what was observed. An end that nothing bounds is empty; where nothing
/// bounds the upper one the setting never told, and `value` is only one that would do.
struct FittedValue {
  double value = 0;
  ProfileInterval interval;
  bool told() const { return interval.high.has_value(); }
};

struct FittedLink {
  std::string from;
  std::string to;
  double round_trip = 0;  ///< seconds, as given
  FittedValue bandwidth;  ///< bytes per second
  /// Whether the link and one stream's window explain the observations equally well: one of them binds.
  bool window_would_do = false;
};

struct FitResult {
  FittedValue streams;
  FittedValue stream_window;  ///< bytes
  FittedValue start_delay;    ///< seconds
  std::vector<FittedLink> links;
  std::size_t arrivals = 0;
  /// What the settings leave unexplained of a lag is this many seconds and this share of it, in standard deviations.
  double scatter = 0;
  double relative_scatter = 0;
};

/// Fits the model of replication (a stream a blob, first come first served, one round trip to ask for each blob, links
/// shared fairly; the other settings as by default) to the lags, by least squares weighted by how they scatter.
/// The error says what is missing. Source of the weights: Carroll & Ruppert, Transformation and Weighting in
/// Regression, ch. 3.
std::optional<std::string> cannot_fit(const Observations& observations);
FitResult fit(const Observations& observations, const FitRequest& request);

}  // namespace georep
