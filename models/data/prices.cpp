#include "models/data/prices.hpp"

#include <array>
#include <map>

#include "models/data/rows.hpp"
#include "models/data/tables.hpp"

namespace georep {

namespace {

using Way = std::array<std::string_view, 3>;  // cloud, from, to

std::map<Way, Price> read_prices() {
  std::map<Way, Price> prices;
  for_each_row(tables::egress_prices, "cloud,from,to,usd_per_gb", [&prices](const auto row) {
    prices[Way{row[0], row[1], row[2]}] = Price{real_number(row[3])};
  });
  return prices;
}

}  // namespace

std::optional<Price> egress_price(std::string_view cloud, std::string_view from,
                                  std::string_view to) {
  static const std::map<Way, Price> prices = read_prices();
  const auto found = prices.find(Way{cloud, from, to});
  if (found == prices.end()) return std::nullopt;
  return found->second;
}

}  // namespace georep
