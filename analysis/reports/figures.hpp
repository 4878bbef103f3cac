// Figures as people read them: four significant digits, and a unit that suits the size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace georep {

/// `1.235 s`, `38.5 ms`, `2 min 5 s`, `1 h 12 min`: rounded, unlike the exact texts of sim/fields.
std::string figure(Duration duration);
/// How long after the start of the run: the same.
std::string figure(Instant at);

/// `45 MB`, `1.5 GB`: SI units.
std::string figure_of_bytes(double bytes);

/// A value in a measure's unit (`s`, `bytes`, `ratio`, `USD`, or empty for a count).
std::string figure(double value, std::string_view unit);

/// A whole number with a comma between groups of three digits.
std::string grouped(std::uint64_t number);

/// `1 expectation`, `2 expectations`.
std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace georep
