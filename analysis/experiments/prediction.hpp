// What theory says of a figure before anything runs, where a scenario is one that a closed form describes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analysis/experiments/scenario.hpp"
#include "models/world/plan.hpp"

namespace georep {

struct Prediction {
  double value = 0;      ///< in seconds or plain, as the figure is
  std::string_view law;  ///< by what: `M/M/c`
};

/// The figure of an expectation in steady state, where the scenario is one of:
/// - Poisson pulls that wait for a replica's storage, without a cache: M/M/c (Erlang), M/G/1 (Pollaczek and Khinchine),
///   M/D/1 (Franx);
/// - Poisson pulls of a catalog that a cache of entries with a lifetime answers (Jung, Berger & Balakrishnan 2003): its hit ratio, and
///   what is left for storage;
/// - Poisson pulls of a catalog by a host in another region that keeps the layers used last, within a bound: what it still fetches
///   (Che, Tung & Wang 2002);
/// - Poisson pushes of one blob each to one other replica, over a link of their own: M/G/1 with one stream, processor
///   sharing with streams for all, M/G/infinity where only a stream's window binds;
/// - Poisson pulls from a replica that fails once, until probes and the age of the host's answer lead them elsewhere: how many
///   of them come to nothing.
/// Nothing where anything else takes part, the load has no steady state, or no form for that statistic is known.
std::optional<Prediction> predicted_figure(const Plan& plan, const ExpectationSpec& expectation);

}  // namespace georep
