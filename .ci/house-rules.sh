#!/usr/bin/env bash
# The rules of the house that no compiler checks, read from the text of the sources: who includes whom, where
# chance and clocks may not come from, how long a file may be. Formatting plays no part.
#
#   .ci/house-rules.sh [FOLDER]     one line per rule, "ok RULE" or "FAIL RULE" and the places; exit 1 if any failed
set -uo pipefail
cd "${1:-"$(dirname "$(readlink -f "$0")")/.."}" || exit 4

mapfile -t sources < <(find sim models analysis scenarios tests docs -name 'build*' -prune -o \
  -type f \( -name '*.cpp' -o -name '*.hpp' \) -print 2>/dev/null | sort)
failures=0

# report RULE PLACES: a rule holds if there is no place that breaks it.
report() {
  if [ -z "$2" ]; then
    echo "ok $1"
  else
    echo "FAIL $1"
    head -n 20 <<<"$2" | sed 's/^/    /'
    failures=$((failures + 1))
  fi
}

# below PATTERN: the sources whose path matches. search PATTERN: file:line:text, for the files on stdin.
below() { printf '%s\n' "${sources[@]}" | grep -E "$1"; }
search() { xargs -d '\n' -r grep -HnP -- "$1"; }
# Comments may name what the code may not use.
without_comments() { grep -vP '^[^:]+:\d+:\s*(//|\*)'; }

includes() {  # "file:line included", for every include of our own
  printf '%s\n' "${sources[@]}" | xargs -d '\n' -r grep -Hn '^ *# *include *"' |
    sed -E 's/^([^:]+:[0-9]+): *# *include *"([^"]*)".*/\1 \2/'
}
own_includes=$(includes)

upward_includes() {
  awk '
    function layer(path, includes) {
      if (path ~ /^tests\/support\//) return includes ? 6 : 0  # what tests of any layer share
      sub(/^tests\//, "", path)
      if (path ~ /^sim\/kernel\//) return 1
      if (path ~ /^sim\/fields\//) return 2
      if (path ~ /^models\//) return 3
      if (path ~ /^analysis\//) return 4
      if (path ~ /^scenarios\//) return 5
      if (path !~ /\//) return 0  # not written from the root: another rule reports that
      return 6
    }
    NF == 2 { from = $1; sub(/:.*/, "", from)
      if (from !~ /^docs\// && layer($2, 0) > layer(from, 1)) print $1 " includes " $2 }' <<<"$own_includes"
}

# tsort names the members of each circle on stderr.
include_circles() {
  { awk 'NF == 2 { sub(/:.*/, "", $1); print $1, $2 }' <<<"$own_includes" | tsort >/dev/null; } 2>&1
}
includes_from_elsewhere() {
  while read -r place included; do
    [ -z "$included" ] || [ -f "$included" ] || echo "$place includes $included, which is not there from the root"
  done <<<"$own_includes"
}

# Looking up in an unordered container is fine, walking one is not. The names declared as such, walked in the same folder:
walked_unordered_containers() {
  local declaration name file
  below '^(sim|models|analysis|scenarios)/' | search 'unordered_(multi)?(map|set)<.*>&?\s+\w+\s*(;|=|\{|,|\))' |
    while IFS= read -r declaration; do
      file=${declaration%%:*}
      name=$(sed -E 's/.*>&? +(\w+) *(;|=|\{|,|\)).*/\1/' <<<"$declaration")
      grep -HnP -- "for \\(.*[: .>]$name\\)|\\b$name\\.(c?begin)\\(" "$(dirname "$file")"/*.?pp
    done | sort -u
}

long_files() {
  printf '%s\n' "${sources[@]}" georep check .ci/* | xargs -d '\n' -r wc -l 2>/dev/null |
    awk '$2 != "total" && $1 > 600 { print $2 " has " $1 " lines" }'
}

report "no include goes up the line sim/kernel, sim/fields, models, analysis, scenarios/reader, sim/cli" "$(upward_includes)"
report "no file includes itself through others" "$(include_circles)"
report "every include of our own is written from the root" "$(includes_from_elsewhere)"
report "no header of ours includes a library that only one .cpp may know" "$(below '\.hpp$' |
  search '#\s*include\s*<(boost|Eigen|eigen3|nlohmann|yaml-cpp|Random123|sqlite3|CLI)[/.]')"
report "chance comes from the kernel's own streams" "$(below '.' | search \
  'std::(mt19937|minstd_rand|default_random_engine|random_device|seed_seq|generate_canonical|shuffle|\w+_distribution\b)|#\s*include\s*<random>|\bs?rand\(\)' |
  without_comments)"
report "no wall clock" "$(below '.' | grep -vE '^(tests/bench|sim/cli)/' |
  search 'system_clock|high_resolution_clock|utc_clock|gettimeofday|clock_gettime|\b(std::)?time\((nullptr|NULL|0)\)' |
  without_comments)"
report "no clock, thread, lock, environment or locale inside a simulation" "$(below '^(sim/kernel|sim/fields|models)/' |
  search 'std::(chrono|thread|jthread|mutex|locale|getenv)\b|setlocale|localtime|\bgetenv\(' | without_comments)"
report "no logarithm, power or trigonometry of libm where times, sizes and choices are made" \
  "$(below '^(sim/kernel|sim/fields|models)/' |
    search 'std::(log|log2|log10|log1p|exp|exp2|expm1|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|[tl]gamma|erfc?|fma)f?l?\(' |
    without_comments)"
report "no walk over an unordered container" "$(walked_unordered_containers)"
# The ends of flows are events that fair sharing schedules itself, not deadlines that a model compares with.
report "deadlines go through passed(), never through a comparison of now" "$(below '^models/' |
  grep -vE '^models/network/fair_sharing\.[ch]pp$' | search '\bnow(\(\))?\s(<|<=|>|>=|==|!=|<=>)\s|\s(<|<=|>|>=|==|!=|<=>)\s[\w.:>-]*\bnow\b' | without_comments)"
report "no braced temporary or lambda inside a co_await expression" "$(below '^(sim|models|analysis)/' |
  search 'co_await[^;]*(\{[^}]*\}|\[[&=])' | without_comments)"
report "no file is longer than 600 lines" "$(long_files)"
report "nothing is left undone" "$(below '.' | search '(?i)\b(TODO|FIXME|XXX|HACK|stub|placeholder)\b|not implemented')"
report "no path of one machine" "$(find . \( -name .git -o -name 'build*' \) -prune -o -type f \
  \( -name '*.?pp' -o -name '*.yaml' -o -name '*.md' -o -name 'meson*' \) -print |
  search '(^|[\s"(])/(work|farm|root|home)/')"
report "no flag that makes results depend on the processor" "$(find . \( -name .git -o -name 'build-*' -o -path ./build \) \
  -prune -o -name 'meson*' -type f -print | search '^[^#]*(-ffast-math|-Ofast|-march=native|-mfma|-funsafe-math)')"

[ "$failures" -eq 0 ]
