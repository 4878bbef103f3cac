// The policies of one kind by name. Filled before the first scenario is read, and only read from then on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/kernel/assert.hpp"

namespace georep {

template <class Policy>
class NamedPolicies {
 public:
  using Make = std::unique_ptr<Policy> (*)();

  NamedPolicies(const std::string& name, Make factory) { add(name, factory); }

  void add(const std::string& name, Make factory) {
    GEOREP_ASSERT(make(name) == nullptr, "a policy's name is taken once");
    all_.push_back({name, factory});
  }
  /// Null where there is none of that name.
  std::unique_ptr<Policy> make(const std::string& name) const {
    for (const Named& policy : all_)
      if (policy.name == name) return policy.make();
    return nullptr;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Named& policy : all_) names.push_back(policy.name);
    return names;
  }

 private:
  struct Named {
    std::string name;
    Make make;
  };
  std::vector<Named> all_;
};

}  // namespace georep
