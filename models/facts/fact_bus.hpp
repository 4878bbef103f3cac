// The way from the models to those who observe them: one list of subscribers for each type of fact. A fact is built only if somebody
// subscribed to its type.
#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/facts/facts.hpp"

namespace georep {

class FactBus {
 public:
  /// Calls `observer` with every fact of that type, in the order of subscription. Subscribers live as long as the bus or `clear`.
  template <class Fact>
  void subscribe(std::function<void(const Fact&)> observer) {
    subscribers<Fact>().push_back(std::move(observer));
  }

  /// Tells the fact that `build` returns, if anybody wants to hear it.
  template <class Build>
  void tell(Build&& build) {
    using Fact = std::invoke_result_t<Build>;
    auto& listeners = subscribers<Fact>();
    if (listeners.empty()) return;
    const Fact fact = build();
    for (const auto& listener : listeners) listener(fact);
  }

  /// Forgets every subscriber.
  void clear() {
    std::apply([](auto&... lists) { (lists.clear(), ...); }, subscribers_);
  }

 private:
  template <class Fact>
  using Listeners = std::vector<std::function<void(const Fact&)>>;
  template <class Fact>
  Listeners<Fact>& subscribers() {
    return std::get<Listeners<Fact>>(subscribers_);
  }

  template <class Tuple>
  struct ListenersOf;
  template <class... Facts>
  struct ListenersOf<std::tuple<Facts...>> {
    using type = std::tuple<Listeners<Facts>...>;
  };
  ListenersOf<FactTypes>::type subscribers_;
};

}  // namespace georep
