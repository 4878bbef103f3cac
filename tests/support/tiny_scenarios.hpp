// Scenarios of a few processes, generated at random, in which everything occurs that a search has to understand: delays within bounds, times to
// live, skewed stamps, bounds on durations, connections that keep order, signals with limits, servers, processes that are cancelled, choices.
// What each process saw is its log; the logs and the state in the end are the outcome.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/exploration/freedom.hpp"
#include "analysis/exploration/subject.hpp"
#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace georep::test {

/// SplitMix64 (Steele, Lea & Flood 2014).
class SmallRandom {
 public:
  explicit SmallRandom(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E37'79B9'7F4A'7C15ULL);
    z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9ULL;
    z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EBULL;
    return z ^ z >> 31;
  }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }

 private:
  std::uint64_t state_;
};

enum class Act : std::uint8_t {
  wait_within,   // between a and b
  wait,          // a
  read,          // cell
  write,         // cell
  fill,          // cell, for a
  lookup,        // cell; a miss skips the next act
  stamped_write, // cell, with a skew of a
  choose,        // the other value skips the next act
  await_signal,  // at most a
  notify,
  serve,         // one server, for a
  cancel,        // process a
  check_age,     // whether the cell was written at least a ago
  send,          // on the connection, between a and b, a write to the cell
};

struct Line {
  Act act;
  std::size_t cell;
  std::int64_t a;
  std::int64_t b;
};

struct TinyScript {
  std::vector<std::vector<Line>> processes;
};

inline TinyScript random_script(std::uint64_t seed) {
  SmallRandom random{seed};
  TinyScript script;
  std::int64_t drawn = 0;
  const std::int64_t processes = 2 + random.below(2);
  for (std::int64_t p = 0; p < processes; ++p) {
    std::vector<Line> lines;
    const std::int64_t length = 2 + random.below(4);
    for (std::int64_t i = 0; i < length; ++i) {
      Line line{static_cast<Act>(random.below(14)), static_cast<std::size_t>(random.below(2)),
                random.below(4), 0};
      const bool draws = line.act == Act::wait_within || line.act == Act::send;
      // Few draws, so that all their values can be tried.
      if (draws && ++drawn > 3) line.act = Act::wait;
      line.b = line.a + random.below(4);
      if (line.act == Act::stamped_write) line.a -= 2;
      if (line.act == Act::cancel) line.a = random.below(processes);
      lines.push_back(line);
    }
    script.processes.push_back(lines);
  }
  return script;
}

class TinySubject : public Subject, public Freedom {
 public:
  explicit TinySubject(TinyScript script) : script_{std::move(script)} {}

  Simulation& simulation() override { return simulation_; }

  Range delay(std::uint64_t site, ChoiceKind, Duration) const override {
    const Line& line = script_.processes[site >> 8][site & 0xFF];
    return {Duration::nanoseconds(line.a), Duration::nanoseconds(line.b)};
  }
  std::uint32_t values(std::uint64_t, ChoiceKind, std::uint32_t count) const override {
    return count;
  }

  std::uint64_t execute() override {
    scopes_.clear();
    simulation_.reset(1, 0);
    state_ = std::make_unique<State>();
    logs_.assign(script_.processes.size(), 1);
    ended_.assign(script_.processes.size(), std::nullopt);
    for (std::size_t i = 0; i < script_.processes.size(); ++i) {
      scopes_.push_back(std::make_unique<ProcessScope>(simulation_));
      scopes_.back()->start(run(i));
    }
    simulation_.run();
    std::uint64_t outcome = 7;
    for (const std::uint64_t log : logs_) outcome = outcome * 0x1'0000'0000'01B3ULL + log;
    for (const Cell& cell : state_->cells)
      outcome = outcome * 0x1'0000'0000'01B3ULL + static_cast<std::uint64_t>(cell.value);
    return outcome;
  }

  /// Of the times at which processes ended and cells were written last, some against others: all that a run of a kind has, at its greatest and its
  /// least, is then of interest.
  SumOfDurations sum_of_times() const {
    SumOfDurations sum;
    sum.least = SumOfDurations::unlimited;
    sum.most = -SumOfDurations::unlimited;
    const Deadline& from = state_->cells[0].written;
    for (const std::optional<Deadline>& end : ended_)
      if (end) sum.spans.push_back({from, *end});
    if (ended_.front()) sum.spans.push_back({*ended_.front(), state_->cells[1].written});
    if (ended_.back()) sum.spans.push_back({*ended_.back(), state_->cells[1].written});
    return sum;
  }
  void ask_for_sums() { asks_for_sums_ = true; }
  std::vector<SumOfDurations> sums() const override {
    return asks_for_sums_ ? std::vector{sum_of_times()} : std::vector<SumOfDurations>{};
  }

 private:
  struct Cell {
    std::int64_t value = 0;
    Deadline expires;
    Deadline stamp{Instant::at(Duration::nanoseconds(-1'000'000)), 0};
    Deadline written;
  };
  struct State {
    Cell cells[2];
    Signal signal;
    Resource servers{1};
    Deadline last_arrival;
  };

  static SharedObject object(std::size_t cell) { return SharedObject::of(1, 0, cell); }
  static SharedObject connection() { return SharedObject::of(2, 0, 0); }
  void log(std::size_t process, std::int64_t word) {
    logs_[process] = logs_[process] * 0x1'0000'0000'01B3ULL + static_cast<std::uint64_t>(word) + 11;
  }
  static Duration length(std::int64_t count) { return Duration::nanoseconds(count); }

  Task<void> deliver(std::size_t place, std::int64_t value, Deadline arrival) {
    co_await simulation_.until(arrival);
    simulation_.note_write(object(place));
    Cell& cell = state_->cells[place];
    cell.value = cell.value * 1'000 + value;
  }

  void write(std::size_t process, const Line& line, std::int64_t value) {
    simulation_.note_write(object(line.cell));
    Cell& cell = state_->cells[line.cell];
    if (line.act == Act::stamped_write) {
      const Deadline mine = simulation_.deadline(length(line.a));
      const bool wins = simulation_.before(cell.stamp, mine);
      log(process, wins ? 1 : 0);
      if (!wins) return;
      cell.stamp = mine;
    }
    if (line.act == Act::fill) cell.expires = simulation_.deadline(length(line.a));
    cell.written = simulation_.deadline(Duration{});
    cell.value = value;
  }

  /// Whether the next line is to be left out.
  bool look(std::size_t process, const Line& line) {
    simulation_.note_read(object(line.cell));
    const Cell& cell = state_->cells[line.cell];
    if (line.act == Act::check_age) {
      Deadline old = cell.written;
      old.at = old.at + length(line.a);
      log(process, simulation_.passed(old) ? 1 : 0);
      return false;
    }
    if (line.act == Act::lookup && simulation_.passed(cell.expires)) {
      log(process, -1);
      return true;
    }
    log(process, cell.value);
    return false;
  }

  void send(const Line& line, std::uint64_t site, std::int64_t value) {
    simulation_.note_write(connection());
    state_->last_arrival = simulation_.choose_moment(site, ChoiceKind::latency, length(line.a),
                                                     state_->last_arrival);
    const Deadline arrival = state_->last_arrival;
    // What is on its way outlives whoever sent it, but is cancelled with the first process.
    scopes_[0]->start(deliver(line.cell, value, arrival));
  }

  Task<void> run(std::size_t process) {
    for (std::size_t i = 0; i < script_.processes[process].size(); ++i) {
      const Line& line = script_.processes[process][i];
      const std::uint64_t site = process << 8 | i;
      const std::int64_t value = static_cast<std::int64_t>(site) + 1;
      switch (line.act) {
        case Act::wait_within: {
          const Deadline moment =
              simulation_.choose_moment(site, ChoiceKind::latency, length(line.a));
          co_await simulation_.until(moment);
          break;
        }
        case Act::wait:
          co_await simulation_.delay(length(line.a));
          break;
        case Act::read:
        case Act::lookup:
        case Act::check_age:
          if (look(process, line)) ++i;
          break;
        case Act::write:
        case Act::fill:
        case Act::stamped_write:
          write(process, line, value);
          break;
        case Act::choose:
          if (simulation_.choose(site, ChoiceKind::fault, 2) != 0) {
            log(process, 1);
            ++i;
          }
          break;
        case Act::await_signal: {
          const Deadline limit = simulation_.deadline(length(line.a));
          const bool came = co_await state_->signal.wait_until(limit);
          log(process, came ? 1 : 0);
          break;
        }
        case Act::notify:
          state_->signal.notify_all();
          break;
        case Act::serve: {
          Resource::Slot slot = co_await state_->servers.acquire();
          log(process, 5);
          co_await simulation_.delay(length(line.a));
          break;
        }
        case Act::cancel:
          scopes_[static_cast<std::size_t>(line.a)]->clear();
          break;
        case Act::send:
          send(line, site, value);
          break;
      }
    }
    log(process, 99);
    ended_[process] = simulation_.deadline(Duration{});
  }

  TinyScript script_;
  Simulation simulation_;
  std::unique_ptr<State> state_;
  std::vector<std::uint64_t> logs_;
  std::vector<std::optional<Deadline>> ended_;  // by process
  bool asks_for_sums_ = false;
  std::vector<std::unique_ptr<ProcessScope>> scopes_;
};

}  // namespace georep::test
