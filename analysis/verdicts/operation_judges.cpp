// Expectations of how operations end, of what runs in a cluster, and of a webhook's deliveries.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/measures/observed_objects.hpp"
#include "analysis/verdicts/judges.hpp"

#include "sim/fields/figures.hpp"

namespace georep {

namespace {

class OperationJudge final : public Judge {
 public:
  OperationJudge(World& world, const OperationExpectation& spec) : Judge{world}, spec_{spec} {
    const Plan& plan = world.plan();
    for (std::size_t i = 0; i < plan.operations.size(); ++i) {
      const std::string& entry_name = plan.spec.timeline[plan.operations[i].entry].as;
      if (plan.operations[i].name == spec.operation || entry_name == spec.operation)
        operations_.push_back(i);
    }
    if (const auto image = plan.images.find(spec.gets); image != plan.images.end())
      wanted_ = image->second;
    if (!spec.within) return;
    world.facts().subscribe<OperationEnded>([this](const OperationEnded& fact) {
      if (std::find(operations_.begin(), operations_.end(), static_cast<std::size_t>(fact.operation)) != operations_.end())
        compare(fact.started, *spec_.within);
    });
  }

  void finish(Instant end) override {
    if (operations_.empty())
      violate(end, {"operation", spec_.operation}, [&] {
        return fmt::format("there is no operation {}", spec_.operation);
      });
    std::optional<double> longest;
    std::string last;
    for (const std::size_t i : operations_) {
      const OperationRecord& record = world_.operations()[i];
      const Instant ended = record.finished ? record.at + record.duration : end;
      const std::string outcome = outcome_of(record);
      if (!meets(record))
        violate(ended, {"operation", record.name, outcome},
                [&] { return describe(record, outcome); });
      if (record.finished)
        longest = std::max(longest.value_or(0), static_cast<double>(record.duration.count()));
      last = describe(record, outcome);
    }
    found(operations_.size() == 1 ? last : fmt::format("{} of them", operations_.size()), longest);
  }

 private:
  bool meets(const OperationRecord& record) const {
    if (!record.finished) return false;
    const bool well = !record.error;
    if (spec_.succeeds && *spec_.succeeds != well) return false;
    if (!spec_.fails.empty() && (well || text(*record.error) != spec_.fails)) return false;
    if (!spec_.gets.empty() && (!well || record.manifest != wanted_)) return false;
    return !spec_.within || record.duration <= *spec_.within;
  }

  std::string outcome_of(const OperationRecord& record) const {
    if (!record.finished) return "unfinished";
    if (record.error) return std::string{text(*record.error)};
    return record.manifest == ManifestId::none ? "ok" : std::string{image(record.manifest)};
  }

  std::string describe(const OperationRecord& record, const std::string& outcome) const {
    const std::string name = operations_.size() == 1 ? "" : record.name + ": ";
    if (!record.started) return name + "unfinished: it never began";
    const std::string where =
        record.replica == RegionId::none ? "" : fmt::format(" from {}", region(record.replica));
    if (!record.finished)
      return fmt::format("{}unfinished, begun at {} on {}", name, figure_in_one_unit(record.at),
                         host(record.host));
    const std::string tries =
        record.attempts > 1 ? fmt::format(" in {} attempts", record.attempts) : "";
    return fmt::format("{}{}{} after {}{}, begun at {} on {}", name, outcome, where,
                       figure_in_one_unit(record.duration), tries, figure_in_one_unit(record.at), host(record.host));
  }

  OperationExpectation spec_;
  std::vector<std::size_t> operations_;
  ManifestId wanted_ = ManifestId::none;
};

class RunningJudge final : public Judge {
 public:
  RunningJudge(World& world, const RunningExpectation& spec)
      : Judge{world}, spec_{spec}, cluster_{world.plan().cluster(spec.cluster)} {
    for (const std::string& name : spec.images)
      if (const auto image = world.plan().images.find(name); image != world.plan().images.end())
        wanted_.insert(image->second);
    world.facts().subscribe<NodeRan>([this](const NodeRan& fact) {
      if (fact.cluster == cluster_) run(fact.node, fact.manifest);
    });
    world.facts().subscribe<NodeLost>([this](const NodeLost& fact) {
      if (fact.cluster == cluster_) run(fact.node, ManifestId::none);
    });
  }

  void reset() override {
    Judge::reset();
    nodes_.assign(static_cast<std::size_t>(world_.plan().clusters[cluster_].count),
                  ManifestId::none);
    looked_ = false;
  }

  void finish(Instant end) override {
    if (looked_) return;
    const Instant when = spec_.at ? Instant::at(*spec_.at) : end;
    if (when > end) {
      violate(end, {"running", spec_.cluster, "too short"}, [&] {
        return fmt::format("the run ended at {}, before {}", figure_in_one_unit(end), figure_in_one_unit(when));
      });
      return;
    }
    look(when);
  }

 private:
  // What runs at an instant is what ran after the last event there, so the first later one shows it.
  void run(std::uint32_t node, ManifestId manifest) {
    Simulation& simulation = world_.simulation();
    simulation.note_write(observed::object(observed::Kind::running, static_cast<std::uint16_t>(cluster_), node));
    if (spec_.at && simulation.passed(later(Deadline{Instant::at(*spec_.at)}, Duration::nanoseconds(1))) && !looked_)
      look(Instant::at(*spec_.at));
    nodes_[node - 1] = manifest;
  }

  void look(Instant at) {
    looked_ = true;
    std::set<ManifestId> running{nodes_.begin(), nodes_.end()};
    running.erase(ManifestId::none);
    const std::string text = describe();
    if (running != wanted_)
      violate(at, {"running", spec_.cluster, text}, [&] {
        return fmt::format("{} runs {} at {}", spec_.cluster, text, figure_in_one_unit(at));
      });
    found(fmt::format("{} at {}", text, figure_in_one_unit(at)), static_cast<double>(running.size()));
  }

  // `hello-1 on 9 nodes, hello-2 on 1`, in the order of the nodes.
  std::string describe() const {
    std::vector<std::pair<ManifestId, int>> contents;
    for (const ManifestId manifest : nodes_) {
      const auto known = std::find_if(contents.begin(), contents.end(), [&](const auto& content) {
        return content.first == manifest;
      });
      if (known == contents.end()) {
        contents.emplace_back(manifest, 1);
      } else {
        ++known->second;
      }
    }
    std::string result;
    for (const auto& [manifest, count] : contents)
      result += fmt::format("{}{} on {} {}", result.empty() ? "" : ", ", image(manifest), count,
                            count == 1 ? "node" : "nodes");
    return result;
  }

  RunningExpectation spec_;
  std::uint32_t cluster_;
  std::set<ManifestId> wanted_;
  std::vector<ManifestId> nodes_;
  bool looked_ = false;
};

class WebhookJudge final : public Judge {
 public:
  WebhookJudge(SharedObservers& shared, const WebhookExpectation& spec)
      : Judge{shared.world()},
        history_{shared.history()},
        spec_{spec},
        webhook_{world_.plan().webhook(spec.webhook)} {
    if (!spec.within) return;
    world_.facts().subscribe<WebhookEnded>([this](const WebhookEnded& fact) {
      if (fact.webhook == webhook_) compare(history_.commit(fact.commit).moment, *spec_.within);
    });
  }

  void finish(Instant end) override {
    std::int64_t fired = 0;
    std::optional<double> longest;
    for (const Delivery& delivery : world_.deliveries()) {
      if (delivery.webhook != webhook_) continue;
      ++fired;
      judge(delivery, end);
      if (delivery.ended_at)
        longest = std::max(longest.value_or(0), static_cast<double>(took(delivery).count()));
    }
    if (spec_.fires && fired != *spec_.fires)
      violate(end, {"webhook", spec_.webhook, "fires"}, [&] {
        return fmt::format("{} fired {} times", spec_.webhook, fired);
      });
    // Without deliveries there is nothing of which a status or a time would hold.
    if (fired == 0 && !spec_.fires)
      violate(end, {"webhook", spec_.webhook, "silent"},
              [&] { return fmt::format("{} never fired", spec_.webhook); });
    found(fmt::format("{} fired {} times", spec_.webhook, fired), longest);
  }

 private:
  void judge(const Delivery& delivery, Instant end) {
    if (!spec_.status && !spec_.within) return;
    const std::string event = fmt::format("event {}, fired at {}", delivery.event,
                                          figure_in_one_unit(delivery.fired_at));
    if (!delivery.ended_at) {
      violate(end, {"webhook", spec_.webhook, "unfinished"},
              [&] { return event + ", is still under way at the end"; });
      return;
    }
    if (spec_.status && delivery.status != *spec_.status)
      violate(*delivery.ended_at, {"webhook", spec_.webhook, "status"}, [&] {
        return fmt::format("{}, ended with {} at {}", event, delivery.status,
                           figure_in_one_unit(*delivery.ended_at));
      });
    if (spec_.within && took(delivery) > *spec_.within)
      violate(*delivery.ended_at, {"webhook", spec_.webhook, "within"}, [&] {
        return fmt::format("{}, ended {} after the change was committed", event,
                           figure_in_one_unit(took(delivery)));
      });
  }

  // From the change that it tells of, because who listens wants to know how soon after a push.
  Duration took(const Delivery& delivery) const {
    return *delivery.ended_at - history_.commit(delivery.commit).moment.at;
  }

  const History& history_;
  WebhookExpectation spec_;
  std::uint32_t webhook_;
};

}  // namespace

std::unique_ptr<Judge> judge_operation(World& world, const OperationExpectation& spec) {
  return std::make_unique<OperationJudge>(world, spec);
}
std::unique_ptr<Judge> judge_running(World& world, const RunningExpectation& spec) {
  return std::make_unique<RunningJudge>(world, spec);
}
std::unique_ptr<Judge> judge_webhook(SharedObservers& shared, const WebhookExpectation& spec) {
  return std::make_unique<WebhookJudge>(shared, spec);
}

}  // namespace georep
