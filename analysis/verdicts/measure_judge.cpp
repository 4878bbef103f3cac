// Expectations of a measure: one statistic of its samples against a bound.
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/verdicts/judges.hpp"
#include "analysis/verdicts/vocabulary.hpp"
#include "sim/fields/figures.hpp"
#include "sim/fields/quantity_text.hpp"

namespace georep {

AskedMeasure::AskedMeasure(const Plan& plan, const MeasureExpectation& spec) : tag{spec.of} {
  const std::optional<Measure> named = measure_named(spec.measure);
  impossible = !named;
  if (named) measure = *named;
  if (!spec.region.empty()) {
    const std::optional<RegionId> known = plan.region(spec.region);
    impossible = impossible || !known;
    region = known.value_or(RegionId::none);
  }
  if (spec.link) {
    const std::optional<RegionId> from = plan.region((*spec.link)[0]);
    const std::optional<RegionId> to = plan.region((*spec.link)[1]);
    const std::optional<LinkId> known =
        from && to ? plan.network.direct(*from, *to) : std::nullopt;
    impossible = impossible || !known;
    link = known.value_or(LinkId::none);
  }
  if (!spec.code.empty()) {
    code = error_code(spec.code);
    impossible = impossible || !code;
  }
}

std::optional<MeasureQuery> AskedMeasure::query(const World& world) const {
  if (impossible) return std::nullopt;
  MeasureQuery result{measure, Labels{region, TagId::none, link, code}};
  if (tag.empty()) return result;
  const std::optional<TagId> known = world.names().find(tag);
  if (!known) return std::nullopt;
  result.labels.tag = *known;
  return result;
}

namespace {

/// The statistic, or why there is none.
std::expected<double, std::string_view> figure_of(const Sampled& sampled,
                                                  const Statistic& statistic) {
  using enum Statistic::Kind;
  if (!sampled.unknown.empty()) return std::unexpected{std::string_view{sampled.unknown}};
  const Samples& samples = sampled.samples;
  if (statistic.kind == count) return static_cast<double>(samples.count());
  if (statistic.kind == sum) return samples.sum();
  if (samples.empty()) return std::unexpected{"there are no samples"};
  switch (statistic.kind) {
    case mean: return sampled.mean();
    case min: return samples.min();
    case max: return samples.max();
    case stddev:
      if (samples.count() < 2) return std::unexpected{"one sample has no standard deviation"};
      return samples.stddev();
    case percentile: return samples.percentile(statistic.percent);
    case count:
    case sum: break;
  }
  return std::unexpected{"there is no such statistic"};
}

bool meets(const MeasureBound& bound, double figure) {
  if (const auto* below = std::get_if<BelowBound>(&bound)) return figure < below->limit.value;
  if (const auto* above = std::get_if<AboveBound>(&bound)) return figure > above->limit.value;
  if (const auto* between = std::get_if<BetweenBound>(&bound))
    return between->limits[0].value <= figure && figure <= between->limits[1].value;
  return figure == std::get<EqualsBound>(bound).value.value;
}

std::string text_of_figure(double figure, Quantity::Dimension dimension) {
  switch (dimension) {
    case Quantity::Dimension::duration: return figure_in_one_unit(Duration::nanoseconds(std::llround(figure)));
    case Quantity::Dimension::size: return figure_of_bytes(figure, 6);
    case Quantity::Dimension::money: return figure_of_number(figure, 6) + " USD";
    case Quantity::Dimension::ratio: return figure_of_ratio(figure, 6);
    case Quantity::Dimension::number: return figure_of_number(figure, 6);
  }
  return "";
}

/// From which number of nanoseconds on a sample is on the other side of the bound, or of one of its two.
std::vector<Duration> thresholds_of(const MeasureBound& bound) {
  const auto reaching = [](double limit) { return Duration::nanoseconds(static_cast<std::int64_t>(std::ceil(limit))); };
  const auto beyond = [](double limit) { return Duration::nanoseconds(static_cast<std::int64_t>(std::floor(limit)) + 1); };
  if (const auto* below = std::get_if<BelowBound>(&bound)) return {reaching(below->limit.value)};
  if (const auto* above = std::get_if<AboveBound>(&bound)) return {beyond(above->limit.value)};
  if (const auto* between = std::get_if<BetweenBound>(&bound))
    return {reaching(between->limits[0].value), beyond(between->limits[1].value)};
  const double value = std::get<EqualsBound>(bound).value.value;
  return {reaching(value), beyond(value)};
}

bool is_one_of_the_samples(const Statistic& statistic) {
  using enum Statistic::Kind;
  return statistic.kind == min || statistic.kind == max || statistic.kind == percentile;
}
bool is_of_a_sum(const Statistic& statistic) {
  return statistic.kind == Statistic::Kind::mean || statistic.kind == Statistic::Kind::sum;
}

/// Between which sums the expectation is certainly met, if so many samples count for one; the last nanosecond is left to arithmetic with doubles.
SumOfDurations bounded_by(const MeasureBound& bound, double samples) {
  constexpr auto whole = [](double sum) {
    constexpr auto unlimited = static_cast<double>(SumOfDurations::unlimited);
    return static_cast<std::int64_t>(std::clamp(sum, -unlimited, unlimited));
  };
  SumOfDurations sum;
  if (const auto* below = std::get_if<BelowBound>(&bound)) {
    sum.most = whole(std::ceil(below->limit.value * samples) - 2);
  } else if (const auto* above = std::get_if<AboveBound>(&bound)) {
    sum.least = whole(std::floor(above->limit.value * samples) + 2);
  } else if (const auto* between = std::get_if<BetweenBound>(&bound)) {
    sum.least = whole(std::ceil(between->limits[0].value * samples) + 1);
    sum.most = whole(std::floor(between->limits[1].value * samples) - 1);
  } else {
    sum.least = sum.most = whole(std::round(std::get<EqualsBound>(bound).value.value * samples));
  }
  return sum;
}

class MeasureJudge final : public Judge {
 public:
  MeasureJudge(SharedObservers& shared, MeasureStore& store, const MeasureExpectation& spec)
      : Judge{shared.world()},
        store_{store},
        spec_{spec},
        asked_{world_.plan(), spec},
        tags_{world_, spec.of},
        statistic_{parse_statistic(spec.statistic)} {
    if (asked_.impossible || !statistic_) return;
    if (is_one_of_the_samples(*statistic_)) {
      store.on_duration(asked_.measure, [this, thresholds = thresholds_of(spec.bound)](
                                            const Labels& labels, const Deadline& from, const Deadline& to) {
        if (is_asked_for(labels)) compare_duration(thresholds, from, to);
      });
    } else if (is_of_a_sum(*statistic_)) {
      store.on_duration(asked_.measure, [this](const Labels& labels, const Deadline& from, const Deadline& to) {
        if (world_.simulation().has_chooser() && is_asked_for(labels)) spans_.push_back({from, to});
      });
    }
  }

  void reset() override {
    Judge::reset();
    tags_.reset();
    spans_.clear();
  }

  std::optional<SumOfDurations> sum() const override {
    if (spans_.empty()) return std::nullopt;
    const bool mean = statistic_->kind == Statistic::Kind::mean;
    SumOfDurations sum = bounded_by(spec_.bound, mean ? static_cast<double>(spans_.size()) : 1);
    sum.spans = spans_;
    return sum;
  }

  void finish(Instant end) override {
    const std::optional<MeasureQuery> query = asked_.query(world_);
    const Sampled sampled = query ? store_.find(*query) : Sampled{};
    const std::expected<double, std::string_view> figure =
        statistic_ ? figure_of(sampled, *statistic_)
                   : std::unexpected{std::string_view{"there is no such statistic"}};
    if (!figure) {
      violate(end, {"measure", spec_.measure, spec_.region, spec_.of, spec_.statistic, figure.error()},
              [&] { return std::string{figure.error()}; });
      return;
    }
    const MeasureTerm& term = *find_measure(spec_.measure);
    const auto detail = [&] {
      const std::uint64_t count = sampled.samples.count();
      return fmt::format("{} over {} {}", text_of_figure(*figure, dimension_of(term, *statistic_)),
                         count, count == 1 ? "sample" : "samples");
    };
    if (!meets(spec_.bound, *figure))
      violate(end, {"measure", spec_.measure, spec_.region, spec_.of, spec_.statistic}, detail);
    found(detail(), figure.value());
  }

 private:
  bool is_asked_for(const Labels& labels) {
    return matches({asked_.region, TagId::none, asked_.link, asked_.code}, labels) && tags_.takes(labels.tag);
  }

  // The least, the greatest and every percentile by rank hang on no more than which side of the bound each sample is on.
  void compare_duration(std::span<const Duration> thresholds, const Deadline& from, const Deadline& to) {
    for (const Duration threshold : thresholds)
      world_.simulation().before(later(from, threshold - Duration::nanoseconds(1)), to);
  }

  const MeasureStore& store_;
  MeasureExpectation spec_;
  AskedMeasure asked_;
  TagFilter tags_;
  std::optional<Statistic> statistic_;
  std::vector<SumOfDurations::Span> spans_;  // of a run of a search
};

}  // namespace

std::unique_ptr<Judge> judge_measure(SharedObservers& shared, MeasureStore& store, const MeasureExpectation& spec) {
  return std::make_unique<MeasureJudge>(shared, store, spec);
}

bool is_judged_at_every_timing(const MeasureExpectation& spec, const RegistrySpec& registry) {
  const std::optional<Measure> measure = measure_named(spec.measure);
  const std::optional<Statistic> statistic = parse_statistic(spec.statistic);
  if (!measure || !statistic) return false;
  switch (*measure) {
    case Measure::errors:
    case Measure::cache_hit_ratio:
    case Measure::cache_requests:
    case Measure::parent_cache_hit_ratio:
    case Measure::parent_cache_requests:
    case Measure::storage_requests:
    case Measure::webhook_attempts: return true;
    case Measure::visible_lag:
      // What another replica has can be seen here at once, of which nobody here is told.
      if (registry.missing_manifest.kind == MissingKind::fetch_from_origin ||
          registry.missing_blobs.kind == MissingKind::fetch_from_origin)
        return false;
      [[fallthrough]];
    case Measure::push_duration:
    case Measure::pull_duration:
    case Measure::manifest_latency:
    case Measure::replication_lag:
    case Measure::manifest_lag:
    case Measure::staleness:
    case Measure::storage_wait:
    case Measure::webhook_delay: return statistic->kind != Statistic::Kind::stddev;
    case Measure::storage_utilization:
    case Measure::link_bytes:
    case Measure::link_utilization:
    case Measure::egress_bytes:
    case Measure::egress_cost:
    case Measure::version_skew:
    case Measure::queue_depth: return false;
  }
  return false;
}

}  // namespace georep
