#include "sim/kernel/frame_pool.hpp"

#include <array>
#include <memory>
#include <new>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define GEOREP_PLAIN_FRAMES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GEOREP_PLAIN_FRAMES 1
#endif
#endif

namespace georep::frame_pool {

#ifdef GEOREP_PLAIN_FRAMES

// Under the address sanitizer every frame is its own allocation, so that a use after its end is seen.
void* allocate(std::size_t size) { return ::operator new(size); }
void release(void* frame, std::size_t size) noexcept { ::operator delete(frame, size); }

#else

namespace {

constexpr std::size_t granule = 16;
constexpr std::size_t largest_pooled = 2048;
constexpr std::size_t slab_bytes = 64 * 1024;

struct FreeFrame {
  FreeFrame* next;
};

struct Pool {
  std::array<FreeFrame*, largest_pooled / granule + 1> free_frames{};
  std::vector<std::unique_ptr<std::byte[]>> slabs;
  std::byte* slab_cursor = nullptr;
  std::byte* slab_end = nullptr;

  void* carve(std::size_t rounded) {
    if (slab_cursor == nullptr || static_cast<std::size_t>(slab_end - slab_cursor) < rounded) {
      slabs.push_back(std::make_unique_for_overwrite<std::byte[]>(slab_bytes));
      slab_cursor = slabs.back().get();
      slab_end = slab_cursor + slab_bytes;
    }
    void* frame = slab_cursor;
    slab_cursor += rounded;
    return frame;
  }
};

Pool& pool() {
  thread_local Pool instance;
  return instance;
}

}  // namespace

void* allocate(std::size_t size) {
  const std::size_t size_class = (size + granule - 1) / granule;
  if (size > largest_pooled) return ::operator new(size);
  Pool& frames = pool();
  if (FreeFrame* frame = frames.free_frames[size_class]; frame != nullptr) {
    frames.free_frames[size_class] = frame->next;
    return frame;
  }
  return frames.carve(size_class * granule);
}

void release(void* frame, std::size_t size) noexcept {
  if (size > largest_pooled) {
    ::operator delete(frame, size);
    return;
  }
  const std::size_t size_class = (size + granule - 1) / granule;
  Pool& frames = pool();
  frames.free_frames[size_class] = new (frame) FreeFrame{frames.free_frames[size_class]};
}

#endif

}  // namespace georep::frame_pool
