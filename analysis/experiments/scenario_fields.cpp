#include "analysis/experiments/scenario_fields.hpp"

#include "analysis/exploration/fields.hpp"
#include "analysis/verdicts/fields.hpp"
#include "models/world/fields.hpp"

namespace georep {

const RecordOf<Scenario>& scenario_fields() {
  static const RecordOf<Scenario> fields =
      RecordOf<Scenario>("scenario", "One scenario: what exists, what happens, what must hold.")
          .include<&Scenario::world>(world_fields())
          .field<&Scenario::uncertainty>("uncertainty", uncertainty_fields(),
                                         "What georep explore may decide.")
          .field<&Scenario::expect>("expect", list(KindOf<ExpectationSpec>(expectation_fields())),
                                    "What must hold.");
  return fields;
}

}  // namespace georep
