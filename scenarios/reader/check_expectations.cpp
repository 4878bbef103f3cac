// Expectations: the names that they are written with, and bounds that fit what is measured.
#include <algorithm>

#include <fmt/format.h>

#include "analysis/verdicts/vocabulary.hpp"
#include "models/registry/error_code.hpp"
#include "scenarios/reader/checks.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

using Dimension = Quantity::Dimension;

/// What a figure of that dimension is written like.
struct DimensionText {
  std::string_view name;
  std::string_view example;
};
DimensionText text_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::duration:
      return {"a duration", "60 s"};
    case Dimension::size:
      return {"a size", "30 MiB"};
    case Dimension::ratio:
      return {"a ratio", "99%"};
    case Dimension::money:
      return {"an amount", "0.02 USD"};
    case Dimension::number:
      return {"a number", "3"};
  }
  return {};
}

class ExpectationChecks {
 public:
  explicit ExpectationChecks(const Checked& checked)
      : checked_{checked}, known_{checked.known}, findings_{checked.findings} {}

  void run() {
    const auto& expect = checked_.scenario.expect;
    for (entry_ = 0; entry_ < expect.size(); ++entry_)
      std::visit([this](const auto& expectation) { check(expectation); }, expect[entry_].what);
  }

 private:
  template <class... Steps>
  std::string at(const Steps&... steps) const {
    return path_of("expect", entry_, steps...);
  }

  void require_term(const std::vector<std::string>& terms, const std::string& written,
                    const char* what, const std::string& path) {
    if (written.empty() || std::find(terms.begin(), terms.end(), written) != terms.end()) return;
    const std::string nearest = nearest_name(written, terms);
    findings_.report(Code::unknown_term, path, fmt::format("there is no {} '{}'", what, written),
                     nearest.empty() ? "expected " + either(terms)
                                     : "did you mean '" + nearest + "'?");
  }

  void check(const OperationExpectation& expectation) {
    if (known_.operation_count <= most_operations)
      checked_.require(known_.operations, expectation.operation, at("operation"));
    require_term(error_code_names(), expectation.fails, "error code", at("fails"));
    checked_.require(known_.images, expectation.gets, at("gets"));
    const bool asks = expectation.succeeds || !expectation.fails.empty() ||
                      !expectation.gets.empty() || expectation.within;
    if (!asks && findings_.is_written(at("operation")) &&
        !is_any_written({"succeeds", "fails", "gets", "within"}))
      findings_.report(Code::missing_key, at(), "nothing is expected of the operation",
                       "expected succeeds, fails, gets or within");
    const bool succeeds = expectation.succeeds.value_or(false) || !expectation.gets.empty();
    if (succeeds && !expectation.fails.empty())
      findings_.report(Code::contradiction, at("fails"),
                       "an operation that succeeds does not fail as well");
    if (expectation.succeeds == false && !expectation.gets.empty())
      findings_.report(Code::contradiction, at("gets"), "an operation that fails gets nothing");
  }

  void check(const NeverExpectation& expectation) {
    std::vector<std::string> terms = names_of(anomaly_terms());
    const std::vector<std::string> codes = error_code_names();
    terms.insert(terms.end(), codes.begin(), codes.end());
    require_term(terms, expectation.what, "error code or anomaly", at("never"));
    if (expectation.what != "stale-read" && findings_.is_written(at("longer_than")))
      findings_.report(Code::contradiction, at("longer_than"),
                       "'longer_than' has a meaning only beside 'never: stale-read'");
    checked_.require(known_.regions, expectation.region, at("region"));
    check_tag(expectation.of);
  }

  void check(const AlwaysExpectation& expectation) {
    require_term(names_of(invariant_terms()), expectation.invariant, "invariant", at("always"));
  }

  void check(const EventuallyExpectation& expectation) {
    require_term(names_of(state_terms()), expectation.state, "state", at("eventually"));
  }

  void check(const MeasureExpectation& expectation) {
    require_term(measure_names(), expectation.measure, "measure", at("measure"));
    const auto statistic = parse_statistic(expectation.statistic);
    if (!statistic && !expectation.statistic.empty()) {
      const std::string nearest =
          nearest_name(expectation.statistic, names_of(statistic_terms()));
      findings_.report(Code::unknown_term, at("statistic"),
                       "there is no statistic '" + expectation.statistic + "'",
                       nearest.empty() ? "expected mean, min, max, count, sum, stddev or a "
                                         "percentile such as p50 or p99.9"
                                       : "did you mean '" + nearest + "'?");
    }
    check_tag(expectation.of);
    checked_.require(known_.regions, expectation.region, at("region"));
    require_term(error_code_names(), expectation.code, "error code", at("code"));
    if (expectation.link) check_link(*expectation.link);
    const MeasureTerm* measure = find_measure(expectation.measure);
    if (measure != nullptr && statistic &&
        is_any_written({"below", "above", "between", "equals"}))
      check_bound(expectation, *measure, *statistic);
  }

  void check_tag(const std::string& of) {
    if (of.empty()) return;
    const auto reference = parse_reference(of);
    if (!reference || checked_.require_tag(*reference, at("of")))
      checked_.require_pushed(of, at("of"));
  }

  void check_link(const std::array<std::string, 2>& link) {
    const bool from_known = checked_.require(known_.regions, link[0], at("link", 0u));
    const bool to_known = checked_.require(known_.regions, link[1], at("link", 1u));
    if (from_known && to_known && !link[0].empty() && !link[1].empty() && !known_.has_link(link[0], link[1]) &&
        !findings_.is_unread("network"))
      findings_.report(Code::bad_link, at("link"),
                       "there is no link from '" + link[0] + "' to '" + link[1] + "'");
  }

  void check_bound(const MeasureExpectation& expectation, const MeasureTerm& measure,
                   const Statistic& statistic) {
    const Dimension dimension = dimension_of(measure, statistic);
    const auto fits = [&](const Quantity& limit, const std::string& path) {
      if (limit.dimension == dimension) return;
      // A ratio may be written as a plain number.
      if (dimension == Dimension::ratio && limit.dimension == Dimension::number) return;
      findings_.report(Code::bad_quantity, path,
                       fmt::format("the {} of {} is {}, not {}", expectation.statistic,
                                   measure.name, text_of(dimension).name,
                                   text_of(limit.dimension).name),
                       fmt::format("expected {} such as '{}'", text_of(dimension).name,
                                   text_of(dimension).example));
    };
    const MeasureBound& bound = expectation.bound;
    if (const auto* below = std::get_if<BelowBound>(&bound)) fits(below->limit, at("below"));
    if (const auto* above = std::get_if<AboveBound>(&bound)) fits(above->limit, at("above"));
    if (const auto* equals = std::get_if<EqualsBound>(&bound)) fits(equals->value, at("equals"));
    if (const auto* between = std::get_if<BetweenBound>(&bound)) {
      fits(between->limits[0], at("between", 0u));
      fits(between->limits[1], at("between", 1u));
      if (between->limits[0].value > between->limits[1].value)
        findings_.report(Code::out_of_bounds, at("between"),
                         "the lower bound is above the upper one");
    }
  }

  void check(const RunningExpectation& expectation) {
    checked_.require(known_.clusters, expectation.cluster, at("running"));
    for (std::size_t i = 0; i < expectation.images.size(); ++i)
      checked_.require(known_.images, expectation.images[i], at("images", i));
    const auto& duration = checked_.scenario.world.duration;
    if (expectation.at && duration && *expectation.at > *duration)
      findings_.report(Code::contradiction, at("at"), "the run is over before this is looked at",
                       "'duration' is " + text_of(*duration));
  }

  void check(const WebhookExpectation& expectation) {
    checked_.require(known_.webhooks, expectation.webhook, at("webhook"));
    const bool asks = expectation.fires || expectation.status || expectation.within;
    if (!asks && !is_any_written({"fires", "status", "within"}))
      findings_.report(Code::missing_key, at(), "nothing is expected of the webhook",
                       "expected fires, status or within");
  }

  bool is_any_written(std::initializer_list<const char*> keys) const {
    return std::any_of(keys.begin(), keys.end(),
                       [this](const char* key) { return findings_.is_written(at(key)); });
  }

  const Checked& checked_;
  const KnownNames& known_;
  Findings& findings_;
  std::size_t entry_ = 0;
};

}  // namespace

void check_expectations(const Checked& checked) {
  ExpectationChecks{checked}.run();
}

}  // namespace georep
