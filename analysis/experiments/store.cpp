#include "analysis/experiments/store.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "analysis/experiments/sqlite.hpp"

namespace georep {
namespace {

using nlohmann::ordered_json;
using sqlite::Database;
using sqlite::Mode;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::int64_t store_version = 1;

// Comments stay in the file: whoever opens it with `.schema` reads them.
constexpr const char* schema = R"sql(
CREATE TABLE sweep(    -- what was swept, one row for each key
  key TEXT PRIMARY KEY,-- store_version, title, scenario (YAML), seed, variations (JSON), program, model_version
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE point(    -- one combination of values, counted from 0, the last path varying fastest
  point INTEGER NOT NULL,
  path TEXT NOT NULL,  -- a path of the scenario language
  value TEXT NOT NULL, -- as --set takes it
  PRIMARY KEY (point, path)
) WITHOUT ROWID;
CREATE TABLE run(      -- one run of a point, counted from 0; run k draws the same chance at every point
  point INTEGER NOT NULL,
  run INTEGER NOT NULL,
  passed INTEGER NOT NULL,   -- 1: every expectation was met
  ended_at_ns INTEGER NOT NULL,
  events INTEGER NOT NULL,
  trace_hash TEXT NOT NULL,  -- 16 hexadecimal digits
  PRIMARY KEY (point, run)
) WITHOUT ROWID;
CREATE TABLE expectation(    -- the verdicts of a run
  point INTEGER NOT NULL,
  run INTEGER NOT NULL,
  number INTEGER NOT NULL,   -- in the order of the scenario, from 0
  text TEXT NOT NULL,
  line INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  detail TEXT NOT NULL,
  figure REAL,               -- what was compared with a bound: s, B, USD or plain
  PRIMARY KEY (point, run, number)
) WITHOUT ROWID;
CREATE TABLE measure(        -- the measures of a run
  point INTEGER NOT NULL,
  run INTEGER NOT NULL,
  number INTEGER NOT NULL,   -- in the order in which the run tells them, from 0
  name TEXT NOT NULL,
  labels TEXT NOT NULL,      -- a JSON object: region, of, link, code, cluster
  unit TEXT NOT NULL,        -- s, B, USD or empty
  exact INTEGER NOT NULL,    -- 0: percentiles are within 0.1 %
  count INTEGER NOT NULL,    -- samples; without any the figures are 0
  sum REAL NOT NULL, mean REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, stddev REAL NOT NULL,
  p50 REAL NOT NULL, p90 REAL NOT NULL, p95 REAL NOT NULL, p99 REAL NOT NULL, p999 REAL NOT NULL,
  PRIMARY KEY (point, run, number)
) WITHOUT ROWID;
CREATE VIEW measure_over_runs AS   -- of errors, the mean is how many a run has, over all runs
  SELECT point, name, labels, unit, count(*) AS runs, sum(count) AS samples,
         CASE WHEN name = 'errors'
              THEN sum(sum) / (SELECT count(*) FROM run WHERE run.point = measure.point)
              WHEN name IN ('link_bytes', 'link_utilization', 'egress_bytes', 'egress_cost')
              THEN sum(mean) / (SELECT count(*) FROM run WHERE run.point = measure.point)
              ELSE avg(mean) END AS mean,
         avg(p50) AS p50, avg(p99) AS p99, min(min) AS min, max(max) AS max
  FROM measure WHERE count > 0 GROUP BY point, name, labels, unit;
)sql";

std::string labels_text(const MeasureLabels& labels) {
  ordered_json object = ordered_json::object();
  for (const auto& [label, value] : labels) object[label] = value;
  return object.dump();
}

MeasureLabels labels_from(const std::string& text) {
  MeasureLabels labels;
  const ordered_json object = ordered_json::parse(text);
  for (const auto& [label, value] : object.items()) {
    labels.emplace_back(label, value.get<std::string>());
  }
  return labels;
}

std::string variations_text(const std::vector<Variation>& variations) {
  ordered_json list = ordered_json::array();
  for (const Variation& each : variations) {
    list.push_back({{"path", each.path}, {"values", each.values}});
  }
  return list.dump();
}

std::vector<Variation> variations_from(const std::string& text) {
  std::vector<Variation> variations;
  const ordered_json list = ordered_json::parse(text);
  for (const ordered_json& each : list) {
    variations.push_back({each.at("path"), each.at("values").get<std::vector<std::string>>()});
  }
  return variations;
}

void write_identity(Database& database, const SweepIdentity& identity) {
  Statement insert = database.prepare("INSERT INTO sweep VALUES (?, ?)");
  const auto put = [&](const std::string& key, const std::string& value) {
    insert.bind(key).bind(value).run();
  };
  put("store_version", std::to_string(store_version));
  put("title", identity.title);
  put("scenario", identity.scenario);
  put("seed", std::to_string(identity.seed));
  put("variations", variations_text(identity.variations));
  put("program", identity.program);
  put("model_version", std::to_string(identity.model_version));
  Statement point = database.prepare("INSERT INTO point VALUES (?, ?, ?)");
  const std::vector<PointSettings> points = all_points(identity.variations);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const auto& [path, value] : points[i]) {
      point.bind(static_cast<std::int64_t>(i)).bind(path).bind(value).run();
    }
  }
}

bool has_tables(Database& database) {
  return database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").step();
}

SweepIdentity read_identity(Database& database) {
  Statement is_store =
      database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sweep'");
  if (!is_store.step()) throw sqlite::Failure(database.file() + " holds no sweep");
  std::map<std::string, std::string> values;
  Statement rows = database.prepare("SELECT key, value FROM sweep");
  while (rows.step()) {
    const std::string key = rows.text();
    values[key] = rows.text();
  }
  if (values["store_version"] != std::to_string(store_version)) {
    throw sqlite::Failure(database.file() + " was written by another version of the store");
  }
  SweepIdentity identity;
  identity.title = values["title"];
  identity.scenario = values["scenario"];
  identity.seed = std::stoull(values["seed"]);
  identity.variations = variations_from(values["variations"]);
  identity.program = values["program"];
  identity.model_version = std::stoi(values["model_version"]);
  return identity;
}

std::string what_differs(const SweepIdentity& stored, const SweepIdentity& asked) {
  if (stored.model_version != asked.model_version) {
    return fmt::format("model version {} (this is {})", stored.model_version, asked.model_version);
  }
  if (stored.seed != asked.seed) return fmt::format("seed {}", stored.seed);
  if (stored.variations != asked.variations) return "other values of what varies";
  return "another scenario, '" + stored.title + "'";
}

// Hands what SQLite throws to the caller as a value.
template <class Work>
auto guarded(Work work) -> OrProblem<decltype(work())> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(failure.what());
  } catch (const std::exception& failure) {
    return std::unexpected(std::string("the store is damaged: ") + failure.what());
  }
}

}  // namespace

class ResultsStore::Parts {
 public:
  Parts(const std::string& file, Mode mode) : database_(file, mode) {}

  void make(const SweepIdentity& identity) {
    // A file is made whole or not at all, so that a kill during its making leaves nothing odd.
    database_.execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL");
    if (!has_tables(database_)) {
      Transaction transaction(database_);
      database_.execute(schema);
      write_identity(database_, identity);
      transaction.commit();
    }
  }

  void load() {
    identity_ = read_identity(database_);
    points_ = all_points(identity_.variations);
    present_.clear();
    Statement rows = database_.prepare("SELECT point, run FROM run");
    while (rows.step()) {
      const std::int64_t point = rows.integer();
      present_.emplace(point, rows.integer());
    }
  }

  void add(const std::vector<StoredRun>& runs) {
    Transaction transaction(database_);
    Statement run = database_.prepare("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)");
    Statement verdict =
        database_.prepare("INSERT INTO expectation VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    Statement measure = database_.prepare(
        "INSERT INTO measure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const StoredRun& each : runs) {
      const RunResult& result = each.result;
      run.bind(each.point)
          .bind(each.run)
          .bind(std::int64_t{result.passed})
          .bind(result.ended_at.count())
          .bind(static_cast<std::int64_t>(result.events))
          .bind(fmt::format("{:016x}", result.trace_hash))
          .run();
      for (std::size_t i = 0; i < result.expectations.size(); ++i) {
        const ExpectationResult& expectation = result.expectations[i];
        verdict.bind(each.point)
            .bind(each.run)
            .bind(static_cast<std::int64_t>(i))
            .bind(expectation.text)
            .bind(std::int64_t{expectation.line})
            .bind(std::int64_t{expectation.passed})
            .bind(expectation.detail);
        expectation.figure ? verdict.bind(*expectation.figure) : verdict.bind_null();
        verdict.run();
      }
      for (std::size_t i = 0; i < result.measures.size(); ++i) {
        const MeasureRow& row = result.measures[i];
        measure.bind(each.point).bind(each.run).bind(static_cast<std::int64_t>(i));
        measure.bind(row.name).bind(labels_text(row.labels)).bind(row.unit);
        measure.bind(std::int64_t{row.exact}).bind(row.count).bind(row.sum).bind(row.mean);
        measure.bind(row.min).bind(row.max).bind(row.stddev).bind(row.p50).bind(row.p90);
        measure.bind(row.p95).bind(row.p99).bind(row.p999);
        measure.run();
      }
    }
    transaction.commit();
    for (const StoredRun& each : runs) present_.emplace(each.point, each.run);
  }

  std::vector<StoredRun> runs_of(std::int64_t point) {
    std::vector<StoredRun> runs;
    std::map<std::int64_t, std::size_t> place;
    Statement rows = database_.prepare(
        "SELECT run, passed, ended_at_ns, events, trace_hash FROM run WHERE point = ? ORDER BY "
        "run");
    rows.bind(point);
    while (rows.step()) {
      StoredRun stored{point, rows.integer(), {}};
      stored.result.seed = identity_.seed;
      stored.result.passed = rows.integer() != 0;
      stored.result.ended_at = Instant{} + Duration::nanoseconds(rows.integer());
      stored.result.events = static_cast<std::uint64_t>(rows.integer());
      stored.result.trace_hash = std::stoull(rows.text(), nullptr, 16);
      place[stored.run] = runs.size();
      runs.push_back(std::move(stored));
    }
    read_expectations(point, runs, place);
    read_measures(point, runs, place);
    return runs;
  }

  const SweepIdentity& identity() const { return identity_; }
  const std::vector<PointSettings>& points() const { return points_; }
  const std::set<std::pair<std::int64_t, std::int64_t>>& present() const { return present_; }

 private:
  void read_expectations(std::int64_t point, std::vector<StoredRun>& runs,
                         const std::map<std::int64_t, std::size_t>& place) {
    Statement rows = database_.prepare(
        "SELECT run, number, text, line, passed, detail, figure FROM expectation WHERE point = ? "
        "ORDER BY run, number");
    rows.bind(point);
    while (rows.step()) {
      RunResult& result = runs[place.at(rows.integer())].result;
      ExpectationResult expectation;
      expectation.index = static_cast<std::size_t>(rows.integer());
      expectation.text = rows.text();
      expectation.line = static_cast<int>(rows.integer());
      expectation.passed = rows.integer() != 0;
      expectation.detail = rows.text();
      if (!rows.null()) expectation.figure = rows.real();
      result.expectations.push_back(std::move(expectation));
    }
  }

  void read_measures(std::int64_t point, std::vector<StoredRun>& runs,
                     const std::map<std::int64_t, std::size_t>& place) {
    Statement rows = database_.prepare(
        "SELECT run, name, labels, unit, exact, count, sum, mean, min, max, stddev, p50, p90, p95, "
        "p99, p999 FROM measure WHERE point = ? ORDER BY run, number");
    rows.bind(point);
    while (rows.step()) {
      RunResult& result = runs[place.at(rows.integer())].result;
      MeasureRow row;
      row.name = rows.text();
      row.labels = labels_from(rows.text());
      row.unit = rows.text();
      row.exact = rows.integer() != 0;
      row.count = rows.integer();
      for (double* figure : {&row.sum, &row.mean, &row.min, &row.max, &row.stddev, &row.p50,
                             &row.p90, &row.p95, &row.p99, &row.p999}) {
        *figure = rows.real();
      }
      result.measures.push_back(std::move(row));
    }
  }

  Database database_;
  SweepIdentity identity_;
  std::vector<PointSettings> points_;
  std::set<std::pair<std::int64_t, std::int64_t>> present_;
};

ResultsStore::ResultsStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ResultsStore::~ResultsStore() = default;
ResultsStore::ResultsStore(ResultsStore&&) noexcept = default;
ResultsStore& ResultsStore::operator=(ResultsStore&&) noexcept = default;

OrProblem<ResultsStore> ResultsStore::resume(const std::filesystem::path& file,
                                             const SweepIdentity& identity) {
  return guarded([&] {
    auto parts = std::make_unique<Parts>(file.string(), Mode::write);
    parts->make(identity);
    parts->load();
    if (!(parts->identity() == identity)) {
      throw sqlite::Failure(file.string() + " holds the results of another sweep: " +
                            what_differs(parts->identity(), identity));
    }
    return ResultsStore(std::move(parts));
  });
}

OrProblem<ResultsStore> ResultsStore::in_memory(const SweepIdentity& identity) {
  return resume(":memory:", identity);
}

OrProblem<ResultsStore> ResultsStore::open(const std::filesystem::path& file) {
  return guarded([&] {
    auto parts = std::make_unique<Parts>(file.string(), Mode::read);
    parts->load();
    return ResultsStore(std::move(parts));
  });
}

const SweepIdentity& ResultsStore::identity() const {
  return parts_->identity();
}
const std::vector<PointSettings>& ResultsStore::points() const {
  return parts_->points();
}

bool ResultsStore::contains(std::int64_t point, std::int64_t run) const {
  return parts_->present().contains({point, run});
}

OrProblem<void> ResultsStore::add(const std::vector<StoredRun>& runs) {
  return guarded([&] { parts_->add(runs); });
}

OrProblem<void> ResultsStore::merge(const ResultsStore& other) {
  return guarded([&] {
    if (!(other.identity() == identity())) {
      throw sqlite::Failure("the stores hold different sweeps: " +
                            what_differs(other.identity(), identity()));
    }
    for (std::size_t point = 0; point < points().size(); ++point) {
      std::vector<StoredRun> lacking;
      for (StoredRun& run : other.parts_->runs_of(static_cast<std::int64_t>(point))) {
        if (!contains(run.point, run.run)) lacking.push_back(std::move(run));
      }
      if (!lacking.empty()) parts_->add(lacking);
    }
  });
}

OrProblem<std::vector<StoredRun>> ResultsStore::runs_of(std::int64_t point) const {
  return guarded([&] { return parts_->runs_of(point); });
}

OrProblem<RunsSummary> ResultsStore::summary_of(std::int64_t point, double confidence) const {
  return guarded([&] {
    AcrossRuns across;
    for (const StoredRun& run : parts_->runs_of(point)) across.add(run.result);
    return across.runs() == 0 ? RunsSummary{} : across.summary(confidence);
  });
}

}  // namespace georep
