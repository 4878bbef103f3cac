// How a whole world is written: every section of a scenario but `uncertainty:` and `expect:`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/world/spec.hpp"
#include "sim/fields/diagnostic.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of a world.
const RecordOf<WorldSpec>& world_fields();
/// Those of one entry of `timeline:`.
const RecordOf<TimelineEntry>& timeline_fields();

/// Sets one field of a world from text, as the timeline's `set:` does while a run goes on. Returns what is wrong.
std::vector<Diagnostic> set_field(WorldSpec& world, std::string_view path, std::string_view text);

}  // namespace georep
