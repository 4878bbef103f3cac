// Has memory on its way to the processor before it is needed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/kernel/event.hpp"

namespace georep {

/// How many events before its turn an event is sent for.
inline constexpr std::size_t prefetch_distance = 16;

inline void prefetch(const void* object, std::size_t bytes) {
  const auto address = reinterpret_cast<std::uintptr_t>(object);
  for (std::size_t line = 0; line < bytes; line += 64)
    __builtin_prefetch(reinterpret_cast<const void*>(address + line));
}

/// What an event is the head of, a process say, is needed with it.
inline void prefetch_owner(const Event* event) { prefetch(event, 192); }

}  // namespace georep
