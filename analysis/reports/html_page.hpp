// A page that opens offline and prints: one HTML file with its style, its charts as data, and the library that draws them
// (Chart.js, MIT licence).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace georep {

class HtmlPage {
 public:
  explicit HtmlPage(std::string title) : title_{std::move(title)} {}

  void heading(std::string_view text);
  void paragraph(std::string_view text, std::string_view css_class = {});

  struct Cell {
    std::string text;
    std::string css_class = {};  ///< `good`, `bad`, `warning`, `quiet`, `number`, `code`
  };
  void table(const std::vector<std::string>& head, const std::vector<std::vector<Cell>>& rows);

  /// A chart: a configuration of Chart.js as JSON, and how high it is in pixels.
  void chart(std::string_view title, std::string_view configuration, int height);

  /// The whole file.
  std::string text() const;

 private:
  std::string title_;
  std::string body_;
  std::vector<std::string> charts_;
};

}  // namespace georep
