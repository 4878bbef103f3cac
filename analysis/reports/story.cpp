#include "analysis/reports/story.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/fields/figures.hpp"

namespace georep {

namespace {

constexpr std::size_t indent = 2;

class Story {
 public:
  Story(const RunReport& report, const TextStyle& style) : report_{report}, style_{style} {}

  std::string text() {
    heading();
    operations();
    deliveries();
    measures();
    expectations();
    ending();
    return std::move(text_);
  }

 private:
  const RunResult& result() const { return report_.result; }

  void line(const std::string& text) { text_ += text + "\n"; }
  void section(std::string_view title) { line("\n" + paint(style_, Ink::strong, title)); }
  void quiet_paragraph(std::string_view text) {
    for (const std::string& part : wrapped(text, style_.width - indent))
      line(std::string(indent, ' ') + paint(style_, Ink::quiet, part));
  }

  void heading() {
    line(paint(style_, Ink::strong, report_.scenario.world.scenario));
    line(paint(style_, Ink::quiet, fmt::format("{}, seed {}", report_.file, result().seed)));
    if (result().interrupted)
      line(paint(style_, Ink::warning,
                 fmt::format("Interrupted at {}: this is what there was until then.", figure(result().ended_at))));
    if (result().endless) line(paint(style_, Ink::bad, endless_text(result())));
  }

  // In the order of time; the JSON has them in the order of the file.
  void operations() {
    std::vector<const OperationResult*> order;
    for (const OperationResult& operation : result().operations) order.push_back(&operation);
    if (order.empty()) return;
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* x, const auto* y) { return x->at < y->at; });
    const std::size_t all = order.size();
    order.resize(std::min(all, most_story_lines));
    const std::string& reference = order.front()->reference;
    const bool alike = std::all_of(order.begin(), order.end(),
                                   [&](const auto* operation) { return operation->reference == reference; });
    section(alike ? "What happened to " + reference : "What happened");
    operation_rows(order, alike);
    more(all, "operation");
  }

  // One line for each operation where that fits, else two.
  void operation_rows(const std::vector<const OperationResult*>& order, bool alike) {
    TextTable wide{{Align::right, Align::left, Align::left, Align::left, Align::left, Align::left, Align::right}};
    for (const OperationResult* operation : order)
      wide.add({{figure(operation->at), Ink::quiet},
                {operation->name, Ink::strong},
                {alike ? operation->kind : operation->kind + " " + operation->reference},
                {host_of(*operation)},
                {operation->replica.empty() ? "" : "-> " + operation->replica},
                outcome_of(*operation),
                {took(*operation)}});
    if (indent + wide.natural_width() <= style_.width) {
      text_ += wide.text(style_, indent);
      return;
    }
    TextTable narrow{{Align::right, Align::left, Align::left, Align::right}};
    for (const OperationResult* operation : order)
      narrow.add({{figure(operation->at), Ink::quiet}, {operation->name, Ink::strong}, outcome_of(*operation), {took(*operation)}});
    std::size_t time_width = 0;
    for (const OperationResult* operation : order) time_width = std::max(time_width, columns_of(figure(operation->at)));
    const std::string margin(indent + time_width + 2, ' ');
    std::string_view rest;
    const std::string lines = narrow.text(style_, indent);
    rest = lines;
    for (const OperationResult* operation : order) {
      const std::size_t end = rest.find('\n') + 1;
      text_ += rest.substr(0, end);
      rest.remove_prefix(end);
      std::string what = alike ? operation->kind : operation->kind + " " + operation->reference;
      what += " on " + host_of(*operation);
      if (!operation->replica.empty()) what += " -> " + operation->replica;
      line(margin + paint(style_, Ink::quiet, shortened(what, style_.width - margin.size())));
    }
  }

  static std::string host_of(const OperationResult& operation) {
    return operation.issued_from.empty() ? operation.host : operation.host + " for " + operation.issued_from;
  }

  static std::string took(const OperationResult& operation) {
    return operation.outcome == "unfinished" ? "" : figure(operation.duration);
  }

  TextTable::Cell outcome_of(const OperationResult& operation) const {
    const bool ok = operation.outcome == "ok";
    std::string outcome = operation.outcome;
    if (const std::string content = content_name(report_.plan, operation.digest); ok && !content.empty())
      outcome += ", " + content;
    if (operation.attempts > 1) outcome += fmt::format(", {} attempts", operation.attempts);
    return {outcome, ok ? Ink::good : operation.outcome == "unfinished" ? Ink::warning : Ink::bad};
  }

  void deliveries() {
    if (result().deliveries.empty()) return;
    section("Webhooks");
    TextTable table{{Align::right, Align::left, Align::left, Align::left, Align::right}};
    for (std::size_t i = 0; i < std::min(result().deliveries.size(), most_story_lines); ++i) {
      const DeliveryResult& delivery = result().deliveries[i];
      const bool well = delivery.status >= 200 && delivery.status < 400;
      std::string answer = delivery.status == 0 ? "not delivered" : fmt::format("answered {}", delivery.status);
      if (!delivery.ended_at) answer = "under way";
      if (delivery.attempts > 1) answer += fmt::format(", {} attempts", delivery.attempts);
      table.add({{figure(delivery.fired_at), Ink::quiet},
                 {delivery.webhook, Ink::strong},
                 {delivery.action + " " + delivery.reference},
                 {answer, well ? Ink::good : delivery.ended_at ? Ink::bad : Ink::warning},
                 {delivery.ended_at ? figure(*delivery.ended_at - delivery.fired_at) : ""}});
    }
    text_ += table.text(style_, indent);
    more(result().deliveries.size(), "delivery");
  }

  void measures() {
    std::vector<const MeasureRow*> rows = asked_measures(report_.scenario, result());
    if (report_.all_measures) {
      rows.clear();
      for (const MeasureRow& row : result().measures) rows.push_back(&row);
    }
    if (rows.empty()) return;
    section("Measures");
    TextTable table{{Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right}};
    const auto head = [](std::string text) { return TextTable::Cell{std::move(text), Ink::quiet}; };
    table.add({head(""), head(""), head("samples"), head("mean"), head("p50"), head("p99"), head("max")});
    for (std::size_t i = 0; i < std::min(rows.size(), most_story_lines); ++i) {
      const MeasureRow& row = *rows[i];
      std::vector<TextTable::Cell> cells = {{row.name, Ink::strong},
                                            {labels_text(row)},
                                            {grouped(static_cast<std::uint64_t>(row.count)), Ink::quiet}};
      for (const double value : {row.mean, row.p50, row.p99, row.max})
        cells.push_back({row.count == 0 ? "" : figure_of(row, value)});
      table.add(std::move(cells));
    }
    text_ += table.text(style_, indent);
    more(rows.size(), "measure");
  }

  void expectations() {
    if (result().expectations.empty()) return;
    section("Expected");
    text_ += expectation_lines(report_, style_, false);
  }

  void more(std::size_t all, const std::string& noun) {
    if (all <= most_story_lines) return;
    quiet_paragraph(fmt::format("and {} of {}; --json has them all", grouped(all - most_story_lines) + " more",
                                counted(all, noun)));
  }

  void ending() {
    line("");
    for (const std::string& note : report_.notes) quiet_paragraph(note);
    const Ink ink = result().passed ? Ink::good : Ink::bad;
    std::string verdict = verdict_text(result());
    verdict.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(verdict.front())));
    verdict += '.';
    const std::string rest = fmt::format("Ended at {} after {}, trace {}.", figure(result().ended_at),
                                         counted(result().events, "event"), trace_hash_text(result()));
    const bool one_line = columns_of(verdict) + 1 + columns_of(rest) <= style_.width;
    line(paint(style_, ink, verdict) + (one_line ? " " : "\n") + paint(style_, Ink::quiet, rest));
  }

  const RunReport& report_;
  const TextStyle& style_;
  std::string text_;
};

}  // namespace

std::string expectation_lines(const RunReport& report, const TextStyle& style, bool only_failed) {
  std::vector<const ExpectationResult*> shown;
  std::size_t text_width = 0;
  std::size_t detail_width = 0;
  for (const ExpectationResult& expectation : report.result.expectations) {
    if (only_failed && expectation.passed) continue;
    shown.push_back(&expectation);
    text_width = std::max(text_width, columns_of(expectation.text));
    detail_width = std::max(detail_width, columns_of(expectation.detail));
  }
  // What was found stands beside the expectations where all of it fits there, else below each.
  const std::string margin(2 * indent, ' ');
  const std::string below(3 * indent, ' ');
  const bool beside = margin.size() + text_width + 2 + detail_width <= style.width;
  std::string lines;
  for (const ExpectationResult* expectation : shown) {
    const Ink ink = expectation->passed ? Ink::quiet : Ink::bad;
    const std::string mark = expectation->passed ? paint(style, Ink::good, "✓") : paint(style, Ink::bad, "✗");
    std::string start = std::string(indent, ' ') + mark + " ";
    if (beside && !expectation->detail.empty()) {
      lines += start + padded(expectation->text, text_width) + "  " + paint(style, ink, expectation->detail) + "\n";
    } else {
      for (const std::string& part : wrapped(expectation->text, style.width - margin.size()))
        lines += std::exchange(start, margin) + part + "\n";
      for (const std::string& part : wrapped(expectation->detail, style.width - below.size()))
        lines += below + paint(style, ink, part) + "\n";
    }
    if (const auto why = report.explanations.find(expectation->index); why != report.explanations.end())
      for (const std::string& reason : why->second) {
        std::string bullet = below + "- ";
        for (const std::string& part : wrapped(reason, style.width - bullet.size()))
          lines += std::exchange(bullet, below + "  ") + paint(style, Ink::quiet, part) + "\n";
      }
    if (!expectation->passed && expectation->line > 0)
      lines += below + paint(style, Ink::quiet, fmt::format("expected at {}:{}", report.file, expectation->line)) + "\n";
  }
  return lines;
}

std::string story(const RunReport& report, const TextStyle& style) {
  return Story{report, style}.text();
}

}  // namespace georep
