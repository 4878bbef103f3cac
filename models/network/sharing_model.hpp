// How a network model makes a stream's cap, weight and latency of the links on its way.
#pragma once

#include "models/network/spec.hpp"

namespace georep {

/// The factors of SimGrid's network models; our own leaves everything as it is. Sources: Casanova and Marchal, "A network model for simulation of
/// grid application", LIP report 2002-40 (CM02); Velho, Schnorr, Casanova and Legrand, "Flow-level network models: have we reached the
/// limits?", INRIA RR-7821 (LV08), whose factors are SimGrid's defaults.
struct SharingModel {
  double latency_factor = 1;    // of a message, and of the wait before a transfer's first byte
  double bandwidth_factor = 1;  // of every link: what headers leave of it
  bool by_latency = false;      // shares in proportion to 1 / (latency + extra), not all alike
  double weight_bytes = 0;      // adds weight_bytes / bandwidth of each link to the latency
  double window_bytes = 0;      // caps a stream at this / round trip; 0: not
  double acknowledgements = 0;  // share of a stream's rate that flows back
};

constexpr SharingModel sharing_model(NetworkModel model) {
  constexpr double window = 4'194'304;
  switch (model) {
    case NetworkModel::cm02: return {1, 1, true, 0, window, 0};
    case NetworkModel::lv08: return {13.01, 0.97, true, 20'537, window, 0.05};
    case NetworkModel::flow: break;
  }
  return {};
}

}  // namespace georep
