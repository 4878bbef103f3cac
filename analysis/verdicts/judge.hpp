// What judges one expectation of a scenario in every run: an observer with a verdict.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/measures/measure_store.hpp"
#include "analysis/measures/shared_observers.hpp"
#include "analysis/verdicts/spec.hpp"
#include "analysis/verdicts/sum_of_durations.hpp"
#include "analysis/verdicts/violation.hpp"

namespace georep {

struct Verdict {
  bool passed = true;
  std::string detail;            ///< what was found, where and when; never empty where it did not pass
  std::optional<double> figure;  ///< in nanoseconds, bytes, US dollars or plain
};

class Judge : public Observer {
 public:
  explicit Judge(World& world) : world_{world} {}

  /// What the expectation came to, after the end of a run.
  Verdict verdict() const;

  struct Breach {
    std::uint64_t identity = 0;
    Instant at;
  };
  /// The first moment at which the expectation was violated, if it was.
  const std::optional<Breach>& breach() const { return breach_; }

  /// Where the verdict on the run that has ended is one on a sum of durations, so that another timing of the same events may come to another verdict:
  /// that sum. Only of a run of a search.
  virtual std::optional<SumOfDurations> sum() const { return std::nullopt; }

  /// Called at the first violation of a run.
  void on_breach(std::function<void()> listener) { listener_ = std::move(listener); }

  void reset() override;
  void finish(Instant) override {}

 protected:
  /// The expectation is violated. `detail` says by what; it is asked for once, for the first violation. The identity is made of the names alone.
  template <class Detail>
  void violate(Instant at, std::initializer_list<std::string_view> names, const Detail& detail) {
    ++violations_;
    if (breach_) return;
    found_.passed = false;
    found_.detail = detail();
    record(at, names);
  }
  /// Compares the time since `moment` with a bound, in the event that ends that time. What comes of it is judged at the end of the run, which is
  /// part of no event: this is for a search, which has to know what hangs on the times of the event.
  void compare(const Deadline& moment, Duration bound) {
    world_.simulation().passed(later(moment, bound + Duration::nanoseconds(1)));
  }
  /// What was found where the expectation is met, and the figure that was compared.
  void found(std::string detail, std::optional<double> figure = std::nullopt);

  // Texts for details.
  std::string_view region(RegionId id) const;
  std::string tag(TagId id) const;
  std::string_view image(ManifestId id) const;
  std::string_view host(HostId id) const;

  World& world_;

 private:
  void record(Instant at, std::initializer_list<std::string_view> names);

  Verdict found_;
  std::optional<Breach> breach_;
  std::uint64_t violations_ = 0;
  std::function<void()> listener_;
};

/// A tag by its name, whether the plan knows it or a workload brings it.
class TagFilter {
 public:
  /// `text`: empty takes every tag.
  TagFilter(World& world, std::string text);
  void reset();
  bool takes(TagId tag);

 private:
  World& world_;
  std::string text_;
  TagId wanted_ = TagId::none;
};

/// The judge of an expectation. Measures are judged from `store`, which others fill.
std::unique_ptr<Judge> make_judge(const ExpectationSpec& expectation, SharedObservers& shared,
                                  MeasureStore& store);

/// Whether a search can judge a measure at every timing of a run: what is counted, and the samples that are durations, but for their standard deviation.
bool is_judged_at_every_timing(const MeasureExpectation& spec, const RegistrySpec& registry);

/// The samples that an expectation of a measure is about; a tag that no run has seen yet stays none, and `tag` keeps its text.
struct AskedMeasure {
  Measure measure{};
  RegionId region = RegionId::none;
  std::string tag;
  LinkId link = LinkId::none;
  std::optional<ErrorCode> code;
  bool impossible = false;  ///< names a region, link or code that there is not

  AskedMeasure(const Plan& plan, const MeasureExpectation& spec);
  /// The query in the run that has ended; nothing if no tag of that name was seen.
  std::optional<MeasureQuery> query(const World& world) const;
};

}  // namespace georep
