#include <array>
#include <utility>

#include "analysis/verdicts/judges.hpp"

namespace georep {

std::unique_ptr<Judge> judge_invariant(SharedObservers& shared, std::string_view name) {
  using Make = std::unique_ptr<Judge> (*)(SharedObservers&);
  constexpr std::array<std::pair<std::string_view, Make>, 11> invariants{{
      {"closure", &judge_closure},
      {"honest-error", &judge_honest_error},
      {"cache-coherence", &judge_cache_coherence},
      {"no-resurrection", &judge_no_resurrection},
      {"monotonic-tags", &judge_monotonic_tags},
      {"read-your-writes", &judge_read_your_writes},
      {"deterministic-conflict", &judge_deterministic_conflict},
      {"gc-safety", &judge_gc_safety},
      {"truthful-webhook", &judge_truthful_webhook},
      {"conservation", &judge_conservation},
      {"routing-respects-health", &judge_routing_respects_health},
  }};
  for (const auto& [known, make] : invariants)
    if (known == name) return make(shared);
  return nullptr;
}

namespace {

std::unique_ptr<Judge> judge_never(SharedObservers& shared, const NeverExpectation& spec) {
  if (const std::optional<ErrorCode> code = error_code(spec.what))
    return judge_error_code(shared.world(), spec, *code);
  if (spec.what == "stale-read") return judge_stale_read(shared, spec);
  if (spec.what == "lost-tag") return judge_lost_tag(shared, spec);
  if (spec.what == "resurrected-tag") return judge_resurrected_tag(shared, spec);
  if (spec.what == "divergence") return judge_divergence(shared, spec);
  return nullptr;
}

}  // namespace

std::unique_ptr<Judge> make_judge(const ExpectationSpec& expectation, SharedObservers& shared,
                                  MeasureStore& store) {
  World& world = shared.world();
  std::unique_ptr<Judge> judge;
  if (const auto* operation = std::get_if<OperationExpectation>(&expectation.what)) {
    judge = judge_operation(world, *operation);
  } else if (const auto* never = std::get_if<NeverExpectation>(&expectation.what)) {
    judge = judge_never(shared, *never);
  } else if (const auto* always = std::get_if<AlwaysExpectation>(&expectation.what)) {
    judge = judge_invariant(shared, always->invariant);
  } else if (const auto* eventually = std::get_if<EventuallyExpectation>(&expectation.what)) {
    judge = judge_convergence(shared, *eventually);
  } else if (const auto* measure = std::get_if<MeasureExpectation>(&expectation.what)) {
    judge = judge_measure(shared, store, *measure);
  } else if (const auto* running = std::get_if<RunningExpectation>(&expectation.what)) {
    judge = judge_running(world, *running);
  } else if (const auto* webhook = std::get_if<WebhookExpectation>(&expectation.what)) {
    judge = judge_webhook(shared, *webhook);
  }
  GEOREP_ASSERT(judge != nullptr, "an expectation names something that vocabulary.hpp has");
  return judge;
}

}  // namespace georep
