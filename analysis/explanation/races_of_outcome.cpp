#include "analysis/explanation/races_of_outcome.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "analysis/explanation/recorded_run.hpp"

namespace georep {

namespace {

class Search {
 public:
  Search(CounterfactualRun& run, const AskedOutcome& base, const EventSet& past, EventBudget& budget)
      : run_{run}, base_{base}, past_{past}, budget_{budget}, ended_at_{run.world().simulation().now()},
        recorded_{run.trace(), run.chronicle().happenings(), run.world()} {}

  std::vector<CriticalRace> all() {
    for (const NodeIndex node : delays_in_order()) {
      shift(node, 1);
      shift(node, -1);
      if (budget_.spent) break;
    }
    for (CriticalRace& race : races_)
      std::stable_sort(race.delays.begin(), race.delays.end(), [](const CriticalDelay& a, const CriticalDelay& b) {
        return std::pair{rank(a.kind), magnitude(a.by)} < std::pair{rank(b.kind), magnitude(b.by)};
      });
    std::stable_sort(races_.begin(), races_.end(), [](const CriticalRace& a, const CriticalRace& b) {
      const auto order = [](const CriticalRace& race) {
        return std::tuple{!race.unseen, rank(race.delays.front().kind), magnitude(race.delays.front().by)};
      };
      return order(a) < order(b);
    });
    return std::move(races_);
  }

 private:
  static std::int64_t magnitude(Duration duration) { return duration < Duration{} ? -duration.count() : duration.count(); }

  // What people can decide comes before what happens to them.
  static int rank(ChoiceKind kind) {
    constexpr std::array order{ChoiceKind::client_start, ChoiceKind::start_delay, ChoiceKind::storage,
                               ChoiceKind::bandwidth, ChoiceKind::latency};
    return static_cast<int>(std::find(order.begin(), order.end(), kind) - order.begin());
  }

  std::vector<NodeIndex> delays_in_order() const {
    std::vector<NodeIndex> delays;
    for (NodeIndex node = 0; node < recorded_.trace.nodes.size(); ++node)
      if (recorded_.trace.nodes[node].drawn && Instant::at(Duration::nanoseconds(time_of_maker(node))) <= base_.at)
        delays.push_back(node);
    std::stable_sort(delays.begin(), delays.end(), [&](NodeIndex a, NodeIndex b) {
      return rank(recorded_.trace.nodes[a].kind) < rank(recorded_.trace.nodes[b].kind);
    });
    return delays;
  }
  std::int64_t time_of_maker(NodeIndex node) const {
    return recorded_.trace.nodes[recorded_.trace.events[recorded_.trace.nodes[node].maker].node].at;
  }

  bool changes(const AskedOutcome& outcome) const { return base_.good ? !(outcome == base_) : outcome.good; }

  std::optional<AskedOutcome> run(const TimeNode& node, std::uint32_t nth, std::int64_t length, bool told = false) {
    if (!budget_.afford(recorded_.trace.events.size())) return std::nullopt;
    const AskedOutcome outcome = run_.run(ShiftedDelay{node.site, nth, Duration::nanoseconds(length)}, told);
    const std::uint64_t expected = recorded_.trace.events.size();
    budget_.spend(run_.events() - std::min(run_.events(), expected));
    return outcome;
  }

  std::uint32_t number_of(NodeIndex node) const {
    std::uint32_t nth = 0;
    for (NodeIndex earlier = 0; earlier < node; ++earlier) {
      const TimeNode& other = recorded_.trace.nodes[earlier];
      if (other.drawn && other.site == recorded_.trace.nodes[node].site) ++nth;
    }
    return nth;
  }

  // Ever longer steps until the outcome changes, then bisection down to the nanosecond.
  void shift(NodeIndex index, std::int64_t direction) {
    const TimeNode& node = recorded_.trace.nodes[index];
    const std::uint32_t nth = number_of(index);
    // Of a transfer of centuries no more than decades are looked at, so that no time overflows.
    constexpr Duration decade = 315'360'000_s;
    const std::int64_t farthest =
        direction < 0 ? node.chosen : 2 * std::clamp(ended_at_.count(), (1_s).count(), decade.count());
    std::int64_t unchanged = 0;
    std::int64_t changed = 0;
    for (std::int64_t step = (1_ms).count(); changed == 0 && unchanged < farthest;
         step = step > farthest / 4 ? farthest : step * 4) {
      const std::int64_t by = std::min(step, farthest);
      const auto outcome = run(node, nth, node.chosen + direction * by);
      if (!outcome) return;
      (changes(*outcome) ? changed : unchanged) = by;
    }
    if (changed == 0) return;
    while (changed - unchanged > 1) {
      const std::int64_t by = unchanged + (changed - unchanged) / 2;
      const auto outcome = run(node, nth, node.chosen + direction * by);
      if (!outcome) return;
      (changes(*outcome) ? changed : unchanged) = by;
    }
    note(index, nth, direction * changed, direction * unchanged);
  }

  void note(NodeIndex index, std::uint32_t nth, std::int64_t changed, std::int64_t unchanged) {
    const TimeNode& node = recorded_.trace.nodes[index];
    // To look for the pair costs more than to run.
    if (!budget_.afford(10 * recorded_.trace.events.size())) return;
    if (!run(node, nth, node.chosen + unchanged, true)) return;
    const RecordedRun before{run_.trace(), run_.chronicle().happenings(), run_.world()};
    const auto outcome = run(node, nth, node.chosen + changed, true);
    if (!outcome) return;
    const RecordedRun after{run_.trace(), run_.chronicle().happenings(), run_.world()};
    CriticalDelay delay;
    delay.shift = {node.site, nth, Duration::nanoseconds(node.chosen + changed)};
    delay.kind = node.kind;
    delay.what = recorded_.name_of_delay(index);
    delay.by = Duration::nanoseconds(changed);
    delay.outcome = *outcome;
    const Freedom::Range possible =
        run_.uncertainty().delay(node.site, node.kind, Duration::nanoseconds(node.nominal));
    delay.uncertain = possible.least <= delay.shift.length && delay.shift.length <= possible.most;
    CriticalRace race;
    if (const auto pair = reversed_pair(before, after))
      race = race_of(*pair);
    else
      race.object = changed_comparison(before, after);
    // As where transfers that share a link end in another order.
    if (race.object.empty()) race.object = "the times alone: no two events change places";
    add(std::move(race), std::move(delay));
  }

  CriticalRace race_of(const ReversedPair& pair) const {
    CriticalRace race;
    race.object = pair.object;
    race.first = pair.first;
    race.then = pair.then;
    // As the run itself had them, where it had both.
    race.first_at = recorded_.time_of(pair.first_name).value_or(pair.first_at);
    race.then_at = recorded_.time_of(pair.then_name).value_or(pair.then_at);
    const auto then = recorded_.find(pair.then_name);
    race.unseen = recorded_.has_causes && then && !past_.contains(*then);
    return race;
  }

  void add(CriticalRace race, CriticalDelay delay) {
    const auto known = std::find_if(races_.begin(), races_.end(), [&](const CriticalRace& other) {
      return std::tie(other.object, other.first, other.then) == std::tie(race.object, race.first, race.then);
    });
    CriticalRace& entry = known == races_.end() ? races_.emplace_back(std::move(race)) : *known;
    entry.delays.push_back(std::move(delay));
  }

  CounterfactualRun& run_;
  const AskedOutcome& base_;
  const EventSet& past_;
  EventBudget& budget_;
  const Instant ended_at_;
  const RecordedRun recorded_;
  std::vector<CriticalRace> races_;
};

}  // namespace

std::vector<CriticalRace> critical_races(CounterfactualRun& run, const AskedOutcome& base, const EventSet& past,
                                         EventBudget& budget) {
  return Search{run, base, past, budget}.all();
}

}  // namespace georep
