// Small programs with known numbers of interleavings and traces: tests/data/analytic-cases.json, `traces-*` (Abdulla et al., POPL 2014).
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace georep::test {

/// Processes over an array of shared integers; each access is one event.
struct Program {
  Program(Simulation& running, std::size_t size) : simulation{running}, cells(size, 0) {}

  Simulation& simulation;
  std::vector<int> cells;

  static SharedObject object(std::size_t cell) { return SharedObject::of(1, 0, cell); }
  int load(std::size_t cell) {
    simulation.note_read(object(cell));
    return cells[cell];
  }
  void store(std::size_t cell, int value) {
    simulation.note_write(object(cell));
    cells[cell] = value;
  }

  Task<void> write(std::size_t cell, int value) {
    store(cell, value);
    co_return;
  }
  Task<void> read(std::size_t cell) {
    static_cast<void>(load(cell));
    co_return;
  }
  Task<void> increment(std::size_t cell) {
    const int seen = load(cell);
    co_await simulation.delay(0_ns);
    store(cell, seen + 1);
  }
  Task<void> write_often(std::size_t cell, int times) {
    for (int i = 0; i < times; ++i) {
      if (i > 0) co_await simulation.delay(0_ns);
      store(cell, i);
    }
  }
  Task<void> find_last_zero(std::size_t from) {
    for (std::size_t cell = from; load(cell) != 0; --cell) co_await simulation.delay(0_ns);
  }
  Task<void> successor(std::size_t cell) {
    const int seen = load(cell - 1);
    co_await simulation.delay(0_ns);
    store(cell, seen + 1);
  }
};

/// Starts the processes of a program.
using Start = std::function<void(Program&)>;

inline Start writers(int count) {
  return [count](Program& program) {
    for (int i = 0; i < count; ++i) program.simulation.spawn(program.write(0, i));
  };
}
inline Start readers(int count) {
  return [count](Program& program) {
    program.simulation.spawn(program.write(0, 1));
    for (int i = 0; i < count; ++i) program.simulation.spawn(program.read(0));
  };
}
inline Start counters(int count) {
  return [count](Program& program) {
    for (int i = 0; i < count; ++i) program.simulation.spawn(program.increment(0));
  };
}
inline Start independent(std::size_t count, int writes) {
  return [count, writes](Program& program) {
    for (std::size_t i = 0; i < count; ++i) program.simulation.spawn(program.write_often(i, writes));
  };
}
inline Start last_zero(std::size_t count) {
  return [count](Program& program) {
    program.simulation.spawn(program.find_last_zero(count));
    for (std::size_t i = 1; i <= count; ++i) program.simulation.spawn(program.successor(i));
  };
}

}  // namespace georep::test
