// Work that repeats, what a search may vary, and that there is an end to it all.
#include "models/workload/draws.hpp"
#include "models/world/operations.hpp"
#include "scenarios/reader/checks.hpp"

namespace georep {
namespace {

// The most that a law of numbers draws, where it has a bound.
std::int64_t most_of(const CountLaw& law) {
  if (law.law == Distribution::Law::constant) return law.constant;
  return law.law == Distribution::Law::uniform ? static_cast<std::int64_t>(law.b) : 0;
}

void check_layers(const Checked& checked, const CountLaw& count, const std::string& path) {
  if (most_of(count) > most_layers)
    checked.findings.report(Code::out_of_bounds, path, "an image has at most " + std::to_string(most_layers) + " layers",
                            "a manifest that lists more is larger than registries take");
}

void check_work(const Checked& checked, const PollSpec& poll, const std::string& path) {
  checked.require_pushed(poll.reference, path + ".poll");
}

void check_work(const Checked& checked, const PullsSpec& pulls, const std::string& path) {
  constexpr std::int64_t most_images = 1'000'000;
  if (pulls.catalog.repositories * pulls.catalog.tags > most_images)
    checked.findings.report(Code::out_of_bounds, path + ".pulls.catalog",
                            "the catalog has more than 1000000 images",
                            "there are repositories times tags");
  check_layers(checked, pulls.catalog.layers.count, path + ".pulls.catalog.layers.count");
}

void check_work(const Checked& checked, const PushesSpec& pushes, const std::string& path) {
  const auto constant = [](const CountLaw& law) { return law.law == Distribution::Law::constant; };
  const PushedLayersSpec& layers = pushes.layers;
  check_layers(checked, layers.count, path + ".pushes.layers.count");
  if (constant(layers.count) && constant(layers.changed) &&
      layers.changed.constant > layers.count.constant)
    checked.findings.report(Code::contradiction, path + ".pushes.layers.changed",
                            "more layers change than an image has",
                            "'count' is " + std::to_string(layers.count.constant));
}

void check_work(const Checked&, const TraceSpec&, const std::string&) {}

bool ends_by_itself(const WorkloadSpec& workload) {
  const auto finite = [](const ArrivalsSpec& arrivals) {
    return std::holds_alternative<EmpiricalArrivals>(arrivals);
  };
  if (workload.until || std::holds_alternative<TraceSpec>(workload.work)) return true;
  if (const auto* pulls = std::get_if<PullsSpec>(&workload.work)) return finite(pulls->arrivals);
  if (const auto* pushes = std::get_if<PushesSpec>(&workload.work)) return finite(pushes->arrivals);
  return false;
}

bool tries_for_ever(const RetrySpec& retry) {
  return !retry.attempts && retry.waits.empty();
}

// What goes on trying as long as such a fault lasts: copies to other regions, or the webhook's
// deliveries. A node is replaced, so its fault has an end.
bool keeps_trying(const Checked& checked, const FaultTarget& target) {
  const WorldSpec& world = checked.scenario.world;
  if (std::holds_alternative<NodeFault>(target)) return false;
  const auto* fault = std::get_if<WebhookFault>(&target);
  if (fault == nullptr)
    return checked.known.replicas.names().size() > 1 &&
           tries_for_ever(world.registry.replication.retry);
  for (const WebhookSpec& webhook : world.webhooks)
    if (webhook.name == fault->webhook)
      return webhook.kind == WebhookKind::distribution || tries_for_ever(webhook.retry);
  return false;
}

}  // namespace

void check_workloads(const Checked& checked) {
  const auto& workloads = checked.scenario.world.workloads;
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    const WorkloadSpec& workload = workloads[i];
    const std::string path = path_of("workloads", i);
    checked.require(checked.known.hosts, workload.on, path + ".on");
    if (workload.until && *workload.until <= workload.from)
      checked.findings.report(Code::contradiction, path + ".until",
                              "the workload ends before it begins", "'until' is after 'from'");
    std::visit([&](const auto& work) { check_work(checked, work, path); }, workload.work);
  }
}

void check_end(const Checked& checked) {
  const WorldSpec& world = checked.scenario.world;
  Findings& findings = checked.findings;
  if (world.duration) {
    if (world.warmup >= *world.duration && world.warmup > Duration{})
      findings.report(Code::contradiction, "warmup", "nothing is left to measure after the warm-up",
                      "'warmup' is shorter than 'duration'");
    return;
  }
  if (findings.is_unread("duration") || findings.is_written("duration")) return;
  for (std::size_t i = 0; i < world.workloads.size(); ++i)
    if (!ends_by_itself(world.workloads[i]))
      findings.report(Code::needs_duration, path_of("workloads", i), "this workload never ends",
                      "give it 'until', or the scenario a 'duration'");
  for (std::size_t i = 0; i < world.timeline.size(); ++i) {
    const auto* fail = std::get_if<FailAction>(&world.timeline[i].action);
    if (fail == nullptr || fail->lasts || findings.is_written(path_of("timeline", i, "for")) ||
        !keeps_trying(checked, fail->target))
      continue;
    findings.report(Code::needs_duration, path_of("timeline", i, "fail"),
                    "this fault never ends, and what it stops is tried without end",
                    "give it 'for', or the scenario a 'duration'");
  }
}

void check_uncertainty(const Checked& checked) {
  const UncertaintySpec& uncertainty = checked.scenario.uncertainty;
  const auto check_range = [&](const DurationRange& range, const std::string& path) {
    if (range[0] > range[1])
      checked.findings.report(Code::out_of_bounds, path, "the lower bound is above the upper one");
  };
  const auto check_spread = [&](const std::optional<DelaySpread>& spread, const char* key) {
    if (!spread) return;
    if (const auto* range = std::get_if<DurationRange>(&*spread))
      check_range(*range, path_of("uncertainty", key));
  };
  check_spread(uncertainty.latency, "latency");
  check_spread(uncertainty.storage, "storage");
  check_spread(uncertainty.start_delay, "start_delay");
  for (const UncertainTime& time : uncertainty.at) {
    const std::string path = path_of("uncertainty", "at", time.name);
    checked.require(checked.known.entries, time.name, path);
    check_range(time.range, path);
  }
}

}  // namespace georep
