// What observers recorded in a run, by measure and label, and how it is asked for. A sample costs one look-up and no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/measures/measure.hpp"
#include "analysis/statistics/samples.hpp"
#include "sim/kernel/choice.hpp"

namespace georep {

/// The samples that a query has found.
struct Sampled {
  Samples samples;
  /// Of the caches' hit ratios: all hits over all requests, which is no mean of the replicas' ratios.
  std::optional<double> pooled_mean;
  /// Why some of the samples are not known; there are none then. Empty: all are.
  std::string unknown;

  double mean() const { return pooled_mean ? *pooled_mean : samples.mean(); }
};

/// Whether samples under these labels are among those that are asked for.
bool matches(const Labels& wanted, const Labels& labels);

class MeasureStore {
 public:
  /// Somebody will ask for this measure by tag; otherwise its samples are not told apart by it.
  void keep_tags(Measure measure) { by_tag_[static_cast<std::size_t>(measure)] = true; }

  /// Somebody judges this measure over all places; otherwise those where nothing happened need not be recorded.
  void keep_idle(Measure measure) { idle_[static_cast<std::size_t>(measure)] = true; }
  bool keeps_idle(Measure measure) const { return idle_[static_cast<std::size_t>(measure)]; }

  /// Forgets all samples.
  void reset();

  /// One sample. In nanoseconds, bytes, US dollars or plain.
  void add(Measure measure, Labels labels, double sample);

  /// One sample, the time from one moment to another.
  void add_duration(Measure measure, const Labels& labels, const Deadline& from, const Deadline& to);

  /// Called with every sample of the measure that is such a time: a search goes by the moments.
  using DurationListener = std::function<void(const Labels&, const Deadline& from, const Deadline& to)>;
  void on_duration(Measure measure, DurationListener listener) {
    listeners_[static_cast<std::size_t>(measure)].push_back(std::move(listener));
  }

  /// Adds to the total of a place (a region or a link), which is one sample in the end; of a ratio `amount` is what counts and `base` what it is
  /// divided by. A total of nothing is a sample too.
  void add_to_total(Measure measure, Labels labels, double amount, double base = 1);

  /// Samples of these labels are not known, and no figure that takes them in is. `why` is for those who asked.
  void leave_unknown(Measure measure, const Labels& labels, std::string why);

  Sampled find(const MeasureQuery& query) const;

  struct Row {
    Labels labels;
    Sampled sampled;
  };
  /// All samples of a measure by the labels that they were recorded under, in the order of region, link, tag and code. A total has no tag.
  std::vector<Row> rows(Measure measure) const;

 private:
  struct Cell {
    Measure measure;
    Labels labels;
    Samples samples;
    bool is_total = false;
    double amount = 0;
    double base = 0;
  };
  Cell& cell(Measure measure, Labels labels);
  std::vector<const Cell*> cells_of(Measure measure, const Labels& wanted) const;
  static Sampled condense(Measure measure, const Cell* const* first, const Cell* const* last);

  struct Unknown {
    Measure measure;
    Labels labels;
    std::string why;
  };

  std::array<bool, measure_count> by_tag_{};
  std::array<bool, measure_count> idle_{};
  std::vector<Unknown> unknown_;
  std::array<std::vector<DurationListener>, measure_count> listeners_;
  std::vector<Cell> cells_;
  std::size_t used_ = 0;  // cells of this run; those behind keep their memory
  struct Key {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return (key.high * 0x9E3779B97F4A7C15ULL ^ key.low) * 0xD6E8FEB86659FD93ULL;
    }
  };
  struct LastUsed {
    Key key;
    std::uint32_t place = 0xFFFF'FFFF;
  };
  static Key key_of(Measure measure, const Labels& labels);

  // Looked up only, never iterated.
  std::unordered_map<Key, std::uint32_t, KeyHash> place_by_key_;
  std::array<LastUsed, measure_count> last_used_{};
};

}  // namespace georep
