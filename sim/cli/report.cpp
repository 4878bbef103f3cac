#include "sim/cli/report.hpp"

#include <filesystem>
#include <utility>
#include <vector>

#include "analysis/experiments/store.hpp"
#include "analysis/reports/store_report.hpp"
#include "sim/cli/files.hpp"

namespace georep {

ExitCode report_store(const ReportArguments& arguments, Terminal& terminal) {
  const auto complain = [&](const std::string& problem) {
    terminal.complain("georep report: " + problem);
    return ExitCode::unreadable;
  };
  const auto store = ResultsStore::open(arguments.store);
  if (!store) return complain(store.error());
  std::vector<StoredPoint> points;
  for (std::size_t i = 0; i < store->points().size(); ++i) {
    auto summary = store->summary_of(static_cast<std::int64_t>(i));
    if (!summary) return complain(summary.error());
    if (summary->runs > 0) points.push_back({store->points()[i], std::move(*summary)});
  }
  std::string out = arguments.out;
  if (out.empty()) out = std::filesystem::path{arguments.store}.replace_extension(".html").string();
  if (const auto written = write_file(out, store_report(store->identity(), points)); !written)
    return complain(written.error());
  terminal.say("wrote " + out);
  return ExitCode::ok;
}

}  // namespace georep
