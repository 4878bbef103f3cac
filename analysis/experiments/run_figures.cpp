#include "analysis/experiments/run_figures.hpp"

#include "analysis/measures/measure.hpp"

namespace georep {

MeasureRow figure_of_run(MeasureRow row) {
  if (measure_named(row.name) != Measure::errors) return row;
  row.mean = row.min = row.max = row.p50 = row.p90 = row.p95 = row.p99 = row.p999 = row.sum;
  row.stddev = 0;
  return row;
}

bool is_zero_where_absent(std::string_view measure) {
  switch (measure_named(measure).value_or(Measure::push_duration)) {
    case Measure::errors:
    case Measure::link_bytes:
    case Measure::link_utilization:
    case Measure::egress_bytes:
    case Measure::egress_cost:
      return true;
    default:
      return false;
  }
}

}  // namespace georep
