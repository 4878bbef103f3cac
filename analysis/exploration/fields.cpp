#include "analysis/exploration/fields.hpp"

#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

KindOf<std::optional<DelaySpread>> spread() {
  return optional(KindOf<DelaySpread>(
      OneOf<DelaySpread>("a share such as 20%, or a range such as [40 ms, 90 ms]")
          .form<Ratio>(&written_as_scalar, ratio())
          .form<DurationRange>(&written_as_list, pair(duration()))));
}

RecordOf<UncertainFaults> fault_fields() {
  const auto fault = words<UncertainFault>(
      {{"duplicate-delivery", UncertainFault::duplicate_delivery, "a change arrives twice"},
       {"reordered-delivery", UncertainFault::reordered_delivery, "two changes swap places"},
       {"replication-crash", UncertainFault::replication_crash, "a copy stops half done"},
       {"lost-webhook", UncertainFault::lost_webhook, "a delivery never arrives"},
       {"lost-invalidation", UncertainFault::lost_invalidation, "an eviction never arrives"}});
  return RecordOf<UncertainFaults>("faults", "Faults that may strike.")
      .field<&UncertainFaults::at_most>("at_most", count(0), "How many in one run.",
                                        {.required = true})
      .field<&UncertainFaults::of>("of", list(fault, {1, Repeats::refused}), "Which.",
                                   {.required = true});
}

}  // namespace

const RecordOf<UncertaintySpec>& uncertainty_fields() {
  static const RecordOf<UncertaintySpec> fields =
      RecordOf<UncertaintySpec>(
          "uncertainty", "What georep explore may decide; an ordinary run decides none of it.")
          .field<&UncertaintySpec::ties>("ties", boolean(), "The order of events at one instant.")
          .field<&UncertaintySpec::latency>("latency", spread(),
                                            "Each message's delay, plus or minus or within.",
                                            {.otherwise = "nominal"})
          .field<&UncertaintySpec::bandwidth>("bandwidth", optional(ratio()),
                                              "Each transfer's duration, plus or minus.",
                                              {.otherwise = "nominal"})
          .field<&UncertaintySpec::storage>("storage", spread(), "Each storage access.",
                                            {.otherwise = "nominal"})
          .field<&UncertaintySpec::start_delay>("start_delay", spread(),
                                                "Each replication's start.",
                                                {.otherwise = "nominal"})
          .field<&UncertaintySpec::at>("at",
                                       named_values<&UncertainTime::name, &UncertainTime::range>(
                                           pair(duration()), "operations"),
                                       "When a named entry of the timeline happens; with after, how long after that.")
          .field<&UncertaintySpec::faults>("faults", optional(KindOf<UncertainFaults>(fault_fields())),
                                           "Faults that may strike.", {.otherwise = "none"});
  return fields;
}

}  // namespace georep
