#include "analysis/experiments/run_texts.hpp"

#include "analysis/verdicts/vocabulary.hpp"

namespace georep {

namespace {

std::string region_text(const World& world, RegionId region) {
  return region == RegionId::none ? std::string{} : world.plan().region_name(region);
}

std::string_view unit_of(Quantity::Dimension dimension) {
  switch (dimension) {
    case Quantity::Dimension::duration: return "s";
    case Quantity::Dimension::size: return "B";
    case Quantity::Dimension::money: return "USD";
    case Quantity::Dimension::ratio:
    case Quantity::Dimension::number: break;
  }
  return "";
}

// When an operation that never began was to begin, where the scenario says it by the clock.
Instant planned_start(const World& world, const OperationPlan& operation) {
  const TimelineEntry& entry = world.plan().spec.timeline[operation.entry];
  if (!entry.after.empty()) return world.simulation().now();
  const Duration first = entry.at.value_or(Duration{});
  return Instant::at(entry.every ? first + *entry.every * (operation.repetition - 1) : first);
}

}  // namespace

std::vector<OperationResult> describe_operations(const World& world) {
  std::vector<OperationResult> results;
  const auto& records = world.operations();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const OperationRecord& record = records[i];
    OperationResult result;
    result.name = record.name;
    result.kind = text(record.kind);
    result.reference = record.reference;
    result.host = world.hosts()[index(record.host)].name;
    result.issued_from = record.issued_from;
    result.replica = region_text(world, record.replica);
    result.at = record.started ? record.at : planned_start(world, world.plan().operations[i]);
    result.attempts = record.attempts;
    if (record.finished) {
      result.duration = record.duration;
      result.outcome = record.error ? text(*record.error) : "ok";
      if (!record.error && record.manifest != ManifestId::none)
        result.digest = world.content().manifest(record.manifest).digest.text();
    } else {
      if (record.started) result.duration = world.simulation().now() - record.at;
      result.outcome = "unfinished";
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<DeliveryResult> describe_deliveries(const World& world) {
  std::vector<DeliveryResult> results;
  for (const Delivery& delivery : world.deliveries()) {
    DeliveryResult result;
    result.webhook = world.plan().spec.webhooks[delivery.webhook].name;
    result.event = std::to_string(delivery.event);
    result.action = text_of_action(delivery.action);
    result.reference = delivery.tag == TagId::none
                           ? world.names().repository_name(delivery.repository)
                           : world.names().text(delivery.tag);
    result.digest = world.content().manifest(delivery.manifest).digest.text();
    result.fired_at = delivery.fired_at;
    result.attempts = delivery.attempts;
    result.status = delivery.status;
    result.ended_at = delivery.ended_at;
    results.push_back(std::move(result));
  }
  return results;
}

MeasureRow describe_measure(const World& world, const MeasureQuery& query, const Sampled& sampled) {
  const MeasureTerm& term = measure_terms()[static_cast<std::size_t>(query.measure)];
  const Samples& samples = sampled.samples;
  const double scale = term.dimension == Quantity::Dimension::duration ? 1e9 : 1;
  MeasureRow row;
  row.name = term.name;
  row.unit = unit_of(term.dimension);
  const Labels& labels = query.labels;
  // A link says by itself which region it leaves.
  if (labels.region != RegionId::none && labels.link == LinkId::none)
    row.labels.emplace_back("region", region_text(world, labels.region));
  if (labels.tag != TagId::none) row.labels.emplace_back("of", world.names().text(labels.tag));
  if (labels.link != LinkId::none) {
    const NetworkPlan::Link& link = world.plan().network.links[index(labels.link)];
    row.labels.emplace_back("link", region_text(world, link.from) + "->" + region_text(world, link.to));
  }
  if (labels.code) row.labels.emplace_back("code", text(*labels.code));
  if (labels.cluster != Labels{}.cluster)
    row.labels.emplace_back("cluster", world.plan().spec.clusters[labels.cluster].name);
  row.exact = samples.exact();
  row.count = static_cast<std::int64_t>(samples.count());
  row.sum = samples.sum() / scale;
  row.mean = sampled.mean() / scale;
  row.min = samples.min() / scale;
  row.max = samples.max() / scale;
  if (samples.count() >= 2) row.stddev = samples.stddev() / scale;
  row.p50 = samples.percentile(50) / scale;
  row.p90 = samples.percentile(90) / scale;
  row.p95 = samples.percentile(95) / scale;
  row.p99 = samples.percentile(99) / scale;
  row.p999 = samples.percentile(99.9) / scale;
  return row;
}

}  // namespace georep
