// Reads the bundled tables row by row. They are part of the program, so a malformed one is a fault of the program.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace georep {

/// Calls `visit` with the fields of each row below the heading, in order. The heading must be `columns`, and every
/// row must have as many fields. The fields point into the table.
void for_each_row(std::string_view table, std::string_view columns,
                  const std::function<void(std::span<const std::string_view>)>& visit);

/// A whole number, such as a size in bytes.
std::int64_t whole_number(std::string_view field);

/// A real number, correctly rounded.
double real_number(std::string_view field);

/// A decimal number of milliseconds with at most six digits behind the point, exactly.
Duration milliseconds(std::string_view field);

}  // namespace georep
