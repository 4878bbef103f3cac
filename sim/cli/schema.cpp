#include "sim/cli/schema.hpp"

#include "scenarios/reader/reader.hpp"

namespace georep {

ExitCode print_schema(Terminal& terminal) {
  terminal.print(json_schema());
  return ExitCode::ok;
}

}  // namespace georep
