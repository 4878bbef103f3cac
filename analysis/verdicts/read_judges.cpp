// What must never happen to those who ask: an error of some code, an answer that is too old.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/verdicts/judges.hpp"
#include "models/world/operations.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

/// The part of a `never` that narrows it to a region and a tag.
class Narrowed : public Judge {
 public:
  Narrowed(World& world, const NeverExpectation& spec) : Judge{world}, tags_{world, spec.of} {
    if (spec.region.empty()) return;
    anywhere_ = false;
    region_ = world.plan().region(spec.region).value_or(RegionId::none);
  }
  void reset() override {
    Judge::reset();
    tags_.reset();
  }

 protected:
  bool concerns(RegionId region, TagId tag) {
    return (anywhere_ || (region == region_ && region != RegionId::none)) && tags_.takes(tag);
  }

 private:
  TagFilter tags_;
  bool anywhere_ = true;
  RegionId region_ = RegionId::none;
};

class ErrorCodeJudge final : public Narrowed {
 public:
  ErrorCodeJudge(World& world, const NeverExpectation& spec, ErrorCode code)
      : Narrowed{world, spec} {
    world.facts().subscribe<AttemptFailed>([this, code](const AttemptFailed& fact) {
      if (fact.code != code || !concerns(fact.replica, fact.tag)) return;
      violate(fact.at, {"never", text(code), name_of(fact), region(fact.replica), tag(fact.tag)},
              [&] {
                return fmt::format("{} at {}: {} of {} on {}, from {}", text(code),
                                   figure_in_one_unit(fact.at), name_of(fact), tag(fact.tag), host(fact.host),
                                   region(fact.replica));
              });
    });
  }

 private:
  std::string_view name_of(const AttemptFailed& fact) const {
    return fact.operation == OperationId::none
               ? text(fact.kind)
               : world_.operations()[static_cast<std::size_t>(fact.operation)].name;
  }
};

class StaleReadJudge final : public Narrowed {
 public:
  StaleReadJudge(SharedObservers& shared, const NeverExpectation& spec)
      : Narrowed{shared.world(), spec}, history_{shared.history()}, forgiven_{spec.longer_than} {
    world_.facts().subscribe<ManifestAnswered>(
        [this](const ManifestAnswered& fact) { answered(fact); });
  }

  void reset() override {
    Narrowed::reset();
    oldest_ = Duration{};
  }
  void finish(Instant) override {
    found(oldest_ == Duration{} ? "no answer was superseded"
                                : fmt::format("the oldest answer was {} old", figure_in_one_unit(oldest_)),
          static_cast<double>(oldest_.count()));
  }

 private:
  void answered(const ManifestAnswered& fact) {
    if (fact.tag == TagId::none || fact.error || !concerns(fact.replica, fact.tag)) return;
    const std::optional<Deadline> since =
        history_.superseded(fact.tag, fact.commit, fact.manifest, fact.formed);
    if (!since) return;
    const Duration age = fact.formed.at - since->at;
    oldest_ = std::max(oldest_, age);
    if (!world_.simulation().before(later(*since, forgiven_), fact.formed)) return;
    violate(fact.formed.at, {"never", "stale-read", region(fact.replica), tag(fact.tag)}, [&] {
      return fmt::format("{} answered {} with {} at {}, superseded {} before, to {} on {}",
                         region(fact.replica), tag(fact.tag), image(fact.manifest),
                         figure_in_one_unit(fact.formed.at), figure_in_one_unit(age), text(fact.kind), host(fact.host));
    });
  }

  const History& history_;
  Duration forgiven_;
  Duration oldest_;
};

}  // namespace

std::unique_ptr<Judge> judge_error_code(World& world, const NeverExpectation& spec,
                                        ErrorCode code) {
  return std::make_unique<ErrorCodeJudge>(world, spec, code);
}
std::unique_ptr<Judge> judge_stale_read(SharedObservers& shared, const NeverExpectation& spec) {
  return std::make_unique<StaleReadJudge>(shared, spec);
}

}  // namespace georep
