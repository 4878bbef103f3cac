// What a run came to, in names and texts, so that reports need no world.
#pragma once

#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/measures/measure_store.hpp"

namespace georep {

std::vector<OperationResult> describe_operations(const World& world);
std::vector<DeliveryResult> describe_deliveries(const World& world);
/// The labels that the query asks for, and at least one sample.
MeasureRow describe_measure(const World& world, const MeasureQuery& query, const Sampled& sampled);

}  // namespace georep
