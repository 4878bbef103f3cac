#include "analysis/explanation/question.hpp"

#include <algorithm>
#include <utility>

#include "analysis/verdicts/fields.hpp"
#include "analysis/verdicts/vocabulary.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {

namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

// The word that an expectation goes by.
std::string word_of(const ExpectationSpec& expectation) {
  return std::visit(Overloaded{
                        [](const OperationExpectation& spec) { return spec.operation; },
                        [](const NeverExpectation& spec) { return spec.what; },
                        [](const AlwaysExpectation& spec) { return spec.invariant; },
                        [](const EventuallyExpectation& spec) { return spec.state; },
                        [](const MeasureExpectation& spec) { return spec.measure; },
                        [](const RunningExpectation& spec) { return spec.cluster; },
                        [](const WebhookExpectation& spec) { return spec.webhook; },
                    },
                    expectation.what);
}

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What can be asked of every scenario, though it expects nothing of the kind.
bool add_expectation(Scenario& scenario, const std::string& name) {
  ExpectationSpec added;
  if (is_among(name, names_of(anomaly_terms())) || is_among(name, error_code_names())) {
    NeverExpectation never;
    never.what = name;
    added.what = std::move(never);
  } else if (is_among(name, names_of(invariant_terms()))) {
    added.what = AlwaysExpectation{name};
  } else if (is_among(name, names_of(state_terms()))) {
    added.what = EventuallyExpectation{name, {}};
  } else {
    return false;
  }
  scenario.expect.push_back(std::move(added));
  return true;
}

std::string nothing_of_that_name(const Scenario& scenario, const Plan& plan, const std::string& name) {
  std::vector<std::string> names;
  for (const OperationPlan& operation : plan.operations) names.push_back(operation.name);
  for (const ExpectationSpec& expectation : scenario.expect)
    if (const std::string word = word_of(expectation); !is_among(word, names)) names.push_back(word);
  const std::size_t own = names.size();
  for (const auto& known : {names_of(anomaly_terms()), names_of(invariant_terms()), error_code_names()})
    names.insert(names.end(), known.begin(), known.end());
  const std::string problem = "there is no operation and no expectation '" + name + "'";
  const std::string nearest = nearest_name(name, names);
  if (!nearest.empty()) return problem + "; did you mean '" + nearest + "'?";
  names.resize(std::min<std::size_t>(own, 12));
  return names.empty() ? problem : problem + "; there are " + either(names);
}

}  // namespace

std::expected<Question, std::string> find_question(Scenario& scenario, const Plan& plan, const std::string& name) {
  Question question;
  question.name = name;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const OperationPlan& operation = plan.operations[i];
    if (operation.name == name || plan.spec.timeline[operation.entry].as == name) question.candidates.push_back(i);
  }
  if (!question.candidates.empty()) return question;
  question.about = Question::About::expectation;
  const auto look = [&] {
    for (std::size_t i = 0; i < scenario.expect.size(); ++i)
      if (word_of(scenario.expect[i]) == name || text_of(scenario.expect[i]) == name) question.candidates.push_back(i);
    return !question.candidates.empty();
  };
  if (look() || (add_expectation(scenario, name) && look())) return question;
  return std::unexpected{nothing_of_that_name(scenario, plan, name)};
}

Question question_about(const Scenario& scenario, std::size_t expectation) {
  Question question;
  question.name = word_of(scenario.expect[expectation]);
  question.about = Question::About::expectation;
  question.candidates = {expectation};
  return question;
}

}  // namespace georep
