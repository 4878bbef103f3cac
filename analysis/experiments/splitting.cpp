#include "analysis/experiments/splitting.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/experiments/in_order.hpp"
#include "sim/kernel/assert.hpp"
#include "sim/kernel/trace_hash.hpp"

namespace georep {
namespace {

constexpr std::size_t most_levels = 200;

// Distinct numbers of runs for distinct places in the tree of branches.
std::uint64_t fresh_key(std::uint64_t replicate, std::uint64_t level, std::uint64_t path) {
  TraceHash hash;
  hash.fold(replicate);
  hash.fold(level);
  hash.fold(path);
  return hash.value();
}

struct Hit {
  std::size_t path;
  ScoreRecord crossing;
};

std::vector<SplitPath> first_paths(std::int64_t count, std::uint64_t replicate) {
  std::vector<SplitPath> paths;
  for (std::int64_t i = 0; i < count; ++i) {
    paths.push_back({fresh_key(replicate, 0, static_cast<std::uint64_t>(i)), {}});
  }
  return paths;
}

// As many branches as there were paths, each from a hit drawn evenly.
std::vector<SplitPath> branches(const std::vector<SplitPath>& paths, const std::vector<Hit>& hits,
                                std::uint64_t seed, std::uint64_t replicate, std::uint64_t level) {
  std::vector<SplitPath> next;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::uint64_t key = fresh_key(replicate, level, i);
    Draw draw = Chance(seed, key).draw(0, Purpose::statistics, 0);
    const Hit& hit = hits[draw.uniform_below(hits.size())];
    next.push_back(paths[hit.path]);
    next.back().cuts.push_back({hit.crossing.event, hit.crossing.at, key});
  }
  return next;
}

struct ReplicateResult {
  double probability = 0;
  std::uint64_t events = 0;
};

class Splitting {
 public:
  Splitting(SplitModel& model, const SplittingRequest& request)
      : model_(model), request_(request) {}

  // Levels of which each is reached by about the share that goes on, of those that reached the one
  // before. Empty where the paths stopped short of the target.
  std::vector<double> pilot(std::uint64_t& events, std::uint64_t& run_events) {
    std::vector<SplitPath> paths = first_paths(request_.paths, 0);
    std::vector<double> levels;
    while (levels.size() < most_levels) {
      std::vector<std::vector<ScoreRecord>> records;
      std::vector<double> best;
      std::uint64_t taken = 0;
      for (const SplitPath& path : paths) {
        records.push_back(model_.run(path, request_.target));
        taken += model_.events();
        best.push_back(records.back().empty() ? 0 : records.back().back().score);
      }
      events += taken;
      if (levels.empty()) run_events = taken / paths.size();
      const double level = next_level(best, levels);
      if (level >= request_.target) {
        levels.push_back(request_.target);
        return levels;
      }
      if (level < 0) return {};
      levels.push_back(level);
      std::vector<Hit> hits;
      for (std::size_t i = 0; i < records.size(); ++i) {
        const auto first =
            std::find_if(records[i].begin(), records[i].end(),
                         [&](const ScoreRecord& record) { return record.score >= level; });
        if (first != records[i].end()) hits.push_back({i, *first});
      }
      paths = branches(paths, hits, request_.seed, 0, levels.size());
    }
    return {};
  }

  ReplicateResult replicate(std::uint64_t number, const std::vector<double>& levels) {
    ReplicateResult result{1, 0};
    std::vector<SplitPath> paths = first_paths(request_.paths, number);
    for (std::size_t level = 0; level < levels.size(); ++level) {
      std::vector<Hit> hits;
      for (std::size_t i = 0; i < paths.size(); ++i) {
        const std::vector<ScoreRecord> records = model_.run(paths[i], levels[level]);
        result.events += model_.events();
        if (!records.empty() && records.back().score >= levels[level]) {
          hits.push_back({i, records.back()});
        }
      }
      result.probability *= static_cast<double>(hits.size()) / static_cast<double>(paths.size());
      if (hits.empty()) return result;
      if (level + 1 < levels.size()) {
        paths = branches(paths, hits, request_.seed, number, level + 1);
      }
    }
    return result;
  }

 private:
  // The next level, the target where enough paths reach it, or -1 where none goes on.
  double next_level(std::vector<double> best, const std::vector<double>& levels) const {
    std::sort(best.begin(), best.end(), std::greater<>());
    const auto rank = static_cast<std::size_t>(request_.go_on * static_cast<double>(best.size()));
    const double wanted = best[std::min(rank, best.size() - 1)];
    if (wanted >= request_.target) return request_.target;
    const double last = levels.empty() ? 0 : levels.back();
    if (wanted > last) return wanted;
    // Scores come in steps: the least that is higher than the last level.
    double next = -1;
    for (const double score : best) {
      if (score > last) next = score;
    }
    return next;
  }

  SplitModel& model_;
  const SplittingRequest& request_;
};

}  // namespace

Duration longer_than(const Distribution& law, Duration elapsed, double u) {
  if (law.law == Distribution::Law::exponential) {
    return elapsed + Duration::nanoseconds(quantile(law, u));
  }
  // The least share of chance whose value is longer, by bisection: quantiles never fall.
  double shorter = 0;
  double longer = 1;
  while (true) {
    const double middle = (shorter + longer) / 2;
    if (middle <= shorter || middle >= longer) break;
    (quantile(law, middle) > elapsed.count() ? longer : shorter) = middle;
  }
  if (longer >= 1) return elapsed + Duration::nanoseconds(1);
  return Duration::nanoseconds(quantile(law, longer + (1 - longer) * u));
}

void PathRevealer::follow(const SplitPath& path) {
  cuts_ = path.cuts;
  drawn_during_ = 0;
  drawn_ = 0;
  EventOrdinal last = 0;
  for (std::size_t i = 0; i < cuts_.size(); ++i) {
    // One event may reach several levels: the last branch decides what follows it.
    if (i + 1 < cuts_.size() && cuts_[i + 1].event == cuts_[i].event) continue;
    GEOREP_ASSERT(cuts_[i].event >= last, "a path parts in the order of its events");
    last = cuts_[i].event;
    simulation_.change_chance(cuts_[i].event + 1, Chance(simulation_.seed(), cuts_[i].key));
  }
}

Duration PathRevealer::reveal(const Distribution& law, double u, Instant now,
                              EventOrdinal ordinal) {
  drawn_ = ordinal == drawn_during_ ? drawn_ + 1 : 0;
  drawn_during_ = ordinal;
  Duration length = Duration::nanoseconds(quantile(law, u));
  if (law.law == Distribution::Law::constant) return length;
  for (const ChanceCut& cut : cuts_) {
    if (cut.event < ordinal) continue;  // drawn after this branch began
    if (now + length <= cut.at) break;  // ended before it began
    Draw draw = Chance(simulation_.seed(), cut.key).draw(ordinal, Purpose::statistics, drawn_ + 1);
    length = longer_than(law, cut.at - now, draw.uniform());
  }
  return length;
}

double SplittingResult::crude_events() const {
  if (relative_error <= 0 || probability.value <= 0) return 0;
  const double runs =
      (1 - probability.value) / (probability.value * relative_error * relative_error);
  return runs * static_cast<double>(run_events);
}

SplittingResult split(const std::function<std::unique_ptr<SplitModel>()>& make_model,
                      const SplittingRequest& request) {
  GEOREP_ASSERT(request.replicates >= 30, "an interval over replicates needs at least thirty");
  SplittingResult result;
  {
    const std::unique_ptr<SplitModel> model = make_model();
    result.levels = Splitting(*model, request).pilot(result.events, result.run_events);
  }
  if (result.levels.empty()) {
    result.reached = false;
    return result;
  }
  std::vector<double> estimates;
  const auto make_worker = [&] {
    std::shared_ptr<SplitModel> model = make_model();
    return [model, &request, &result](std::int64_t index) {
      return Splitting(*model, request)
          .replicate(static_cast<std::uint64_t>(index) + 1, result.levels);
    };
  };
  const auto consume = [&](std::int64_t index, const ReplicateResult& one) {
    estimates.push_back(one.probability);
    result.events += one.events;
    if (one.probability == 0) ++result.zeros;
    if (request.progress) request.progress(index + 1, request.replicates);
    result.interrupted = request.interrupted && request.interrupted();
    return !result.interrupted;
  };
  in_order(request.replicates, request.jobs, make_worker, consume);

  result.probability = mean_interval(estimates, request.confidence);
  result.probability.low = std::max(0.0, result.probability.low);
  if (result.probability.value > 0 && estimates.size() > 1) {
    double squares = 0;
    for (const double each : estimates) {
      squares += (each - result.probability.value) * (each - result.probability.value);
    }
    const auto count = static_cast<double>(estimates.size());
    result.relative_error = std::sqrt(squares / (count - 1) / count) / result.probability.value;
  }
  return result;
}

}  // namespace georep
