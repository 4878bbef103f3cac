// `set` in the timeline: what changes in the middle of a run.
#include "models/world/world.hpp"

namespace georep {

void World::change_settings(const SetAction&) { registry_.settings_changed(); }

}  // namespace georep
