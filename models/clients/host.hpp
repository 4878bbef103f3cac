// A machine that pushes and pulls: where it is, how it resolves the registry's name, and the layers that it keeps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/clients/layer_store.hpp"
#include "models/clients/spec.hpp"
#include "models/network/ids.hpp"
#include "models/registry/ids.hpp"
#include "sim/kernel/choice.hpp"

namespace georep {

struct Host {
  HostId id = HostId::none;
  std::string name;           ///< `pollers-we-3` for the third of a group
  std::uint64_t stable_name = 0;  ///< hash of the name, the key of its random draws
  RegionId region = RegionId::none;
  RegionId resolver = RegionId::none;
  RegionId endpoint = RegionId::none;  ///< of a regional endpoint; none where the traffic manager decides
  LineId upload = LineId::none;
  LineId download = LineId::none;
  HostSpec settings;  ///< what the scenario says of its group

  // State of a run.
  LayerStore layers;
  RegionId kept_answer = RegionId::none;  ///< the resolver's last answer
  Deadline kept_until;
  std::uint64_t operations = 0;  ///< of its own accord (a node's pulls), begun so far: numbers their draws

  void reset() {
    layers.clear();
    kept_answer = RegionId::none;
    kept_until = Deadline{};
    operations = 0;
  }
};

}  // namespace georep
