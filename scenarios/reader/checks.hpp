// What has to be right about a scenario beyond each field of its own: names that are declared, parts
// that fit together, an end that comes. See "Also errors" in the reference of the language.
#pragma once

#include "scenarios/reader/known_names.hpp"

namespace georep {

void check_network(const Checked& checked);
void check_registry(const Checked& checked);
void check_routing(const Checked& checked);
void check_webhooks(const Checked& checked);
void check_content(const Checked& checked);
void check_machines(const Checked& checked);
void check_timeline(const Checked& checked);
void check_workloads(const Checked& checked);
void check_end(const Checked& checked);
void check_uncertainty(const Checked& checked);
void check_expectations(const Checked& checked);

/// All of these.
void check_scenario(const Checked& checked);

}  // namespace georep
