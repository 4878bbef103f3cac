// The terminal: the only place that knows of ttys, colours and progress. Results go to stdout, all else to stderr.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/reports/text_style.hpp"

namespace georep {

enum class ProgressStyle : std::uint8_t { automatic, bar, plain, none };
enum class ColourUse : std::uint8_t { automatic, always, never };

struct TerminalOptions {
  ProgressStyle progress = ProgressStyle::automatic;
  ColourUse colour = ColourUse::automatic;
  bool quiet = false;
  int verbosity = 0;
};

class Terminal {
 public:
  explicit Terminal(const TerminalOptions& options);
  ~Terminal() { end_progress(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// How text looks on stdout, and on stderr. `NO_COLOR` and `TERM=dumb` take the colours away unless they are asked for.
  const TextStyle& style() const { return out_; }
  const TextStyle& error_style() const { return error_; }
  bool quiet() const { return options_.quiet; }
  bool verbose() const { return options_.verbosity > 0; }

  /// Writes a result to stdout as it stands.
  void print(std::string_view text);
  /// A message of interest to stderr; `-q` drops it.
  void say(std::string_view line);
  /// A message for those who gave `-v`.
  void detail(std::string_view line);
  /// A message that nobody may miss.
  void complain(std::string_view text);

  /// Whether all that was printed has arrived, as far as the system can say.
  bool flush();

  /// Shows how far something is: on one line of a terminal that is renewed a few times a second, or as a line every few
  /// seconds with `--progress plain`. `done` is a share of the whole, negative where nobody knows it.
  void progress(std::string_view what, double done);
  /// Whether `progress` shows anything at all.
  bool shows_progress() const { return options_.progress != ProgressStyle::none; }
  /// Whether it would show anything now; asking is cheap.
  bool progress_due() const;
  /// Takes the progress line away.
  void end_progress();

 private:
  using Clock = std::chrono::steady_clock;
  std::string remaining(double done, Clock::time_point now) const;

  TerminalOptions options_;
  TextStyle out_;
  TextStyle error_;
  bool failed_ = false;
  bool bar_shown_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point due_;
};

}  // namespace georep
