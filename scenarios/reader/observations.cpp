#include "scenarios/reader/observations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "scenarios/reader/characters.hpp"
#include "sim/fields/quantity_text.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {

namespace {

struct Cell {
  std::string text;
  Place place;
  int width = 1;
};
using Row = std::vector<Cell>;

constexpr std::array<std::string_view, 5> columns{"event", "name", "time", "region", "size"};
enum Column : std::size_t { event_column, name_column, time_column, region_column, size_column };

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Whole decimal digits at the front of a text.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  int number = 0;
  if (text.size() < count) return std::nullopt;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + count, number);
  if (problem != std::errc{} || end != text.data() + count || number < 0) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view accepted) {
  if (text.empty() || accepted.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Seconds behind UTC of what follows the time: `Z`, `+02:00`.
std::optional<int> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

/// Seconds since 1970 of `2026-01-02T03:04:05.678Z`.
std::optional<double> moment(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, "Tt ")) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || !take(text, ":")) return std::nullopt;
  const auto seconds = take_digits(text, 2);
  if (!seconds) return std::nullopt;
  double fraction = 0;
  if (take(text, ".")) {
    double digit = 0.1;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), digit /= 10)
      fraction += digit * (text.front() - '0');
  }
  const auto offset = take_offset(text);
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!offset || !text.empty() || !date.ok() || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return static_cast<double>((days * 24 + *hours) * 3600 + *minutes * 60 + *seconds - *offset) + fraction;
}

class ObservationsReader {
 public:
  explicit ObservationsReader(const SourceText& source) : lines_{source.text} {}

  ReadObservations read() {
    for (int line = 1; line <= lines_.count(); ++line) {
      const std::string_view text = lines_.line(line);
      if (trimmed(text).empty() || text.front() == '#') continue;
      const std::optional<Row> row = cells_of(text, line);
      if (!row) continue;
      if (places_.empty())
        read_head(*row);
      else
        read_row(*row, line);
      if (read_.diagnostics.size() >= most_diagnostics || head_is_bad_) break;
    }
    if (places_.empty() && !head_is_bad_)
      complain(Code::missing_key, "there is no line of names", {"", {1, 1}, 1},
               "the first line names the columns: event,name,time,region,size");
    take_arrivals();
    return std::move(read_);
  }

 private:
  struct Arrival {
    Cell name;
    Cell region;
    Cell time;
    double at = 0;
  };

  void complain(Code code, std::string message, const Cell& cell, std::string hint = "") {
    read_.diagnostics.push_back({code, std::move(message), std::move(hint), "", cell.place, std::max(1, cell.width)});
  }

  /// The cells of a line; quoted ones may hold commas and doubled quotation marks.
  std::optional<Row> cells_of(std::string_view text, int line) {
    Row row;
    for (std::size_t at = 0;;) {
      const std::size_t begin = text.find_first_not_of(" \t", at);
      Cell cell{"", {line, character_count(text.substr(0, std::min(begin, text.size()))) + 1}, 1};
      std::size_t end = 0;
      if (begin != std::string_view::npos && text[begin] == '"') {
        std::size_t i = begin + 1;
        for (; i < text.size() && (text[i] != '"' || text.substr(i, 2) == "\"\""); ++i) {
          cell.text += text[i];
          if (text[i] == '"') ++i;
        }
        end = std::min(text.find(',', i), text.size());
        if (i >= text.size() || !trimmed(text.substr(i + 1, end - i - 1)).empty()) {
          complain(Code::syntax, "a quotation mark is not closed, or text follows it", cell);
          return std::nullopt;
        }
      } else {
        end = std::min(text.find(',', at), text.size());
        cell.text = std::string{trimmed(text.substr(at, end - at))};
      }
      cell.width = character_count(cell.text);
      row.push_back(std::move(cell));
      if (end == text.size()) return row;
      at = end + 1;
    }
  }

  void read_head(const Row& row) {
    places_.assign(columns.size(), row.size());
    const std::vector<std::string> names(columns.begin(), columns.end());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto column = std::find(columns.begin(), columns.end(), row[i].text);
      if (column == columns.end()) continue;
      std::size_t& place = places_[static_cast<std::size_t>(column - columns.begin())];
      if (place < row.size()) complain(Code::duplicate_key, "the column '" + row[i].text + "' stands there twice", row[i]);
      place = i;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (places_[i] < row.size()) continue;
      std::vector<std::string> others;
      for (const Cell& cell : row)
        if (std::find(columns.begin(), columns.end(), cell.text) == columns.end()) others.push_back(cell.text);
      const std::string near = nearest_name(std::string{columns[i]}, others);
      complain(Code::missing_key, fmt::format("there is no column '{}'", columns[i]), {"", row.front().place, 1},
               near.empty() ? "the columns are event, name, time, region and size" : "'" + near + "' looks like it");
    }
    width_ = row.size();
    head_is_bad_ = !read_.diagnostics.empty();
  }

  void read_row(const Row& row, int line) {
    if (row.size() != width_) {
      complain(Code::wrong_form, fmt::format("{} cells stand under {} names", row.size(), width_),
               {"", {line, 1}, character_count(lines_.line(line))}, "a cell with a comma in it is written in quotation marks");
      return;
    }
    const Cell& event = row[places_[event_column]];
    const Cell& name = row[places_[name_column]];
    const Cell& region = row[places_[region_column]];
    const Cell& size = row[places_[size_column]];
    const std::optional<double> at = time_of(row[places_[time_column]]);
    for (const auto& [cell, what] : {std::pair{&name, "name"}, {&region, "region"}})
      if (cell->text.empty()) complain(Code::missing_key, fmt::format("there is no {}", what), *cell);
    if (event.text == "push") {
      take_push(name, region, at, blobs_of(size));
    } else if (event.text == "arrival") {
      if (!size.text.empty())
        complain(Code::contradiction, "an arrival has no size of its own", size, "the push of that name says what was copied");
      if (at) arrivals_.push_back({name, region, row[places_[time_column]], *at});
    } else {
      complain(Code::unknown_word, "'" + event.text + "' is neither push nor arrival", event);
    }
  }

  std::optional<double> time_of(const Cell& cell) {
    if (const auto at = moment(cell.text)) return at;
    if (const auto seconds = parse_real(cell.text)) return *seconds;
    complain(Code::bad_quantity, cell.text.empty() ? "there is no time" : "'" + cell.text + "' is no time", cell,
             "seconds, such as 12.5, or a moment, such as 2026-01-02T03:04:05.678Z");
    return std::nullopt;
  }

  std::vector<double> blobs_of(const Cell& cell) {
    std::vector<double> blobs;
    for (std::size_t at = 0; at <= cell.text.size();) {
      const std::size_t end = std::min(cell.text.find('+', at), cell.text.size());
      const std::string_view part = trimmed(std::string_view{cell.text}.substr(at, end - at));
      double bytes = -1;
      if (const auto plain = parse_integer(part); plain) bytes = static_cast<double>(*plain);
      else if (const auto size = parse_size(part); size) bytes = static_cast<double>(size->count);
      if (bytes < 0) {
        Cell wrong{std::string{part}, cell.place, character_count(part)};
        const std::string before = cell.text.substr(0, std::min(cell.text.find_first_not_of(' ', at), cell.text.size()));
        wrong.place.column += character_count(before);
        complain(Code::bad_quantity, part.empty() ? "there is no size" : "'" + wrong.text + "' is no size", wrong,
                 fmt::format("bytes, or a size with its unit ({}); that of each blob, such as 30 MiB + 6 KiB", size_units));
      } else {
        blobs.push_back(bytes);
      }
      at = end + 1;
    }
    return blobs;
  }

  void take_push(const Cell& name, const Cell& region, std::optional<double> at, std::vector<double> blobs) {
    const auto [known, is_new] = pushes_.emplace(name.text, read_.observations.pushes.size());
    if (!is_new) {
      complain(Code::name_twice, "'" + name.text + "' is pushed twice", name, "each push needs a name of its own");
      return;
    }
    read_.observations.pushes.push_back({name.text, at.value_or(0), region.text, std::move(blobs)});
  }

  // A table may be sorted in any way, so arrivals are looked at when all pushes are known.
  void take_arrivals() {
    std::map<std::pair<std::string, std::string>, int> seen;
    std::vector<std::string> names;
    for (const auto& [name, push] : pushes_) names.push_back(name);
    for (const Arrival& arrival : arrivals_) {
      const auto push = pushes_.find(arrival.name.text);
      if (push == pushes_.end()) {
        if (arrival.name.text.empty()) continue;
        complain(Code::unknown_name, "nothing named '" + arrival.name.text + "' is pushed", arrival.name,
                 spelling_hint(arrival.name.text, names));
        continue;
      }
      const ObservedPush& pushed = read_.observations.pushes[push->second];
      const auto [first, is_new] = seen.emplace(std::pair{arrival.name.text, arrival.region.text}, arrival.name.place.line);
      if (!is_new)
        complain(Code::repeated, fmt::format("'{}' has arrived in {} in line {} already", arrival.name.text,
                                             arrival.region.text, first->second), arrival.name);
      else if (arrival.region.text == pushed.region)
        complain(Code::contradiction, "'" + arrival.name.text + "' was pushed to that region itself", arrival.region);
      else if (arrival.at <= pushed.at)
        complain(Code::contradiction, "'" + arrival.name.text + "' arrives before it is pushed", arrival.time);
      else
        read_.observations.arrivals.push_back({push->second, arrival.region.text, arrival.at});
    }
  }

  Lines lines_;
  ReadObservations read_;
  std::vector<std::size_t> places_;  // of the columns
  std::size_t width_ = 0;
  bool head_is_bad_ = false;
  std::map<std::string, std::size_t> pushes_;
  std::vector<Arrival> arrivals_;
};

}  // namespace

ReadObservations read_observations(const SourceText& source) {
  ReadObservations none;
  if (auto problem = find_non_text(source.text)) {
    none.diagnostics.push_back(*std::move(problem));
    return none;
  }
  return ObservationsReader{source}.read();
}

}  // namespace georep
