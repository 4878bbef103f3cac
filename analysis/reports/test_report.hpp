// The results of a test runner in the forms that its readers take: JUnit XML for continuous integration, annotations and a
// summary for GitHub, JSON for programs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/experiments/run.hpp"

namespace georep {

/// What became of one scenario file.
struct TestedFile {
  std::string file;
  std::string title;    ///< empty where the file could not be read
  std::string problem;  ///< why it did not run to its end: diagnostics, an unreadable file; empty where it did
  int problem_line = 0; ///< where in the file, where that is known
  RunResult result;     ///< of a file that ran
  std::string replay;   ///< the command that runs it again

  bool passed() const { return problem.empty() && result.passed; }
};

std::size_t count_passed(const std::vector<TestedFile>& files);

/// A suite for each file, a case for each expectation (Jenkins' JUnit schema). No times: the same scenarios give the same file.
std::string junit_xml(const std::vector<TestedFile>& files);

/// One `::error` line for each failure, at most ten, which is as many as GitHub shows of a step (docs.github.com, "Workflow
/// commands"); one more says how many are left.
std::string github_annotations(const std::vector<TestedFile>& files);

/// A table of what failed, in Markdown, for `GITHUB_STEP_SUMMARY`.
std::string github_summary(const std::vector<TestedFile>& files);

/// One object, with a line for each file.
std::string test_json(const std::vector<TestedFile>& files);

}  // namespace georep
