// Numbers of things, drawn.
#pragma once

#include <cstdint>

#include "sim/fields/quantities.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

/// How many, by the law, with one word of the stream. `{uniform: [3, 12]}` is each of the ten numbers equally often; other laws are
/// rounded up to whole numbers.
std::int64_t sample_count(const CountLaw& law, Draw& draw);

}  // namespace georep
