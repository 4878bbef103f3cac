// Memory for coroutine frames: free lists by size class, one pool per thread, since a simulation lives on one thread.
#pragma once

#include <cstddef>

namespace georep::frame_pool {

/// Memory for one frame of `size` bytes, aligned for any object. Never null.
void* allocate(std::size_t size);

/// Takes back what `allocate(size)` gave, on the same thread.
void release(void* frame, std::size_t size) noexcept;

}  // namespace georep::frame_pool
