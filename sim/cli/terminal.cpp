#include "sim/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace georep {

namespace {

using namespace std::chrono_literals;

constexpr auto bar_interval = 100ms;
constexpr auto plain_interval = 5s;
// What ends sooner than this shows no progress at all.
constexpr auto patience = 300ms;

bool has_value(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// Open MPI's mpirun gives the first rank a terminal of its own to write to, wherever it passes the output on to.
bool is_terminal(int descriptor) { return isatty(descriptor) != 0 && !has_value("OMPI_COMM_WORLD_SIZE"); }

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view{term} == "dumb";
}

TextStyle style_of(int descriptor, ColourUse use) {
  TextStyle style;
  const bool terminal = is_terminal(descriptor);
  style.colour = use == ColourUse::always ||
                 (use == ColourUse::automatic && terminal && !has_value("NO_COLOR") && !is_dumb());
  winsize size{};
  if (terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = std::clamp<std::size_t>(size.ws_col, 60, 140);
  return style;
}

}  // namespace

Terminal::Terminal(const TerminalOptions& options)
    : options_{options},
      out_{style_of(STDOUT_FILENO, options.colour)},
      error_{style_of(STDERR_FILENO, options.colour)},
      due_{started_ + patience} {
  if (options_.progress == ProgressStyle::automatic)
    options_.progress = is_terminal(STDERR_FILENO) && !is_dumb() && !options_.quiet
                            ? ProgressStyle::bar
                            : ProgressStyle::none;
  if (options_.progress == ProgressStyle::plain) due_ = started_ + plain_interval;
}

void Terminal::print(std::string_view text) {
  end_progress();
  failed_ |= std::fwrite(text.data(), 1, text.size(), stdout) != text.size();
}

void Terminal::say(std::string_view line) {
  if (!options_.quiet) complain(line);
}

void Terminal::detail(std::string_view line) {
  if (options_.verbosity > 0) complain(line);
}

void Terminal::complain(std::string_view text) {
  end_progress();
  // What stdout has so far comes first where both go to one place.
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (text.empty() || text.back() != '\n') std::fputc('\n', stderr);
}

bool Terminal::flush() {
  end_progress();
  failed_ |= std::fflush(stdout) != 0;
  return !failed_;
}

bool Terminal::progress_due() const {
  return options_.progress != ProgressStyle::none && Clock::now() >= due_;
}

std::string Terminal::remaining(double done, Clock::time_point now) const {
  if (!(done > 0)) return {};
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  const auto left = static_cast<long>(std::ceil(elapsed * (1 - done) / done));
  const std::string clock = left >= 3600
                                ? fmt::format("{}:{:02}:{:02}", left / 3600, left / 60 % 60, left % 60)
                                : fmt::format("{}:{:02}", left / 60, left % 60);
  return fmt::format("{:3.0f} %, {} left", 100 * done, clock);
}

void Terminal::progress(std::string_view what, double done) {
  if (!progress_due()) return;
  const Clock::time_point now = Clock::now();
  const bool bar = options_.progress == ProgressStyle::bar;
  due_ = now + (bar ? Clock::duration{bar_interval} : Clock::duration{plain_interval});

  std::string line{what};
  const std::string rest = remaining(std::min(done, 1.0), now);
  if (!rest.empty()) line += ", " + rest;
  if (!bar) {
    std::fputs((line + "\n").c_str(), stderr);
    return;
  }
  constexpr std::size_t cells = 20;
  if (done >= 0) {
    const auto full = static_cast<std::size_t>(std::min(done, 1.0) * cells);
    line = fmt::format("[{}{}] {}", std::string(full, '#'), std::string(cells - full, '.'), line);
  }
  // "\x1b[K" takes away the rest of the line before.
  std::fputs(("\r" + shortened(line, error_.width - 1) + "\x1b[K").c_str(), stderr);
  std::fflush(stderr);
  bar_shown_ = true;
}

void Terminal::end_progress() {
  if (!bar_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  bar_shown_ = false;
}

}  // namespace georep
