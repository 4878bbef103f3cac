// Expectations of a measure: one statistic of its samples against a bound.
#include <cmath>
#include <unordered_map>
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

/// Which side of the bound each sample is on, for a search: the least, the greatest and every percentile by rank hang on no more than that.
class SampleNotes {
 public:
  SampleNotes(SharedObservers& shared, const AskedMeasure& asked, std::vector<Duration> thresholds)
      : world_{shared.world()}, thresholds_{std::move(thresholds)} {
    FactBus& facts = world_.facts();
    if (asked.measure == Measure::staleness) {
      facts.subscribe<ManifestAnswered>([this, &history = shared.history()](const ManifestAnswered& fact) {
        if (fact.tag == TagId::none || fact.error) return;
        const auto since = history.superseded(fact.tag, fact.commit, fact.manifest, fact.formed);
        if (since) note(*since, fact.formed);
      });
    } else if (asked.measure == Measure::manifest_latency) {
      facts.subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) { note(fact.requested, now()); });
    } else if (asked.measure == Measure::pull_duration || asked.measure == Measure::push_duration) {
      const OperationKind kind = asked.measure == Measure::pull_duration ? OperationKind::pull : OperationKind::push;
      facts.subscribe<OperationEnded>([this, kind](const OperationEnded& fact) {
        if (fact.kind == kind && !fact.error) note(fact.started, now());
      });
    } else if (asked.measure == Measure::webhook_delay) {
      facts.subscribe<WebhookFired>([this](const WebhookFired& fact) { fired_[fact.event] = now(); });
      facts.subscribe<WebhookEnded>([this](const WebhookEnded& fact) {
        if (const auto found = fired_.find(fact.event); found != fired_.end()) note(found->second, now());
      });
    }
  }
  void reset() { fired_.clear(); }

 private:
  Deadline now() const { return world_.simulation().deadline(Duration{}); }
  void note(const Deadline& from, const Deadline& to) {
    for (const Duration threshold : thresholds_)
      world_.simulation().before(later(from, threshold - Duration::nanoseconds(1)), to);
  }

  World& world_;
  std::vector<Duration> thresholds_;
  std::unordered_map<std::uint64_t, Deadline> fired_;  // webhooks, by event; looked up only
};

class MeasureJudge final : public Judge {
 public:
  MeasureJudge(SharedObservers& shared, const MeasureStore& store, const MeasureExpectation& spec)
      : Judge{shared.world()},
        store_{store},
        spec_{spec},
        asked_{world_.plan(), spec},
        statistic_{parse_statistic(spec.statistic)} {
    if (statistic_ && is_one_of_the_samples(*statistic_)) notes_.emplace(shared, asked_, thresholds_of(spec.bound));
  }

  void reset() override {
    Judge::reset();
    if (notes_) notes_->reset();
  }

  void finish(Instant end) override {
    const std::optional<MeasureQuery> query = asked_.query(world_);
    const Sampled sampled = query ? store_.find(*query) : Sampled{};
    const std::expected<double, std::string_view> figure =
        statistic_ ? figure_of(sampled, *statistic_)
                   : std::unexpected{std::string_view{"there is no such statistic"}};
    if (!figure) {
      violate(end, {"measure", spec_.measure, spec_.region, spec_.of, spec_.statistic},
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
  const MeasureStore& store_;
  MeasureExpectation spec_;
  AskedMeasure asked_;
  std::optional<Statistic> statistic_;
  std::optional<SampleNotes> notes_;
};

}  // namespace

std::unique_ptr<Judge> judge_measure(SharedObservers& shared, const MeasureStore& store,
                                     const MeasureExpectation& spec) {
  return std::make_unique<MeasureJudge>(shared, store, spec);
}

bool holds_at_every_timing(const MeasureExpectation& spec) {
  const std::optional<Measure> measure = measure_named(spec.measure);
  const std::optional<Statistic> statistic = parse_statistic(spec.statistic);
  if (!measure || !statistic) return false;
  switch (*measure) {
    case Measure::errors: return true;
    case Measure::staleness:
    case Measure::manifest_latency:
    case Measure::pull_duration:
    case Measure::push_duration:
    case Measure::webhook_delay:
      return statistic->kind == Statistic::Kind::count || is_one_of_the_samples(*statistic);
    default: return false;
  }
}

}  // namespace georep
