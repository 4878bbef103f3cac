#include "analysis/experiments/run.hpp"

#include <algorithm>
#include <atomic>

#include "analysis/experiments/run_texts.hpp"
#include "analysis/measures/recorders.hpp"
#include "analysis/verdicts/fields.hpp"
#include "analysis/verdicts/judges.hpp"
#include "analysis/verdicts/vocabulary.hpp"

namespace georep {

class Runner::Parts {
 public:
  Parts(const Scenario& scenario, const Plan& plan, RunOptions options)
      : scenario_{scenario}, options_{options}, world_{plan}, shared_{world_} {
    find_measures(plan);
    recorders_ = make_recorders(shared_, store_, asked_);
    for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
      judges_.push_back(make_judge(scenario.expect[i], shared_, store_));
      judges_.back()->on_breach([this] {
        if (options_.stop_at_violation) world_.simulation().stop();
      });
    }
  }

  void run(std::uint64_t seed, std::uint64_t number, std::optional<Instant> until) {
    interrupted_ = false;
    shared_.reset();
    store_.reset();
    for (const auto& recorder : recorders_) recorder->reset();
    for (const auto& judge : judges_) judge->reset();
    world_.reset(seed, number);
    keep_alive();
    warm_up(until);
    endless_ = false;
    if (!interrupted_) {
      const RunEnd ended = world_.run(until);
      endless_ = ended == RunEnd::horizon && !until && !world_.plan().spec.duration;
    }
    const Instant end = world_.simulation().now();
    world_.simulation().tell_end();
    shared_.finish(end);
    for (const auto& recorder : recorders_) recorder->finish(end);
    for (const auto& judge : judges_) judge->finish(end);
    collect_violations();
  }

  void stop() {
    interrupted_ = true;
    world_.simulation().stop();
  }

  RunResult result(std::uint64_t seed) {
    RunResult result;
    result.interrupted = interrupted_;
    result.endless = endless_;
    result.passed = !endless_;
    result.ended_at = world_.simulation().now();
    result.events = world_.simulation().events();
    result.trace_hash = world_.simulation().trace_hash();
    result.seed = seed;
    result.operations = describe_operations(world_);
    result.deliveries = describe_deliveries(world_);
    result.measures = measures();
    for (std::size_t i = 0; i < judges_.size(); ++i) {
      result.expectations.push_back(verdict(i));
      result.passed = result.passed && result.expectations.back().passed;
    }
    return result;
  }

  ExpectationResult verdict(std::size_t expectation) const {
    const ExpectationSpec& spec = scenario_.expect[expectation];
    Verdict verdict = judges_[expectation]->verdict();
    ExpectationResult result;
    result.index = expectation;
    result.text = text_of(spec);
    result.line = spec.place.line;
    result.passed = verdict.passed;
    result.detail = std::move(verdict.detail);
    result.figure = verdict.figure;
    const auto* measure = std::get_if<MeasureExpectation>(&spec.what);
    if (result.figure && is_duration(spec, measure)) *result.figure /= 1e9;
    return result;
  }

  std::vector<SumOfDurations> sums() const {
    std::vector<SumOfDurations> result;
    for (const auto& judge : judges_)
      if (std::optional<SumOfDurations> sum = judge->sum()) result.push_back(std::move(*sum));
    return result;
  }

  World& world() { return world_; }
  bool endless() const { return endless_; }
  const Violations& violations() const { return violations_; }

 private:
  void find_measures(const Plan& plan) {
    for (const ExpectationSpec& expectation : scenario_.expect) {
      const auto* spec = std::get_if<MeasureExpectation>(&expectation.what);
      if (spec == nullptr) continue;
      wanted_.emplace_back(plan, *spec);
      asked_.set(static_cast<std::size_t>(wanted_.back().measure));
      if (!spec->of.empty()) store_.keep_tags(wanted_.back().measure);
      store_.keep_idle(wanted_.back().measure);
    }
    if (!options_.all_measures) return;
    asked_.set();
    if (!options_.by_tag) return;
    for (std::size_t i = 0; i < measure_count; ++i) store_.keep_tags(static_cast<Measure>(i));
  }

  // A run without `duration` lasts until every `at:` of an expectation has passed.
  void keep_alive() {
    if (world_.plan().spec.duration) return;
    for (const ExpectationSpec& expectation : scenario_.expect)
      if (const auto* running = std::get_if<RunningExpectation>(&expectation.what))
        if (running->at) world_.keep_alive_until(Instant::at(*running->at));
  }

  void warm_up(std::optional<Instant> until) {
    const Duration warmup = world_.plan().spec.warmup;
    const Instant over = Instant::at(warmup);
    if (warmup <= Duration{} || recorders_.empty()) return;
    if (until && *until < over) return;
    if (world_.simulation().run_through(over) == RunEnd::horizon)
      for (const auto& recorder : recorders_) recorder->warmed_up();
  }

  void collect_violations() {
    violations_.clear();
    for (std::size_t i = 0; i < judges_.size(); ++i)
      if (const auto& breach = judges_[i]->breach())
        violations_.push_back(Violation{i, breach->identity, breach->at});
    std::stable_sort(violations_.begin(), violations_.end(),
                     [](const Violation& a, const Violation& b) { return a.at < b.at; });
  }

  std::vector<MeasureRow> measures() const {
    std::vector<MeasureRow> rows;
    if (options_.all_measures)
      for (std::size_t i = 0; i < measure_count; ++i) {
        const auto measure = static_cast<Measure>(i);
        for (const MeasureStore::Row& row : store_.rows(measure))
          if (!is_idle(measure, row.sampled))
            rows.push_back(describe_measure(world_, {measure, row.labels}, row.sampled));
      }
    for (const AskedMeasure& asked : wanted_) {
      const std::optional<MeasureQuery> query = asked.query(world_);
      if (!query) continue;
      const Sampled sampled = store_.find(*query);
      if (sampled.samples.empty()) continue;
      MeasureRow row = describe_measure(world_, *query, sampled);
      const bool known = std::any_of(rows.begin(), rows.end(), [&](const MeasureRow& other) {
        return other.name == row.name && other.labels == row.labels;
      });
      if (!known) rows.push_back(std::move(row));
    }
    return rows;
  }

  // A cloud has thousands of links. Those that carried nothing are no news.
  static bool is_idle(Measure measure, const Sampled& sampled) {
    switch (measure) {
      case Measure::link_bytes:
      case Measure::link_utilization:
      case Measure::egress_bytes:
      case Measure::egress_cost:
        return sampled.samples.max() == 0;
      default:
        return false;
    }
  }

  // Judges find durations in nanoseconds. Contents and firings are counted, the rest is as the measure has it.
  static bool is_duration(const ExpectationSpec& spec, const MeasureExpectation* measure) {
    if (measure == nullptr) return !std::holds_alternative<RunningExpectation>(spec.what);
    return dimension_of(*find_measure(measure->measure), *parse_statistic(measure->statistic)) ==
           Quantity::Dimension::duration;
  }

  const Scenario& scenario_;
  RunOptions options_;
  World world_;
  SharedObservers shared_;
  MeasureStore store_;
  MeasureSet asked_;
  std::vector<AskedMeasure> wanted_;
  std::vector<std::unique_ptr<MeasureRecorder>> recorders_;
  std::vector<std::unique_ptr<Judge>> judges_;
  Violations violations_;
  std::atomic<bool> interrupted_ = false;
  bool endless_ = false;
};

Runner::Runner(const Scenario& scenario, const Plan& plan, RunOptions options)
    : parts_{std::make_unique<Parts>(scenario, plan, options)} {}

Runner::~Runner() = default;

RunResult Runner::run(std::uint64_t seed, std::uint64_t run, std::optional<Instant> until) {
  parts_->run(seed, run, until);
  return parts_->result(seed);
}

const Violations& Runner::judge(std::uint64_t seed, std::uint64_t run,
                                std::optional<Instant> until) {
  parts_->run(seed, run, until);
  return parts_->violations();
}

void Runner::stop() { parts_->stop(); }

std::vector<SumOfDurations> Runner::sums() const { return parts_->sums(); }

ExpectationResult Runner::verdict(std::size_t expectation) const {
  return parts_->verdict(expectation);
}

bool Runner::endless() const { return parts_->endless(); }
World& Runner::world() { return parts_->world(); }

}  // namespace georep
