// What the section `uncertainty:` of a scenario leaves open, as the bounds of a search.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/exploration/freedom.hpp"
#include "analysis/exploration/spec.hpp"

namespace georep {

class UncertaintyFreedom : public Freedom {
 public:
  explicit UncertaintyFreedom(const UncertaintySpec& spec);

  Range delay(std::uint64_t site, ChoiceKind kind, Duration nominal) const override;
  std::uint32_t values(std::uint64_t site, ChoiceKind kind, std::uint32_t count) const override;
  std::uint32_t most_choices() const override;

 private:
  UncertaintySpec spec_;
  std::vector<std::pair<std::uint64_t, DurationRange>> at_;  // by site
};

}  // namespace georep
