// The judges, one for each thing that an expectation may ask. `make_judge` chooses among them.
#pragma once

#include <memory>
#include <string_view>

#include "analysis/verdicts/judge.hpp"

namespace georep {

std::unique_ptr<Judge> judge_operation(World& world, const OperationExpectation& spec);
std::unique_ptr<Judge> judge_running(World& world, const RunningExpectation& spec);
std::unique_ptr<Judge> judge_webhook(SharedObservers& shared, const WebhookExpectation& spec);
std::unique_ptr<Judge> judge_measure(SharedObservers& shared, MeasureStore& store, const MeasureExpectation& spec);

// ---- never -----------------------------------------------------------------------------------------------------

std::unique_ptr<Judge> judge_error_code(World& world, const NeverExpectation& spec, ErrorCode code);
std::unique_ptr<Judge> judge_stale_read(SharedObservers& shared, const NeverExpectation& spec);
std::unique_ptr<Judge> judge_lost_tag(SharedObservers& shared, const NeverExpectation& spec);
std::unique_ptr<Judge> judge_resurrected_tag(SharedObservers& shared, const NeverExpectation& spec);
std::unique_ptr<Judge> judge_divergence(SharedObservers& shared, const NeverExpectation& spec);

// ---- eventually ------------------------------------------------------------------------------------------------

std::unique_ptr<Judge> judge_convergence(SharedObservers& shared, const EventuallyExpectation& spec);

// ---- always ----------------------------------------------------------------------------------------------------

std::unique_ptr<Judge> judge_closure(SharedObservers& shared);
std::unique_ptr<Judge> judge_honest_error(SharedObservers& shared);
std::unique_ptr<Judge> judge_cache_coherence(SharedObservers& shared);
std::unique_ptr<Judge> judge_no_resurrection(SharedObservers& shared);
std::unique_ptr<Judge> judge_monotonic_tags(SharedObservers& shared);
std::unique_ptr<Judge> judge_read_your_writes(SharedObservers& shared);
std::unique_ptr<Judge> judge_deterministic_conflict(SharedObservers& shared);
std::unique_ptr<Judge> judge_gc_safety(SharedObservers& shared);
std::unique_ptr<Judge> judge_truthful_webhook(SharedObservers& shared);
std::unique_ptr<Judge> judge_conservation(SharedObservers& shared);
std::unique_ptr<Judge> judge_routing_respects_health(SharedObservers& shared);

/// The judge of an invariant of that name, one of `invariant_terms()`.
std::unique_ptr<Judge> judge_invariant(SharedObservers& shared, std::string_view name);

}  // namespace georep
