#include "analysis/reports/html_page.hpp"

#include <fmt/format.h>

#include "analysis/reports/embedded.hpp"
#include "analysis/reports/escape.hpp"

namespace georep {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #5b6571; --line: #d5dae0; --back: #ffffff; --stripe: #f5f7f9;
  --good: #00704f; --bad: #b03a00; --warning: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ec; --quiet: #9aa5b1; --line: #39424d; --back: #14181d;
  --stripe: #1b2026; --good: #3fc79a; --bad: #ff8a50; --warning: #f0b429; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; padding: 0 1.5rem; max-width: 68rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 1.2rem 0 .3rem; }
p { margin: .3rem 0; max-width: 50rem; }
.verdict { font-size: 1.1rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); } .quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--quiet); white-space: nowrap; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.code, p.code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: .85em; overflow-wrap: anywhere; }
.chart { position: relative; width: 100%; }
@media print { body { margin: 0; max-width: none; } .chart, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
)";

// The configurations hold data alone, so what needs a function is set here: colours of text and grid, and units of axes.
constexpr std::string_view script = R"(
const css = getComputedStyle(document.documentElement);
Chart.defaults.color = css.getPropertyValue('--quiet').trim();
Chart.defaults.borderColor = css.getPropertyValue('--line').trim();
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
for (const canvas of document.querySelectorAll('canvas')) {
  const chart = JSON.parse(document.getElementById(canvas.id + '-data').textContent);
  new Chart(canvas, chart);
}
)";

// Inside a script element nothing may look like its end.
std::string script_safe(std::string_view json) {
  std::string result;
  for (const char c : json) {
    if (c == '<')
      result += "\\u003c";
    else
      result += c;
  }
  return result;
}

}  // namespace

void HtmlPage::heading(std::string_view text) {
  body_ += fmt::format("<h2>{}</h2>\n", xml_escaped(text));
}

void HtmlPage::paragraph(std::string_view text, std::string_view css_class) {
  if (css_class.empty())
    body_ += fmt::format("<p>{}</p>\n", xml_escaped(text));
  else
    body_ += fmt::format("<p class=\"{}\">{}</p>\n", css_class, xml_escaped(text));
}

void HtmlPage::table(const std::vector<std::string>& head, const std::vector<std::vector<Cell>>& rows) {
  body_ += "<div class=\"scroll\"><table>\n<tr>";
  for (std::size_t i = 0; i < head.size(); ++i) {
    // A column of numbers has its heading on the same side.
    const bool number = !rows.empty() && i < rows.front().size() && rows.front()[i].css_class == "number";
    body_ += fmt::format("<th{}>{}</th>", number ? " class=\"number\"" : "", xml_escaped(head[i]));
  }
  body_ += "</tr>\n";
  for (const auto& row : rows) {
    body_ += "<tr>";
    for (const Cell& cell : row)
      body_ += fmt::format("<td{}>{}</td>", cell.css_class.empty() ? "" : " class=\"" + cell.css_class + "\"",
                           xml_escaped(cell.text));
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void HtmlPage::chart(std::string_view title, std::string_view configuration, int height) {
  const std::string id = fmt::format("chart-{}", charts_.size() + 1);
  body_ += fmt::format(
      "<h3>{}</h3>\n<div class=\"chart\" style=\"height: {}px\"><canvas id=\"{}\" role=\"img\" aria-label=\"{}\"></canvas></div>\n",
      xml_escaped(title), height, id, xml_escaped(title));
  charts_.push_back(fmt::format("<script type=\"application/json\" id=\"{}-data\">{}</script>\n", id,
                                script_safe(configuration)));
}

std::string HtmlPage::text() const {
  std::string result = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n<style>{1}</style>\n"
      "</head>\n<body>\n<h1>{0}</h1>\n{2}",
      xml_escaped(title_), style, body_);
  for (const std::string& chart : charts_) result += chart;
  if (!charts_.empty()) {
    result += "<script>";
    result += embedded::chart_min;
    result += "</script>\n<script>";
    result += script;
    result += "</script>\n";
  }
  return result + "</body>\n</html>\n";
}

}  // namespace georep
