#include "analysis/verdicts/fields.hpp"

#include "sim/fields/flow_text.hpp"
#include "sim/fields/scalar_kinds.hpp"

namespace georep {
namespace {

RecordOf<OperationExpectation> operation_fields() {
  return RecordOf<OperationExpectation>("operation", "")
      .head<&OperationExpectation::operation>("operation", name("an operation"),
                                              "The operation of the timeline that is judged.")
      .field<&OperationExpectation::succeeds>("succeeds", optional(boolean()),
                                              "Whether it succeeds.", {.otherwise = "not asked"})
      .field<&OperationExpectation::fails>("fails", name("an error code"), "How it fails.",
                                           {.otherwise = "not asked"})
      .field<&OperationExpectation::gets>("gets", name("an image"), "The content that it gets.",
                                          {.otherwise = "not asked"})
      .field<&OperationExpectation::within>("within", optional(duration()),
                                            "Counted from its `at`, retries included.",
                                            {.otherwise = "any time"});
}

RecordOf<NeverExpectation> never_fields() {
  return RecordOf<NeverExpectation>("never", "")
      .head<&NeverExpectation::what>("never", name("an error code or an anomaly"),
                                     "What must not occur.")
      .field<&NeverExpectation::longer_than>("longer_than", duration(),
                                             "stale-read: answers up to this age are forgiven.")
      .field<&NeverExpectation::region>("region", name("a region"), "Only in this region.",
                                        {.otherwise = "anywhere"})
      .field<&NeverExpectation::of>("of", name("a reference"), "Only of this tag.",
                                    {.otherwise = "any"});
}

RecordOf<AlwaysExpectation> always_fields() {
  return RecordOf<AlwaysExpectation>("always", "").head<&AlwaysExpectation::invariant>(
      "always", name("an invariant"), "What holds at every moment.");
}

RecordOf<EventuallyExpectation> eventually_fields() {
  return RecordOf<EventuallyExpectation>("eventually", "")
      .head<&EventuallyExpectation::state>("eventually", name("a state"),
                                           "What is reached, and still holds at the end.")
      .field<&EventuallyExpectation::within>("within", optional(duration()),
                                             "Counted from the last change or fault.",
                                             {.otherwise = "any time"});
}

RecordOf<MeasureExpectation> measure_fields() {
  return RecordOf<MeasureExpectation>("measure", "")
      .head<&MeasureExpectation::measure>("measure", name("a measure"), "What is measured.")
      .field<&MeasureExpectation::of>("of", name("a reference"), "Only of this tag.",
                                      {.otherwise = "all"})
      .field<&MeasureExpectation::region>("region", name("a region"), "Only in this region.",
                                          {.otherwise = "all"})
      .field<&MeasureExpectation::link>("link", optional(pair(name("a region"))),
                                        "Only from the first region to the second.",
                                        {.otherwise = "all"})
      .field<&MeasureExpectation::code>("code", name("an error code"), "Only this code.",
                                        {.otherwise = "all"})
      .field<&MeasureExpectation::statistic>(
          "statistic", name("a statistic"),
          "mean, min, max, count, sum, stddev, or a percentile such as p99.9.", {.required = true})
      .choice<&MeasureExpectation::bound>(
          "a bound",
          RecordOf<BelowBound>("below", "")
              .head<&BelowBound::limit>("below", quantity(), "Less than this."),
          RecordOf<AboveBound>("above", "")
              .head<&AboveBound::limit>("above", quantity(), "More than this."),
          RecordOf<BetweenBound>("between", "")
              .head<&BetweenBound::limits>("between", pair(quantity()), "Both ends included."),
          RecordOf<EqualsBound>("equals", "")
              .head<&EqualsBound::value>("equals", quantity(), "Exactly this."));
}

RecordOf<RunningExpectation> running_fields() {
  return RecordOf<RunningExpectation>("running", "")
      .head<&RunningExpectation::cluster>("running", name("a cluster"), "Where it is looked.")
      .field<&RunningExpectation::at>("at", optional(duration()), "When.",
                                      {.otherwise = "at the end"})
      .field<&RunningExpectation::images>("images", list(name("an image"), {0, Repeats::refused}),
                                          "The distinct contents that run there.",
                                          {.required = true});
}

RecordOf<WebhookExpectation> webhook_expectation_fields() {
  return RecordOf<WebhookExpectation>("webhook", "")
      .head<&WebhookExpectation::webhook>("webhook", name("a webhook"), "Whose deliveries are judged.")
      .field<&WebhookExpectation::fires>("fires", optional(count(0)), "How many there are.",
                                         {.otherwise = "not asked"})
      .field<&WebhookExpectation::status>("status", optional(integer(100, 599)),
                                          "The status that each ends with.",
                                          {.otherwise = "not asked"})
      .field<&WebhookExpectation::within>("within", optional(duration()),
                                          "From the push to the end of each.",
                                          {.otherwise = "any time"});
}

}  // namespace

const RecordOf<ExpectationSpec>& expectation_fields() {
  static const RecordOf<ExpectationSpec> fields =
      RecordOf<ExpectationSpec>("expectation", "Something that must hold.")
          .choice<&ExpectationSpec::what>("an expectation", operation_fields(), never_fields(),
                                          always_fields(), eventually_fields(), measure_fields(),
                                          running_fields(), webhook_expectation_fields());
  return fields;
}

std::string text_of(const ExpectationSpec& expectation) {
  // The keys in the order of their declaration, which reads as a sentence: `operation x fails MANIFEST_UNKNOWN`.
  const Value value = KindOf<ExpectationSpec>(expectation_fields()).kind->write(&expectation);
  std::string text;
  for (std::size_t i = 0; i < value.keys().size(); ++i) {
    std::string key = value.keys()[i].text;
    std::string written = value.items()[i].is_scalar() ? value.items()[i].text()
                                                        : flow_text(value.items()[i]);
    if (key == "succeeds") {
      key = written == "true" ? "succeeds" : "does not succeed";
      written.clear();
    }
    if (key == "longer_than") key = "longer than";
    if (!text.empty()) text += ' ';
    text += key;
    if (!written.empty()) text += ' ' + written;
  }
  return text;
}

}  // namespace georep
