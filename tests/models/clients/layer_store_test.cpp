// The layer store of a host against known hit ratios: of a recorded registry log, and of a law that King solved.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "models/clients/layer_store.hpp"
#include "models/workload/popularity.hpp"
#include "sim/kernel/chance.hpp"
#include "tests/support/batch_means.hpp"

using namespace georep;

namespace {

struct Download {
  BlobId blob;
  std::int64_t bytes;
};

std::vector<Download> recorded_downloads() {
  std::ifstream file{GEOREP_TEST_DATA "/layer-downloads.txt"};
  std::map<std::string, BlobId> known;
  std::vector<Download> downloads;
  std::string digest;
  std::int64_t bytes = 0;
  while (file >> digest >> bytes) {
    const auto place = known.try_emplace(digest, static_cast<BlobId>(known.size())).first;
    downloads.push_back({place->second, bytes});
  }
  return downloads;
}

// What the host does at each layer of a pull.
bool ask(LayerStore& store, BlobId blob, std::int64_t bytes) {
  if (store.contains(blob)) {
    store.touch(blob);
    return true;
  }
  store.insert(blob, bytes);
  return false;
}

std::size_t hits(std::optional<std::int64_t> capacity, const std::vector<Download>& downloads) {
  LayerStore store;
  store.set_capacity(capacity);
  std::size_t found = 0;
  for (const Download& download : downloads) found += ask(store, download.blob, download.bytes);
  return found;
}

}  // namespace

TEST_SUITE("layer store") {
  // The figures are those of an ordered dictionary in Python that evicts from its front until the layer fits.
  TEST_CASE("on a recorded log a bounded store hits exactly as often as least-recently-used does") {
    const std::vector<Download> downloads = recorded_downloads();
    REQUIRE(downloads.size() == 2136);
    CHECK(hits(50'000'000, downloads) == 279);
    CHECK(hits(200'000'000, downloads) == 653);
    CHECK(hits(1'000'000'000, downloads) == 1075);
    CHECK(hits(4'000'000'000, downloads) == 1199);
  }

  TEST_CASE("a store without a bound misses each layer once, and so does one that holds them all") {
    const std::vector<Download> downloads = recorded_downloads();
    CHECK(hits(std::nullopt, downloads) == 2136 - 928);
    CHECK(hits(5'542'749'290, downloads) == 2136 - 928);
  }

  // tests/data/analytic-cases.json: lru-exact-6-3 (King 1971). First in, first out would hit at 0.6113 and Che's approximation says 0.6362.
  TEST_CASE("under independent requests of Zipf's law it hits as often as King's formula says") {
    const Popularity popularity{6, 1.0};
    const Chance chance{7, 0};
    LayerStore store;
    store.set_capacity(3);
    std::vector<double> found;
    for (std::uint64_t i = 0; i < 300'000; ++i) {
      Draw draw = chance.draw(1, Purpose::selection, i);
      const auto blob = static_cast<BlobId>(popularity.rank(draw.uniform()));
      found.push_back(ask(store, blob, 1) ? 1.0 : 0.0);
    }
    const test::Interval ratio = test::batch_means(found);
    CHECK(ratio.contains(0.6378150284758));
    CHECK_FALSE(ratio.contains(0.6112730806608));
  }

  TEST_CASE("a layer larger than the store is not kept and evicts nothing") {
    LayerStore store;
    store.set_capacity(10);
    ask(store, BlobId{1}, 6);
    ask(store, BlobId{2}, 11);
    CHECK(store.contains(BlobId{1}));
    CHECK_FALSE(store.contains(BlobId{2}));
  }
}
