#include "analysis/verdicts/vocabulary.hpp"

#include <algorithm>
#include <array>

#include "models/registry/error_code.hpp"
#include "sim/fields/quantity_text.hpp"

namespace georep {
namespace {

using enum Quantity::Dimension;

constexpr std::array measures{
    MeasureTerm{"push_duration", "each push that succeeded, as the host sees it", duration},
    MeasureTerm{"pull_duration", "each pull that succeeded, as the host sees it", duration},
    MeasureTerm{"manifest_latency", "each manifest request, from asking to the answer at the host",
                duration},
    MeasureTerm{"replication_lag",
                "each push or retag and other replica, from the commit until that replica can serve "
                "tag, manifest and blobs from its own storage",
                duration},
    MeasureTerm{"manifest_lag", "likewise, until the tag alone points there", duration},
    MeasureTerm{"visible_lag", "likewise, until a pull would really get it, caches included",
                duration},
    MeasureTerm{"staleness",
                "each superseded answer to a manifest request by tag: now minus the commit of the "
                "first push that superseded it",
                duration},
    MeasureTerm{"errors", "each failed attempt of an operation, by code", number},
    MeasureTerm{"cache_hit_ratio", "each replica: hits over requests", ratio},
    MeasureTerm{"cache_requests", "each replica: manifest requests that asked its cache", number},
    MeasureTerm{"parent_cache_hit_ratio", "likewise, of its parent cache", ratio},
    MeasureTerm{"parent_cache_requests", "each replica: manifest requests that asked its parent cache",
                number},
    MeasureTerm{"storage_requests", "each replica: manifest requests that reached storage", number},
    MeasureTerm{"storage_wait", "each such request, in the queue before a server takes it", duration},
    MeasureTerm{"storage_utilization", "each replica: share of its servers' time that was used",
                ratio},
    MeasureTerm{"link_bytes", "each link and direction: what it carried", size},
    MeasureTerm{"link_utilization", "each link and direction: share of its bandwidth that was used",
                ratio},
    MeasureTerm{"egress_bytes", "each region: what left it", size},
    MeasureTerm{"egress_cost", "each region: what that cost", money},
    MeasureTerm{"webhook_delay", "each delivery, from firing to its end", duration},
    MeasureTerm{"webhook_attempts", "each delivery: how often it was tried", number},
    MeasureTerm{"version_skew",
                "each cluster: time with more than one content running under one tag", duration},
    MeasureTerm{"queue_depth", "each replica: replication jobs waiting, averaged over time", number},
};

constexpr std::array invariants{
    Term{"closure",
         "a visible manifest's blobs, and an index's children, are readable in that region"},
    Term{"honest-error", "no BLOB_UNKNOWN for what a served manifest lists"},
    Term{"cache-coherence",
         "a served cached tag is the stored one, unless no invalidation of it was due"},
    Term{"no-resurrection", "after an invalidation no older version becomes visible"},
    Term{"monotonic-tags", "no host sees an older version of a tag after a newer one"},
    Term{"read-your-writes", "a host that pushed sees what it pushed, or something newer"},
    Term{"deterministic-conflict",
         "which of two concurrent changes wins does not depend on where one looks"},
    Term{"gc-safety", "nothing that a kept manifest needs is purged"},
    Term{"truthful-webhook", "a webhook fires only once the closure holds there"},
    Term{"conservation", "bytes sent are bytes received, and no request is lost or made up"},
    Term{"routing-respects-health", "no host is sent to a replica known to be unhealthy"},
};

constexpr std::array anomalies{
    Term{"stale-read", "an answer by tag that a committed push had superseded"},
    Term{"lost-tag", "a replica that held a tag no longer answers it, though nobody removed it"},
    Term{"resurrected-tag", "a tag that reappears after its removal was applied there"},
    Term{"divergence", "at the end, replicas answer a tag differently"},
};

constexpr std::array states{
    Term{"converged", "every replica answers every tag alike, and pullable"},
};

constexpr std::array statistics{
    Term{"mean", "average"},          Term{"min", "least"},
    Term{"max", "greatest"},          Term{"count", "number of samples"},
    Term{"sum", "total"},             Term{"stddev", "standard deviation, with n-1"},
};

}  // namespace

std::span<const MeasureTerm> measure_terms() {
  return measures;
}
std::span<const Term> invariant_terms() {
  return invariants;
}
std::span<const Term> anomaly_terms() {
  return anomalies;
}
std::span<const Term> state_terms() {
  return states;
}
std::span<const Term> statistic_terms() {
  return statistics;
}

const MeasureTerm* find_measure(std::string_view name) {
  const auto found = std::find_if(measures.begin(), measures.end(),
                                  [name](const MeasureTerm& term) { return term.name == name; });
  return found == measures.end() ? nullptr : &*found;
}

std::optional<Statistic> parse_statistic(std::string_view text) {
  using enum Statistic::Kind;
  constexpr std::array kinds{mean, min, max, count, sum, stddev};
  static_assert(kinds.size() == statistics.size());
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (statistics[i].name == text) return Statistic{kinds[i], 0};
  const bool percentile_like =
      text.size() > 1 && text.front() == 'p' &&
      text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
  if (!percentile_like) return {};
  const auto percent = parse_real(text.substr(1));
  if (!percent || *percent <= 0 || *percent >= 100) return {};
  return Statistic{percentile, *percent};
}

Quantity::Dimension dimension_of(const MeasureTerm& measure, const Statistic& statistic) {
  return statistic.kind == Statistic::Kind::count ? number : measure.dimension;
}

std::vector<std::string> names_of(std::span<const Term> terms) {
  std::vector<std::string> names;
  for (const Term& term : terms) names.emplace_back(term.name);
  return names;
}

std::vector<std::string> measure_names() {
  std::vector<std::string> names;
  for (const MeasureTerm& term : measures) names.emplace_back(term.name);
  return names;
}

std::vector<std::string> error_code_names() {
  std::vector<std::string> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::timeout); ++code)
    names.emplace_back(text(static_cast<ErrorCode>(code)));
  return names;
}

}  // namespace georep
