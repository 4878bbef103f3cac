#include "analysis/reports/store_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/experiments/magnitude.hpp"
#include "analysis/reports/html_page.hpp"
#include "analysis/reports/run_report.hpp"
#include "analysis/reports/study_report.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<HtmlPage::Cell>>;

// Okabe and Ito's colours, which people with any colour vision can tell apart.
constexpr std::array palette = {"#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999"};
// More curves than colours cannot be told apart, and more charts are not looked at.
constexpr std::size_t most_charts = 30;
constexpr std::size_t most_rows = 2'000;
// Ends of an axis that are further apart than this are shown by even ratios.
constexpr double wide = 20;

std::string settings_text(const PointSettings& settings, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < settings.size(); ++i)
    text += (text.empty() ? "" : ", ") + settings[i].first + " " + settings[i].second;
  return text;
}

std::string labels_text(const MeasureLabels& labels) {
  std::string text;
  for (const auto& [label, value] : labels) text += (text.empty() ? "" : ", ") + value;
  return text;
}

// What a number of the scenario language is divided by along an axis, and how that is named.
std::pair<double, const char*> axis_unit(Magnitude::Unit unit) {
  switch (unit) {
    case Magnitude::Unit::duration: return {1e9, ", s"};
    case Magnitude::Unit::size: return {1e6, ", MB"};
    case Magnitude::Unit::bandwidth: return {1e6, ", Mbps"};
    case Magnitude::Unit::rate: return {1, ", per second"};
    default: return {1, ""};
  }
}

// A curve: where along the first path, and what was found there.
struct Curve {
  std::string name;
  std::vector<std::pair<Json, Estimate>> points;
};

class StorePage {
 public:
  StorePage(const SweepIdentity& sweep, const std::vector<StoredPoint>& points)
      : sweep_{sweep}, points_{points}, page_{sweep.title} {}

  std::string text() {
    heading();
    if (points_.empty()) return page_.text();
    expectations();
    charts();
    measures();
    page_.heading("The scenario");
    page_.table({"as it was swept"}, scenario_lines());
    return page_.text();
  }

 private:
  void heading() {
    std::int64_t runs = 0;
    std::int64_t passed = 0;
    for (const StoredPoint& point : points_) {
      runs += point.summary.runs;
      passed += point.summary.passed;
    }
    if (runs == 0) {
      page_.paragraph("No run was made.", "verdict bad");
    } else {
      page_.paragraph(fmt::format("Every expectation held in {} of {} runs.", passed, runs),
                      passed == runs ? "verdict good" : "verdict bad");
    }
    page_.paragraph(fmt::format("{} combinations, seed {}, by {}.", points_.size(), sweep_.seed, sweep_.program), "quiet");
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const auto& [path, value] : points_.front().settings) paths.push_back(path);
    return paths;
  }

  void expectations() {
    const std::vector<ExpectationAcrossRuns>& expected = points_.front().summary.expectations;
    if (expected.empty()) return;
    page_.heading("Expected");
    std::vector<std::string> head = paths();
    head.insert(head.end(), {"expectation", "held in", "figure, mean over runs"});
    Rows rows;
    for (const StoredPoint& point : points_) {
      for (const ExpectationAcrossRuns& each : point.summary.expectations) {
        if (rows.size() == most_rows) break;
        std::vector<HtmlPage::Cell> row = settings_cells(point);
        const auto held = std::llround(each.passed.value * static_cast<double>(each.passed.samples));
        row.push_back({each.text});
        row.push_back({fmt::format("{} of {}", held, each.passed.samples), each.passed.value == 1 ? "good" : "bad"});
        row.push_back({each.figure ? interval_text(measure_in(each.text), *each.figure) : "", "number"});
        rows.push_back(std::move(row));
      }
    }
    page_.table(head, rows);
  }

  // A store has an expectation's words alone: `measure replication_lag … statistic p99 …`. A count is a plain number.
  static std::string_view measure_in(std::string_view expectation) {
    constexpr std::string_view begin = "measure ";
    if (!expectation.starts_with(begin) || expectation.find(" statistic count ") != std::string_view::npos) return "";
    expectation.remove_prefix(begin.size());
    return expectation.substr(0, expectation.find(' '));
  }

  static std::string interval_text(std::string_view measure, const Estimate& estimate) {
    const std::string value = figure_of(measure, estimate.value);
    if (!std::isfinite(estimate.half_width())) return value;
    return fmt::format("{} ({} … {})", value, figure_of(measure, estimate.low), figure_of(measure, estimate.high));
  }

  static std::vector<HtmlPage::Cell> settings_cells(const StoredPoint& point) {
    std::vector<HtmlPage::Cell> row;
    for (const auto& [path, value] : point.settings) row.push_back({value, "number"});
    return row;
  }

  // Numbers where all values of the first path are, else their texts.
  bool along_numbers() const {
    return std::all_of(points_.begin(), points_.end(), [](const StoredPoint& point) {
      return parse_magnitude(point.settings.front().second).has_value();
    });
  }
  Json place_of(const StoredPoint& point, bool numbers) const {
    const std::string& text = point.settings.front().second;
    if (!numbers) return text;
    const Magnitude magnitude = *parse_magnitude(text);
    return magnitude.value / axis_unit(magnitude.unit).first;
  }
  std::string axis_title(bool numbers) const {
    const auto& [path, value] = points_.front().settings.front();
    return numbers ? path + axis_unit(parse_magnitude(value)->unit).second : path;
  }

  void charts() {
    const bool varied = points_.size() > 1 && !points_.front().settings.empty();
    if (!varied) return;
    const bool numbers = along_numbers();
    std::vector<std::string> order;
    std::map<std::string, std::vector<Curve>> by_measure;
    std::map<std::string, std::string> units;
    for (const StoredPoint& point : points_) {
      for (const MeasureAcrossRuns& row : point.summary.measures) {
        if (row.samples == 0) continue;
        std::vector<Curve>& curves = by_measure[row.name];
        if (curves.empty()) order.push_back(row.name);
        units[row.name] = row.unit;
        std::string name = labels_text(row.labels);
        if (const std::string others = settings_text(point.settings, 1); !others.empty())
          name += (name.empty() ? "" : ", ") + others;
        auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& each) { return each.name == name; });
        if (curve == curves.end()) curve = curves.insert(curves.end(), Curve{name, {}});
        curve->points.emplace_back(place_of(point, numbers), row.mean);
      }
    }
    page_.heading("Along " + points_.front().settings.front().first);
    // What is the same everywhere needs no chart.
    std::erase_if(order, [&](const std::string& measure) { return is_flat(by_measure[measure]); });
    if (order.size() > most_charts) order.resize(most_charts);
    for (const std::string& measure : order) chart(measure, units[measure], by_measure[measure], numbers);
  }

  static bool is_flat(const std::vector<Curve>& curves) {
    const double first = curves.front().points.front().second.value;
    return std::all_of(curves.begin(), curves.end(), [first](const Curve& curve) {
      return std::all_of(curve.points.begin(), curve.points.end(),
                         [first](const auto& point) { return point.second.value == first; });
    });
  }

  static Json dataset(const Curve& curve, std::size_t number, double Estimate::*end) {
    Json data = Json::array();
    for (const auto& [place, estimate] : curve.points) data.push_back({{"x", place}, {"y", estimate.*end}});
    const char* colour = palette[number % palette.size()];
    const bool is_mean = end == &Estimate::value;
    const std::string name = curve.name.empty() ? "mean" : curve.name;
    Json set = {{"label", is_mean ? name : name + (end == &Estimate::low ? ", from" : ", to")},
                {"data", data},
                {"borderColor", colour},
                {"backgroundColor", colour},
                {"borderWidth", is_mean ? 2 : 1},
                {"pointRadius", is_mean ? 3 : 0}};
    if (!is_mean) set["borderDash"] = Json::array({4, 4});
    return set;
  }

  void chart(const std::string& measure, const std::string& unit, const std::vector<Curve>& curves, bool numbers) {
    const std::size_t shown = std::min(curves.size(), palette.size());
    const bool with_ends = shown <= 2 && std::isfinite(curves.front().points.front().second.half_width());
    Json datasets = Json::array();
    for (std::size_t i = 0; i < shown; ++i) {
      datasets.push_back(dataset(curves[i], i, &Estimate::value));
      if (!with_ends) continue;
      datasets.push_back(dataset(curves[i], i, &Estimate::low));
      datasets.push_back(dataset(curves[i], i, &Estimate::high));
    }
    Json x = {{"title", {{"display", true}, {"text", axis_title(numbers)}}}};
    x["type"] = !numbers ? "category" : is_wide(curves.front()) ? "logarithmic" : "linear";
    if (!numbers) x["labels"] = texts_along();
    const Json y = {{"title", {{"display", !unit.empty()}, {"text", unit}}}, {"beginAtZero", true}};
    const Json chart = {{"type", "line"},
                        {"data", {{"datasets", datasets}}},
                        {"options", {{"scales", {{"x", x}, {"y", y}}}}}};
    std::string title = measure + ", mean over runs" + (with_ends ? " and its 95% interval" : "");
    if (shown < curves.size()) title += fmt::format("; the first {} of {} curves", shown, curves.size());
    page_.chart(title, chart.dump(-1, ' ', false, Json::error_handler_t::replace), 260);
  }

  static bool is_wide(const Curve& curve) {
    double low = INFINITY;
    double high = 0;
    for (const auto& [place, estimate] : curve.points) {
      low = std::min(low, place.get<double>());
      high = std::max(high, place.get<double>());
    }
    return low > 0 && high / low > wide;
  }

  Json texts_along() const {
    Json texts = Json::array();
    for (const StoredPoint& point : points_)
      if (const Json place = place_of(point, false); std::find(texts.begin(), texts.end(), place) == texts.end())
        texts.push_back(place);
    return texts;
  }

  void measures() {
    page_.heading("Measures");
    std::vector<std::string> head = paths();
    head.insert(head.end(), {"measure", "of", "samples", "mean ± half of its 95% interval", "p50", "p99", "max"});
    Rows rows;
    std::size_t all = 0;
    for (const StoredPoint& point : points_) {
      for (const MeasureAcrossRuns& row : point.summary.measures) {
        if (row.samples == 0 || ++all > most_rows) continue;
        std::vector<HtmlPage::Cell> cells = settings_cells(point);
        cells.push_back({row.name});
        cells.push_back({labels_text(row.labels)});
        cells.push_back({grouped(static_cast<std::uint64_t>(row.samples)), "number"});
        for (const Estimate* estimate : {&row.mean, &row.p50, &row.p99})
          cells.push_back({estimate_text(row.name, *estimate), "number"});
        cells.push_back({figure_of(row.name, row.max), "number"});
        rows.push_back(std::move(cells));
      }
    }
    page_.table(head, rows);
    if (all > most_rows) page_.paragraph(fmt::format("and {} more; the store has them all", all - most_rows), "quiet");
  }

  Rows scenario_lines() const {
    Rows rows;
    for (std::size_t at = 0; at < sweep_.scenario.size();) {
      const std::size_t end = std::min(sweep_.scenario.find('\n', at), sweep_.scenario.size());
      std::string line = sweep_.scenario.substr(at, end - at);
      // Blanks at the beginning of a line mean something in YAML and nothing in HTML.
      std::string indent;
      for (std::size_t i = 0; i < line.size() && line[i] == ' '; ++i) indent += "\u00A0";
      rows.push_back({{indent + line.substr(std::min(line.find_first_not_of(' '), line.size())), "code"}});
      at = end + 1;
    }
    return rows;
  }

  const SweepIdentity& sweep_;
  const std::vector<StoredPoint>& points_;
  HtmlPage page_;
};

}  // namespace

std::string store_report(const SweepIdentity& sweep, const std::vector<StoredPoint>& points) {
  return StorePage{sweep, points}.text();
}

}  // namespace georep
