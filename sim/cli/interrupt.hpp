// Ctrl-C. The first asks what runs to stop at its next event boundary and to write what there is; the second leaves at once.
#pragma once

namespace georep {

/// From now on the first SIGINT (or SIGTERM) only sets the flag.
void catch_interrupts();

/// Whether the user wants to stop. May be asked from any thread.
bool interrupted();

}  // namespace georep
