// The least that a process can be: a coroutine that is its handle and nothing else, never destroyed.
#pragma once

#include <coroutine>
#include <cstdlib>

namespace bench {

struct BareProcess {
  struct promise_type {
    BareProcess get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::abort(); }
  };
};

}  // namespace bench
