// When the operations of a workload come, one after another.
#pragma once

#include <cstdint>
#include <optional>

#include "models/workload/spec.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

class Arrivals {
 public:
  /// `name`: a stable number of the workload, the key of its draws. The arrivals are counted from `from`; `spec` must outlive them.
  Arrivals(const ArrivalsSpec& spec, std::uint64_t name, Duration from);

  /// The next arrival, never before the one before; nothing when there is none any more, or not before time ends. Drawn from what is chance now.
  std::optional<Instant> next(const Chance& chance);

 private:
  std::optional<Instant> after_last(Duration gap);
  std::optional<Instant> next_of_day(const DiurnalArrivals& day, const Chance& chance);

  const ArrivalsSpec& spec_;
  std::uint64_t name_;
  Instant last_;
  std::uint64_t drawn_ = 0;
  bool first_ = true;
};

}  // namespace georep
