#include "scenarios/reader/registry_log.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/fields/quantity_text.hpp"

namespace georep {
namespace {

struct Record {
  std::int64_t at = 0;  // nanoseconds since 1970
  std::string method;
  std::string client;
  std::string repository;
  bool is_manifest = false;
  std::string name;  // of the manifest, or the layer's digest
  std::int64_t bytes = 0;
};

using LeftOut = std::map<std::string, std::uint64_t>;

// `2017-06-20T02:41:18.399Z`, as days and a time of the day.
std::optional<std::int64_t> moment(const std::string& text) {
  std::istringstream in{text};
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hours = 0;
  int minutes = 0;
  double seconds = 0;
  char mark = 0;
  const auto sign = [&](char wanted) { return in >> mark && mark == wanted; };
  if (!(in >> year) || !sign('-') || !(in >> month) || !sign('-') || !(in >> day) || !sign('T') ||
      !(in >> hours) || !sign(':') || !(in >> minutes) || !sign(':') || !(in >> seconds))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok() || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 ||
      seconds > 61)
    return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t whole = (days * 24 + hours) * 3600 + minutes * 60;
  return whole * 1'000'000'000 + static_cast<std::int64_t>(seconds * 1e9 + 0.5);
}

// `v2/<user>/<repository>/manifests/<reference>` or `…/blobs/<digest>`.
bool take_uri(const std::string& uri, Record& record) {
  const std::size_t last = uri.rfind('/');
  if (!uri.starts_with("v2/") || last == std::string::npos) return false;
  const std::size_t kind = uri.rfind('/', last - 1);
  if (kind == std::string::npos || kind <= 3) return false;
  const std::string word = uri.substr(kind + 1, last - kind - 1);
  record.repository = uri.substr(3, kind - 3);
  record.name = uri.substr(last + 1);
  record.is_manifest = word == "manifests";
  return (record.is_manifest || word == "blobs") && !record.name.empty();
}

std::optional<Record> read_record(const nlohmann::json& entry, LeftOut& left_out) {
  const auto leave_out = [&left_out](const char* why) {
    ++left_out[why];
    return std::nullopt;
  };
  const auto text = [&entry](const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  const auto number = [&entry](const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_number() ? found->get<double>() : 0.0;
  };
  Record record;
  const std::optional<std::int64_t> at = moment(text("timestamp"));
  if (!at) return leave_out("without a time");
  record.at = *at;
  record.method = text("http.request.method");
  record.client = text("http.request.remoteaddr");
  record.bytes = static_cast<std::int64_t>(std::clamp(number("http.response.written"), 0.0, 1e15));
  if (record.client.empty()) return leave_out("without a client");
  if (number("http.response.status") >= 400) return leave_out("answered with an error");
  if (record.method == "POST" || record.method == "PATCH")
    return leave_out("part of an upload, which its PUT stands for");
  if (record.method == "DELETE") return leave_out("deletions");
  if (!take_uri(text("http.request.uri"), record))
    return leave_out("neither of a manifest nor of a layer");
  if (record.method == "HEAD" && !record.is_manifest)
    return leave_out("questions whether a layer is there, which every push asks by itself");
  return record;
}

/// Builds operations from records in order of time.
class Reconstruction {
 public:
  explicit Reconstruction(ImportedLog& log) : log_{log} {}

  void take(const Record& record, Duration at) {
    const std::string place = record.client + ' ' + record.repository;
    if (record.is_manifest) {
      take_manifest(record, place, at);
    } else if (record.method == "GET") {
      const auto pull = pulls_.find(place);
      if (pull == pulls_.end()) {
        ++log_.left_out["downloads of layers before any manifest"];
        return;
      }
      add_layer(images()[pull->second].layers, record);
    } else if (record.method == "PUT") {
      add_layer(uploads_[place], record);
    } else {
      ++log_.left_out["other methods"];
    }
  }

 private:
  std::vector<RecordedImage>& images() { return log_.recording.images; }

  void take_manifest(const Record& record, const std::string& place, Duration at) {
    const std::string reference = record.repository + ':' + record.name;
    RecordedOperation operation;
    operation.at = at;
    operation.client = record.client;
    if (record.method == "PUT") {
      operation.kind = RecordedKind::push;
      operation.image = add_image(reference, true);
      std::swap(images()[operation.image].layers, uploads_[place]);
      uploads_.erase(place);
    } else if (record.method == "GET" || record.method == "HEAD") {
      const auto known = current_.find(reference);
      operation.image = known == current_.end() ? add_image(reference, false) : known->second;
      operation.kind = record.method == "GET" ? RecordedKind::pull : RecordedKind::poll;
      if (operation.kind == RecordedKind::pull) pulls_[place] = operation.image;
    } else {
      ++log_.left_out["other methods"];
      return;
    }
    log_.recording.operations.push_back(std::move(operation));
  }

  std::size_t add_image(const std::string& reference, bool pushed) {
    images().push_back({reference, {}, pushed});
    return current_[reference] = images().size() - 1;
  }

  static void add_layer(std::vector<RecordedLayer>& layers, const Record& record) {
    for (const RecordedLayer& layer : layers)
      if (layer.digest == record.name) return;
    layers.push_back({record.name, record.bytes});
  }

  ImportedLog& log_;
  std::map<std::string, std::size_t> current_;  // what a reference points at
  std::map<std::string, std::size_t> pulls_;    // by client and repository: the image pulled last
  std::map<std::string, std::vector<RecordedLayer>> uploads_;  // likewise, since the last push
};

// What is wrong with the text, if anything is.
std::optional<std::string> read_records(const std::string& text, ImportedLog& log, std::vector<Record>& records) {
  std::istringstream stream{text};
  for (stream >> std::ws; stream.peek() != std::istream::traits_type::eof(); stream >> std::ws) {
    nlohmann::json entries;
    try {
      stream >> entries;
    } catch (const nlohmann::json::exception& error) {
      // The library puts its own name for the error first, in brackets.
      const std::string_view what = error.what();
      return std::string{what.substr(what.starts_with('[') ? what.find("] ") + 2 : 0)};
    }
    if (!entries.is_array()) return "a log is an array of records";
    for (const nlohmann::json& entry : entries) {
      ++log.records;
      if (!entry.is_object()) return "a record is an object";
      if (auto record = read_record(entry, log.left_out)) records.push_back(*std::move(record));
    }
  }
  return std::nullopt;
}

constexpr const char* kind_names[] = {"pull", "poll", "push"};

}  // namespace

std::expected<ImportedLog, std::string> import_ibm_logs(std::span<const IbmLog> logs) {
  ImportedLog log;
  std::vector<Record> records;
  for (const IbmLog& each : logs)
    if (auto problem = read_records(each.text, log, records))
      return std::unexpected{each.name + ": " + *std::move(problem)};
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.at < b.at; });
  Reconstruction reconstruction{log};
  for (const Record& record : records)
    reconstruction.take(record, Duration::nanoseconds(record.at - records.front().at));
  return log;
}

std::string written(const Recording& recording) {
  std::string text = "# georep recording 1: images with their layers, then who did what when with which of them\n";
  for (const RecordedImage& image : recording.images) {
    text += fmt::format("{} {}", image.pushed ? "pushed" : "stored", image.reference);
    for (const RecordedLayer& layer : image.layers)
      text += fmt::format(" {}={}", layer.digest, layer.bytes);
    text += '\n';
  }
  for (const RecordedOperation& operation : recording.operations)
    text += fmt::format("{} {} {} {}\n", kind_names[static_cast<std::size_t>(operation.kind)],
                        operation.at.count(), operation.client, operation.image + 1);
  return text;
}

namespace {

bool read_image(std::istringstream& line, RecordedImage& image) {
  if (!(line >> image.reference)) return false;
  std::string layer;
  while (line >> layer) {
    const std::size_t equals = layer.rfind('=');
    if (equals == std::string::npos) return false;
    const auto bytes = parse_integer(layer.substr(equals + 1));
    if (!bytes || *bytes < 0) return false;
    image.layers.push_back({layer.substr(0, equals), *bytes});
  }
  return true;
}

bool read_operation(std::istringstream& line, const Recording& before, RecordedOperation& operation) {
  std::int64_t at = 0;
  std::size_t image = 0;
  if (!(line >> at >> operation.client >> image) || at < 0 || image < 1 ||
      image > before.images.size())
    return false;
  operation.at = Duration::nanoseconds(at);
  operation.image = image - 1;
  return before.operations.empty() || before.operations.back().at <= operation.at;
}

}  // namespace

std::expected<Recording, std::string> read_recording(std::istream& text) {
  Recording recording;
  std::string whole;
  for (int number = 1; std::getline(text, whole); ++number) {
    if (whole.empty() || whole.front() == '#') continue;
    std::istringstream line{whole};
    std::string word;
    line >> word;
    bool right = false;
    if (word == "pushed" || word == "stored") {
      RecordedImage image;
      image.pushed = word == "pushed";
      right = read_image(line, image);
      recording.images.push_back(std::move(image));
    } else {
      const auto* const kind = std::find(std::begin(kind_names), std::end(kind_names), word);
      RecordedOperation operation;
      operation.kind = static_cast<RecordedKind>(kind - std::begin(kind_names));
      right = kind != std::end(kind_names) && read_operation(line, recording, operation);
      recording.operations.push_back(std::move(operation));
    }
    if (!right) return std::unexpected{fmt::format("line {}: not a line of a recording", number)};
  }
  return recording;
}

}  // namespace georep
