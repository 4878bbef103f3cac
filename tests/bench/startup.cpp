// Starts a program so many times: the median of milliseconds from its start to its end, and the most memory that it had.
// usage: startup TIMES PROGRAM ARGUMENT...
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<double> milliseconds;
  long peak_kilobytes = 0;
  for (int left = std::atoi(argv[1]); left > 0; --left) {
    const auto start = std::chrono::steady_clock::now();
    pid_t process = 0;
    if (posix_spawnp(&process, argv[2], &quiet, nullptr, argv + 2, environ) != 0) return 1;
    int status = 0;
    rusage usage{};
    if (wait4(process, &status, 0, &usage) != process || status != 0) return 1;
    milliseconds.push_back(std::chrono::duration<double, std::milli>(
                               std::chrono::steady_clock::now() - start)
                               .count());
    peak_kilobytes = std::max(peak_kilobytes, usage.ru_maxrss);
  }
  std::nth_element(milliseconds.begin(),
                   milliseconds.begin() + static_cast<std::ptrdiff_t>(milliseconds.size() / 2),
                   milliseconds.end());
  std::printf("milliseconds %.3f peak_mb %.1f\n", milliseconds[milliseconds.size() / 2],
              static_cast<double>(peak_kilobytes) / 1024);
  return 0;
}
