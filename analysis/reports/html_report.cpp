#include "analysis/reports/html_report.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/reports/html_page.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<HtmlPage::Cell>>;

// Okabe and Ito's colours, which people with any colour vision can tell apart.
constexpr std::array palette = {"#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999"};
constexpr const char* good_colour = "#009E73";
constexpr const char* bad_colour = "#D55E00";
constexpr const char* open_colour = "#E69F00";

constexpr std::size_t most_bars = 60;
constexpr std::size_t most_rows = 1'000;

const char* colour(std::size_t curve) {
  return palette[curve % palette.size()];
}

Json axis(const std::string& title) {
  return {{"title", {{"display", true}, {"text", title}}}};
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The unit in which simulated time reads best along an axis.
struct TimeUnit {
  double seconds = 1;
  const char* name = "s";
};

TimeUnit time_unit(Instant end) {
  if (end.seconds() >= 2 * 86'400) return {86'400, "d"};
  if (end.seconds() >= 2 * 3'600) return {3'600, "h"};
  if (end.seconds() >= 2 * 60) return {60, "min"};
  if (end.seconds() >= 2) return {};
  return {1e-3, "ms"};
}

class RunPage {
 public:
  RunPage(const RunReport& report, const SeriesRecorder& series)
      : report_{report},
        series_{series},
        page_{report.scenario.world.scenario},
        unit_{time_unit(report.result.ended_at)} {}

  std::string text() {
    heading();
    expectations();
    operations();
    over_time();
    measures();
    deliveries();
    return page_.text();
  }

 private:
  const RunResult& result() const { return report_.result; }

  double on_axis(double seconds) const { return seconds / unit_.seconds; }
  static Json time_axis(const TimeUnit& unit) {
    Json time = axis(fmt::format("simulated time, {}", unit.name));
    time["type"] = "linear";
    time["min"] = 0;
    return time;
  }

  void heading() {
    if (!report_.scenario.world.description.empty()) page_.paragraph(report_.scenario.world.description);
    std::string verdict = verdict_text(result()) + ".";
    verdict.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(verdict.front())));
    page_.paragraph(verdict, result().passed ? "verdict good" : "verdict bad");
    if (result().interrupted)
      page_.paragraph(
          fmt::format("Interrupted at {}: this is what there was until then.", figure(result().ended_at)), "warning");
    if (result().endless) page_.paragraph(endless_text(result()), "warning");
    page_.paragraph(fmt::format("{}, seed {}. Ended at {} after {}, trace {}.", report_.file, result().seed,
                                figure(result().ended_at), counted(result().events, "event"),
                                trace_hash_text(result())),
                    "quiet");
    page_.paragraph(report_.replay, "code");
    for (const std::string& note : report_.notes) page_.paragraph(note, "quiet");
  }

  void expectations() {
    if (result().expectations.empty()) return;
    page_.heading("Expected");
    Rows rows;
    for (const ExpectationResult& expectation : result().expectations)
      rows.push_back({{expectation.passed ? "held" : "failed", expectation.passed ? "good" : "bad"},
                      {expectation.text},
                      {expectation.detail},
                      {expectation.line > 0 ? std::to_string(expectation.line) : "", "number"}});
    page_.table({"", "expectation", "found", "line"}, rows);
  }

  void operations() {
    if (result().operations.empty()) return;
    page_.heading("What happened");
    operations_chart();
    Rows rows;
    for (const OperationResult& operation : result().operations) {
      if (rows.size() == most_rows) break;
      const bool ok = operation.outcome == "ok";
      const bool unfinished = operation.outcome == "unfinished";
      rows.push_back({{figure(operation.at), "number"},
                      {operation.name},
                      {operation.kind + " " + operation.reference},
                      {operation.issued_from.empty() ? operation.host
                                                     : operation.host + " for " + operation.issued_from},
                      {operation.replica},
                      {operation.outcome, ok ? "good" : unfinished ? "warning" : "bad"},
                      {content_name(report_.plan, operation.digest)},
                      {unfinished ? "" : figure(operation.duration), "number"},
                      {std::to_string(operation.attempts), "number"}});
    }
    page_.table({"at", "operation", "what", "host", "replica", "outcome", "content", "took", "attempts"}, rows);
    left_out(result().operations.size());
  }

  // Each operation as a bar from its beginning to its end, coloured by its outcome.
  void operations_chart() {
    const std::size_t shown = std::min(result().operations.size(), most_bars);
    // A workload may go on long after the last of them.
    Instant last;
    for (std::size_t i = 0; i < shown; ++i)
      last = std::max(last, result().operations[i].at + result().operations[i].duration);
    const TimeUnit unit = time_unit(last);
    Json labels = Json::array();
    Json bars = Json::array();
    Json colours = Json::array();
    for (std::size_t i = 0; i < shown; ++i) {
      const OperationResult& operation = result().operations[i];
      labels.push_back(operation.name);
      bars.push_back({operation.at.seconds() / unit.seconds,
                      (operation.at + operation.duration).seconds() / unit.seconds});
      colours.push_back(operation.outcome == "ok"           ? good_colour
                        : operation.outcome == "unfinished" ? open_colour
                                                            : bad_colour);
    }
    // A bar of a few milliseconds among seconds still shows.
    const Json dataset = {{"data", bars}, {"backgroundColor", colours}, {"minBarLength", 3}, {"maxBarThickness", 16}};
    const Json chart = {{"type", "bar"},
                        {"data", {{"labels", labels}, {"datasets", {dataset}}}},
                        {"options",
                         {{"indexAxis", "y"},
                          {"plugins", {{"legend", {{"display", false}}}}},
                          {"scales", {{"x", time_axis(unit)}, {"y", {{"grid", {{"display", false}}}}}}}}}};
    page_.chart(shown < result().operations.size()
                    ? fmt::format("The first {} of {}", shown, counted(result().operations.size(), "operation"))
                    : "Green got what it asked for, orange did not, yellow had not ended",
                dumped(chart), 70 + 22 * static_cast<int>(shown));
  }

  void over_time() {
    using enum SeriesRecorder::Figure;
    const std::pair<SeriesRecorder::Figure, const char*> all[] = {
        {requests_per_second, "Manifest requests answered, per second"},
        {hit_ratio, "Share of manifest requests that the cache answered"},
        {storage_per_second, "Manifest requests served by storage, per second"},
        {failures_per_second, "Failed attempts, per second"},
        {queue, "Changes waiting to be copied, by destination"}};
    bool any = false;
    for (const auto& [figure, title] : all) any |= line_chart(figure, title, !any);
    copies_chart(!any);
  }

  bool line_chart(SeriesRecorder::Figure figure, const char* title, bool first) {
    const std::vector<SeriesRecorder::Curve> curves = series_.curves(figure);
    const std::vector<double> starts = series_.window_starts();
    if (curves.empty() || starts.size() < 2) return false;
    if (first) page_.heading("Over time");
    Json datasets = Json::array();
    for (std::size_t i = 0; i < curves.size(); ++i) {
      Json points = Json::array();
      const auto known = std::count_if(curves[i].values.begin(), curves[i].values.end(),
                                       [](const std::optional<double>& value) { return value.has_value(); });
      for (std::size_t k = 0; k < starts.size(); ++k)
        points.push_back({{"x", on_axis(starts[k])}, {"y", curves[i].values[k] ? Json(*curves[i].values[k]) : Json(nullptr)}});
      datasets.push_back({{"label", curves[i].replica},
                          {"data", points},
                          {"borderColor", colour(i)},
                          {"backgroundColor", colour(i)},
                          {"borderWidth", 1.5},
                          {"pointRadius", known < 50 ? 2 : 0},  // a value between two gaps makes no line
                          {"stepped", true}});
    }
    page_.chart(title,
                dumped({{"type", "line"},
                        {"data", {{"datasets", datasets}}},
                        {"options", {{"scales", {{"x", time_axis(unit_)}, {"y", {{"beginAtZero", true}}}}}}}}),
                260);
    return true;
  }

  void copies_chart(bool first) {
    const auto copies = series_.copies();
    if (copies.empty()) return;
    if (first) page_.heading("Over time");
    Json datasets = Json::array();
    for (const auto& [replica, points] : copies) {
      Json data = Json::array();
      for (const auto& [at, lasted] : points) data.push_back({{"x", on_axis(at)}, {"y", lasted}});
      const char* ink = colour(datasets.size());
      datasets.push_back({{"label", replica}, {"data", data}, {"borderColor", ink}, {"backgroundColor", ink}, {"pointRadius", 3}});
    }
    Json y = axis("s");
    y["beginAtZero"] = true;
    page_.chart("From each commit until a replica had all of the change",
                dumped({{"type", "scatter"},
                        {"data", {{"datasets", datasets}}},
                        {"options", {{"scales", {{"x", time_axis(unit_)}, {"y", y}}}}}}),
                260);
  }

  void measures() {
    if (result().measures.empty()) return;
    page_.heading("Measures");
    Rows rows;
    for (const MeasureRow& row : result().measures) {
      if (rows.size() == most_rows) break;
      const auto cell = [&](double value) {
        return HtmlPage::Cell{row.count == 0 ? "" : figure_of(row, value), "number"};
      };
      rows.push_back({{row.name},
                      {labels_text(row)},
                      {grouped(static_cast<std::uint64_t>(row.count)), "number"},
                      cell(row.mean),
                      cell(row.min),
                      cell(row.p50),
                      cell(row.p90),
                      cell(row.p99),
                      cell(row.max)});
    }
    page_.table({"measure", "of", "samples", "mean", "min", "p50", "p90", "p99", "max"}, rows);
    left_out(result().measures.size());
  }

  void deliveries() {
    if (result().deliveries.empty()) return;
    page_.heading("Webhooks");
    Rows rows;
    for (const DeliveryResult& delivery : result().deliveries) {
      if (rows.size() == most_rows) break;
      const bool well = delivery.status >= 200 && delivery.status < 400;
      rows.push_back({{figure(delivery.fired_at), "number"},
                      {delivery.webhook},
                      {delivery.action + " " + delivery.reference},
                      {delivery.status == 0 ? "none" : std::to_string(delivery.status), well ? "good" : "bad"},
                      {std::to_string(delivery.attempts), "number"},
                      {delivery.ended_at ? figure(*delivery.ended_at - delivery.fired_at) : "", "number"}});
    }
    page_.table({"fired at", "webhook", "event", "answer", "attempts", "took"}, rows);
    left_out(result().deliveries.size());
  }

  void left_out(std::size_t all) {
    if (all > most_rows)
      page_.paragraph(fmt::format("and {} more; georep run --json has them all", grouped(all - most_rows)), "quiet");
  }

  const RunReport& report_;
  const SeriesRecorder& series_;
  HtmlPage page_;
  TimeUnit unit_;
};

}  // namespace

std::string html_report(const RunReport& report, const SeriesRecorder& series) {
  return RunPage{report, series}.text();
}

}  // namespace georep
