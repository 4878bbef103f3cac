// Kinds of a single scalar: quantities, whole and real numbers, truth values, text, and laws of
// probability.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "sim/fields/kind.hpp"

namespace georep {

/// A duration of at least `least`.
KindOf<Duration> duration(Duration least = 0_ns);
/// A duration that may be negative.
KindOf<Duration> signed_duration();
KindOf<Bytes> size(Bytes least = 0_B);
/// A bandwidth above 0, or `unlimited`.
KindOf<Bandwidth> bandwidth();
/// A rate above 0.
KindOf<Rate> rate();
KindOf<Ratio> ratio(double least = 0, double most = 1);
KindOf<Price> price();
KindOf<Quantity> quantity();
KindOf<std::int64_t> integer(std::int64_t least = 0,
                             std::int64_t most = std::numeric_limits<std::int64_t>::max());
KindOf<std::uint64_t> seed_number();
/// A count of things that a run holds in memory: from `least` to 1,000,000.
KindOf<std::int64_t> count(std::int64_t least = 1);
KindOf<double> real(double least, double most = 1e9);
KindOf<bool> boolean();
/// Any text; `what` is what the reference page calls it.
KindOf<std::string> text(std::string what = "text");
/// A text that is not empty and holds no space: a name, or a reference to one.
KindOf<std::string> name(std::string what);

/// A law of durations, sizes or whole numbers, or the one value that is always drawn.
KindOf<DurationLaw> duration_law();
KindOf<SizeLaw> size_law();
KindOf<CountLaw> count_law();
/// A law of durations whose constant and whose uniform bounds may be negative.
KindOf<DurationLaw> signed_duration_law();
/// Whether a value is written as a law other than the constant one.
bool is_law(const Value& value);

}  // namespace georep
