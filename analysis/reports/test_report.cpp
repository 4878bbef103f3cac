#include "analysis/reports/test_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/reports/escape.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

/// A failure of a file, whatever failed.
struct FailedCheck {
  std::string what;
  std::string detail;
  int line = 0;
};

std::vector<FailedCheck> failures_of(const TestedFile& file) {
  if (!file.problem.empty()) return {{"runs to its end", file.problem, file.problem_line}};
  std::vector<FailedCheck> failures;
  for (const ExpectationResult& expectation : file.result.expectations)
    if (!expectation.passed) failures.push_back({expectation.text, expectation.detail, expectation.line});
  return failures;
}

std::string junit_case(const TestedFile& file, const std::string& name, const std::string& element,
                       const FailedCheck* failure) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml_escaped(file.file), xml_escaped(name));
  if (failure == nullptr) return text + "/>\n";
  const std::string first_line = failure->detail.substr(0, failure->detail.find('\n'));
  return text + fmt::format(">\n      <{0} message=\"{1}\">{2}\n{3}:{4}\n{5}</{0}>\n    </testcase>\n", element,
                            xml_escaped(first_line), xml_escaped(failure->detail), xml_escaped(file.file),
                            failure->line, xml_escaped(file.replay));
}

std::string junit_suite(const TestedFile& file) {
  std::string cases;
  std::size_t tests = 1;
  const std::vector<FailedCheck> failures = failures_of(file);
  if (!file.problem.empty()) {
    cases = junit_case(file, failures.front().what, "error", &failures.front());
  } else if (file.result.expectations.empty()) {
    cases = junit_case(file, "runs to its end", "failure", nullptr);
  } else {
    tests = file.result.expectations.size();
    auto failure = failures.begin();
    for (const ExpectationResult& expectation : file.result.expectations)
      cases += junit_case(file, expectation.text, "failure", expectation.passed ? nullptr : &*failure++);
  }
  const bool error = !file.problem.empty();
  return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{}  </testsuite>\n",
                     xml_escaped(file.title.empty() ? file.file : file.title), tests,
                     error ? 0 : failures.size(), error ? 1 : 0, cases);
}

std::string annotation_text(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    const bool escaped = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    result += escaped ? fmt::format("%{:02X}", static_cast<unsigned>(c)) : std::string(1, c);
  }
  return result;
}

std::string markdown_cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '\\') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

}  // namespace

std::size_t count_passed(const std::vector<TestedFile>& files) {
  return static_cast<std::size_t>(
      std::count_if(files.begin(), files.end(), [](const TestedFile& file) { return file.passed(); }));
}

std::string junit_xml(const std::vector<TestedFile>& files) {
  std::string suites;
  for (const TestedFile& file : files) suites += junit_suite(file);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"georep\">\n" + suites + "</testsuites>\n";
}

std::string github_annotations(const std::vector<TestedFile>& files) {
  constexpr std::size_t most = 10;
  std::string lines;
  std::size_t shown = 0;
  std::size_t all = 0;
  for (const TestedFile& file : files)
    for (const FailedCheck& failure : failures_of(file)) {
      // The last place is for the count of those that are left.
      if (++all >= most) continue;
      ++shown;
      lines += fmt::format("::error file={}{},title={}::{}\n", annotation_text(file.file, true),
                           failure.line > 0 ? fmt::format(",line={}", failure.line) : "",
                           annotation_text(failure.what, true),
                           annotation_text(failure.detail + "\n" + file.replay, false));
    }
  if (all > shown) lines += fmt::format("::error::and {} more\n", counted(all - shown, "failure"));
  return lines;
}

std::string github_summary(const std::vector<TestedFile>& files) {
  const std::size_t passed = count_passed(files);
  std::string text = fmt::format("### georep: {} passed, {} failed\n", passed, files.size() - passed);
  if (passed == files.size()) return text;
  text += "\n| scenario | expected | found |\n|---|---|---|\n";
  for (const TestedFile& file : files)
    for (const FailedCheck& failure : failures_of(file))
      text += fmt::format("| {} | {} | {} |\n", markdown_cell(file.file), markdown_cell(failure.what),
                          markdown_cell(failure.detail));
  return text;
}

std::string test_json(const std::vector<TestedFile>& files) {
  const std::size_t passed = count_passed(files);
  std::string lines;
  for (const TestedFile& file : files) {
    Json json = {{"file", file.file}, {"passed", file.passed()}, {"scenario", file.title}};
    if (!file.problem.empty())
      json["problem"] = file.problem;
    else
      json["trace_hash"] = fmt::format("{:016x}", file.result.trace_hash);
    Json failures = Json::array();
    for (const FailedCheck& failure : failures_of(file))
      failures.push_back({{"text", failure.what}, {"detail", failure.detail}, {"line", failure.line}});
    json["failures"] = std::move(failures);
    json["replay"] = file.replay;
    lines += (lines.empty() ? "\n  " : ",\n  ") + json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return fmt::format("{{\n\"georep\": 1,\n\"passed\": {},\n\"failed\": {},\n\"results\": [{}\n]}}\n", passed,
                     files.size() - passed, lines);
}

}  // namespace georep
