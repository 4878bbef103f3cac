#include "scenarios/reader/checks.hpp"

namespace georep {

void check_scenario(const Checked& checked) {
  check_network(checked);
  check_registry(checked);
  check_routing(checked);
  check_webhooks(checked);
  check_content(checked);
  check_machines(checked);
  check_workloads(checked);
  check_end(checked);
  check_uncertainty(checked);
  check_expectations(checked);
  // Last, because what it sets is checked as a whole where all else is right.
  check_timeline(checked);
}

}  // namespace georep
