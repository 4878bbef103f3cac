#include "models/world/operations.hpp"

#include <algorithm>

namespace georep {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

}  // namespace

const std::string* host_of(const Action& action) {
  return std::visit(
      Overloaded{[](const PushAction& a) { return &a.on; }, [](const PullAction& a) { return &a.on; },
                 [](const UntagAction& a) { return &a.on; },
                 [](const DeleteAction& a) { return &a.on; },
                 [](const RetagAction& a) { return &a.on; },
                 [](const auto&) -> const std::string* { return nullptr; }},
      action);
}

std::optional<OperationKind> operation_kind(const Action& action) {
  using Kind = std::optional<OperationKind>;
  return std::visit(
      Overloaded{[](const PushAction&) { return Kind{OperationKind::push}; },
                 [](const PullAction&) { return Kind{OperationKind::pull}; },
                 [](const UntagAction&) { return Kind{OperationKind::untag}; },
                 [](const DeleteAction&) { return Kind{OperationKind::remove}; },
                 [](const RetagAction&) { return Kind{OperationKind::retag}; },
                 [](const auto&) { return Kind{}; }},
      action);
}

std::string_view text(OperationKind kind) {
  switch (kind) {
    case OperationKind::push: return "push";
    case OperationKind::pull: return "pull";
    case OperationKind::poll: return "poll";
    case OperationKind::retag: return "retag";
    case OperationKind::untag: return "untag";
    case OperationKind::remove: return "delete";
  }
  return "";
}

std::string expand_repetition(const std::string& reference, std::int64_t repetition) {
  std::string result = reference;
  const std::string counter = "{n}";
  for (std::size_t at = result.find(counter); at != std::string::npos;
       at = result.find(counter, at))
    result.replace(at, counter.size(), std::to_string(repetition));
  return result;
}

std::vector<OperationPlan> plan_operations(const WorldSpec& spec) {
  std::vector<OperationPlan> result;
  std::map<OperationKind, std::int64_t> unnamed;
  std::map<std::string, std::int64_t> machines;
  for (const HostSpec& host : spec.hosts) machines.try_emplace(host.name, host.count);
  for (std::size_t entry = 0; entry < spec.timeline.size(); ++entry) {
    const TimelineEntry& line = spec.timeline[entry];
    const std::optional<OperationKind> kind = operation_kind(line.action);
    if (!kind) continue;
    std::string name = line.as;
    if (name.empty()) name = std::string{text(*kind)} + '-' + std::to_string(++unnamed[*kind]);
    const std::int64_t repetitions = line.every ? line.count : 1;
    const auto host = machines.find(*host_of(line.action));
    const std::int64_t group = host == machines.end() ? 1 : host->second;
    std::int64_t number = 0;
    for (std::int64_t n = 1; n <= repetitions; ++n) {
      for (std::int64_t machine = 1; machine <= group; ++machine) {
        const bool several = line.every.has_value() || group > 1;
        OperationPlan plan;
        plan.name = several ? name + '-' + std::to_string(++number) : name;
        plan.entry = entry;
        plan.repetition = n;
        plan.machine = machine;
        result.push_back(std::move(plan));
      }
    }
  }
  return result;
}

}  // namespace georep
