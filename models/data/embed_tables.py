# Writes a C++ file that holds the given tables as texts: tables/azure-rtt-ms.csv becomes tables::azure_rtt_ms.
# Run by the build: embed_tables.py OUTPUT TABLE...
import pathlib
import sys

output, *tables = sys.argv[1:]
lines = [
    '#include "models/data/tables.hpp"',
    '// A table is longer than the 65,536 characters that every compiler must take; both of ours take it.',
    '#pragma GCC diagnostic ignored "-Woverlength-strings"',
    'namespace georep::tables {',
]
for table in map(pathlib.Path, tables):
    text = table.read_text(encoding='utf-8')
    assert ')table"' not in text and '\r' not in text and text.endswith('\n'), table
    name = table.stem.replace('-', '_')
    lines.append(f'const std::string_view {name}{{R"table({text})table"}};')
lines.append('}  // namespace georep::tables')
pathlib.Path(output).write_text('\n'.join(lines) + '\n', encoding='utf-8')
