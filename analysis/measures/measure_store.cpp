#include "analysis/measures/measure_store.hpp"

#include <algorithm>
#include <tuple>

#include "analysis/verdicts/vocabulary.hpp"

namespace georep {

std::string_view text(Measure measure) {
  return measure_terms()[static_cast<std::size_t>(measure)].name;
}

std::optional<Measure> measure_named(std::string_view name) {
  const std::span<const MeasureTerm> terms = measure_terms();
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (terms[i].name == name) return static_cast<Measure>(i);
  return std::nullopt;
}

namespace {

auto order_of(const Labels& labels) {
  return std::tuple{labels.region, labels.link, labels.cluster, labels.tag, labels.code};
}

bool same_place(const Labels& a, const Labels& b) {
  return a.region == b.region && a.link == b.link && a.cluster == b.cluster;
}

bool matches(const Labels& wanted, const Labels& labels) {
  return (wanted.region == RegionId::none || wanted.region == labels.region) &&
         (wanted.tag == TagId::none || wanted.tag == labels.tag) &&
         (wanted.link == LinkId::none || wanted.link == labels.link) &&
         (!wanted.code || wanted.code == labels.code);
}

}  // namespace

// A measure is of a link or of a cluster, never of both.
MeasureStore::Key MeasureStore::key_of(Measure measure, const Labels& labels) {
  const std::uint64_t code = labels.code ? static_cast<std::uint64_t>(*labels.code) : 0xFF;
  const std::uint32_t place =
      labels.link != LinkId::none ? index(labels.link) : labels.cluster;
  return Key{static_cast<std::uint64_t>(measure) << 56 | code << 48 |
                 static_cast<std::uint64_t>(index(labels.region)) << 32 | place,
             index(labels.tag)};
}

void MeasureStore::reset() {
  for (std::size_t place = 0; place < used_; ++place) cells_[place].samples.clear();
  used_ = 0;
  place_by_key_.clear();
  last_used_.fill({});
}

MeasureStore::Cell& MeasureStore::cell(Measure measure, Labels labels) {
  if (!by_tag_[static_cast<std::size_t>(measure)]) labels.tag = TagId::none;
  const Key key = key_of(measure, labels);
  LastUsed& last = last_used_[static_cast<std::size_t>(measure)];
  if (last.key == key && last.place < used_) return cells_[last.place];
  const auto [found, added] = place_by_key_.try_emplace(key, static_cast<std::uint32_t>(used_));
  last = {key, found->second};
  if (!added) return cells_[found->second];
  if (used_ == cells_.size()) cells_.emplace_back();
  Cell& fresh = cells_[used_++];
  fresh.measure = measure;
  fresh.labels = labels;
  fresh.is_total = false;
  fresh.amount = fresh.base = 0;
  return fresh;
}

void MeasureStore::add(Measure measure, Labels labels, double sample) {
  cell(measure, labels).samples.add(sample);
}

void MeasureStore::add_to_total(Measure measure, Labels labels, double amount, double base) {
  Cell& total = cell(measure, labels);
  total.is_total = true;
  total.amount += amount;
  total.base += base;
}

Sampled MeasureStore::find(const MeasureQuery& query) const {
  Sampled result;
  std::vector<const Cell*> totals;
  for (std::size_t place = 0; place < used_; ++place) {
    const Cell& cell = cells_[place];
    if (cell.measure != query.measure || !matches(query.labels, cell.labels)) continue;
    if (cell.is_total) {
      totals.push_back(&cell);
    } else {
      result.samples.merge(cell.samples);
    }
  }
  // A place is one sample, whatever tags its total is made of.
  std::stable_sort(totals.begin(), totals.end(), [](const Cell* a, const Cell* b) {
    return order_of(a->labels) < order_of(b->labels);
  });
  const bool ratio = measure_terms()[static_cast<std::size_t>(query.measure)].dimension ==
                     Quantity::Dimension::ratio;
  double all_amount = 0;
  double all_base = 0;
  for (std::size_t i = 0; i < totals.size();) {
    double amount = 0;
    double base = 0;
    const Labels& at = totals[i]->labels;
    for (; i < totals.size() && same_place(totals[i]->labels, at); ++i) {
      amount += totals[i]->amount;
      base += totals[i]->base;
    }
    if (ratio && base == 0) continue;
    result.samples.add(ratio ? amount / base : amount);
    all_amount += amount;
    all_base += base;
  }
  if (query.measure == Measure::cache_hit_ratio && all_base > 0)
    result.pooled_mean = all_amount / all_base;
  return result;
}

std::vector<Labels> MeasureStore::labels_of(Measure measure) const {
  std::vector<Labels> result;
  for (std::size_t place = 0; place < used_; ++place) {
    const Cell& cell = cells_[place];
    if (cell.measure != measure) continue;
    result.push_back(cell.labels);
    result.back().cluster = Labels{}.cluster;
    if (cell.is_total && measure != Measure::version_skew) result.back().tag = TagId::none;
  }
  std::sort(result.begin(), result.end(), [](const Labels& a, const Labels& b) {
    return order_of(a) < order_of(b);
  });
  const auto equal = [](const Labels& a, const Labels& b) { return order_of(a) == order_of(b); };
  result.erase(std::unique(result.begin(), result.end(), equal), result.end());
  return result;
}

}  // namespace georep
