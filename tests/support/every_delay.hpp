// Plain depth-first search over all that a search may decide, delays among them, in whole nanoseconds.
#pragma once

#include "analysis/exploration/freedom.hpp"
#include "tests/support/depth_first.hpp"

namespace georep::test {

class EveryDelay : public DepthFirst {
 public:
  explicit EveryDelay(const Freedom& freedom) : freedom_{freedom} {}

  Duration choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                        const Deadline&) override {
    const Freedom::Range range = freedom_.delay(site, kind, nominal);
    const auto width = static_cast<std::size_t>((range.most - range.least).count());
    return range.least + Duration::nanoseconds(static_cast<std::int64_t>(take(width + 1)));
  }

 protected:
  const Freedom& freedom_;
};

}  // namespace georep::test
