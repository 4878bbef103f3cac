# Writes a C++ file that holds texts: docs/library.md becomes embedded::library, chart.min.js embedded::chart_min.
# Run by the build: embed_texts.py OUTPUT HEADER FILE...
import pathlib
import sys

output, header, *files = sys.argv[1:]
# The least length of a string literal that every compiler must take is 65,536 characters; pieces are shorter and join up.
PIECE = 16_000
lines = [
    f'#include "{header}"',
    '#pragma GCC diagnostic ignored "-Woverlength-strings"',
    'namespace georep::embedded {',
]
for file in map(pathlib.Path, files):
    text = file.read_text(encoding='utf-8')
    assert ')text"' not in text and '\r' not in text, file
    pieces = [text[at:at + PIECE] for at in range(0, len(text), PIECE)]
    name = file.stem.replace('-', '_').replace('.', '_')
    lines.append(f'const std::string_view {name}{{' + '\n'.join(f'R"text({piece})text"' for piece in pieces))
    lines[-1] += f', {len(text.encode())}}};'
lines.append('}  // namespace georep::embedded')
pathlib.Path(output).write_text('\n'.join(lines) + '\n', encoding='utf-8')
