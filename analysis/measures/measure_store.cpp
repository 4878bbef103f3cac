#include "analysis/measures/measure_store.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

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

}  // namespace

bool matches(const Labels& wanted, const Labels& labels) {
  return (wanted.region == RegionId::none || wanted.region == labels.region) &&
         (wanted.tag == TagId::none || wanted.tag == labels.tag) &&
         (wanted.link == LinkId::none || wanted.link == labels.link) &&
         (!wanted.code || wanted.code == labels.code);
}

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
  unknown_.clear();
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

void MeasureStore::add_duration(Measure measure, const Labels& labels, const Deadline& from, const Deadline& to) {
  add(measure, labels, static_cast<double>((to.at - from.at).count()));
  for (const DurationListener& listener : listeners_[static_cast<std::size_t>(measure)]) listener(labels, from, to);
}

void MeasureStore::add_to_total(Measure measure, Labels labels, double amount, double base) {
  Cell& total = cell(measure, labels);
  total.is_total = true;
  total.amount += amount;
  total.base += base;
}

void MeasureStore::leave_unknown(Measure measure, const Labels& labels, std::string why) {
  unknown_.push_back({measure, labels, std::move(why)});
}

// In the order of their labels, so that sums do not depend on which was recorded first.
std::vector<const MeasureStore::Cell*> MeasureStore::cells_of(Measure measure,
                                                              const Labels& wanted) const {
  std::vector<const Cell*> result;
  for (std::size_t place = 0; place < used_; ++place)
    if (cells_[place].measure == measure && matches(wanted, cells_[place].labels))
      result.push_back(&cells_[place]);
  std::sort(result.begin(), result.end(), [](const Cell* a, const Cell* b) {
    return order_of(a->labels) < order_of(b->labels);
  });
  return result;
}

// A place is one sample, whatever tags its total is made of.
Sampled MeasureStore::condense(Measure measure, const Cell* const* first, const Cell* const* last) {
  const bool ratio = measure_terms()[static_cast<std::size_t>(measure)].dimension ==
                     Quantity::Dimension::ratio;
  Sampled result;
  double all_amount = 0;
  double all_base = 0;
  while (first != last) {
    if (!(*first)->is_total) {
      result.samples.merge((*first++)->samples);
      continue;
    }
    const Labels& at = (*first)->labels;
    double amount = 0;
    double base = 0;
    for (; first != last && same_place((*first)->labels, at); ++first) {
      amount += (*first)->amount;
      base += (*first)->base;
    }
    if (ratio && base == 0) continue;
    result.samples.add(ratio ? amount / base : amount);
    all_amount += amount;
    all_base += base;
  }
  const bool pooled = measure == Measure::cache_hit_ratio || measure == Measure::parent_cache_hit_ratio;
  if (pooled && all_base > 0) result.pooled_mean = all_amount / all_base;
  return result;
}

Sampled MeasureStore::find(const MeasureQuery& query) const {
  for (const Unknown& each : unknown_)
    if (each.measure == query.measure && matches(query.labels, each.labels)) return Sampled{{}, {}, each.why};
  const std::vector<const Cell*> cells = cells_of(query.measure, query.labels);
  return condense(query.measure, cells.data(), cells.data() + cells.size());
}

std::vector<MeasureStore::Row> MeasureStore::rows(Measure measure) const {
  const std::vector<const Cell*> cells = cells_of(measure, Labels{});
  std::vector<Row> result;
  for (std::size_t begin = 0, end = 0; begin < cells.size(); begin = end) {
    const auto belongs = [&](const Cell& cell) {
      return cell.is_total ? same_place(cell.labels, cells[begin]->labels)
                           : order_of(cell.labels) == order_of(cells[begin]->labels);
    };
    while (end < cells.size() && belongs(*cells[end])) ++end;
    Row row{cells[begin]->labels, condense(measure, &cells[begin], cells.data() + end)};
    if (cells[begin]->is_total) row.labels.tag = TagId::none;
    if (!row.sampled.samples.empty()) result.push_back(std::move(row));
  }
  return result;
}

}  // namespace georep
