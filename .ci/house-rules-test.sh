#!/usr/bin/env bash
# Proves that each house rule can fail: a small tree that keeps them all, then one breach at a time, which that rule
# and no other must report. Prints "ok …" or "FAIL …" per case, like the rules themselves.
set -uo pipefail
rules=$(dirname "$(readlink -f "$0")")/house-rules.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

verdict() {  # verdict CASE EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then
    echo "ok $1"
  else
    printf 'FAIL %s\n    expected: %s\n    reported: %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}

lay_out_tree() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{sim/kernel,sim/fields,sim/cli,models/cache,analysis,scenarios/reader,tests/sim/kernel}
  echo '#pragma once' >"$tree/sim/kernel/time.hpp"
  echo '#include "sim/kernel/time.hpp"' >"$tree/sim/kernel/event.hpp"
  printf '#include "sim/kernel/time.hpp"\n// Never std::mt19937, nor now() < deadline.\nstd::unordered_map<int, int> entries_;\n%s\n' \
    'int f() { return entries_.find(1)->second; }' >"$tree/models/cache/cache.cpp"
  echo 'auto t = std::chrono::system_clock::now();' >"$tree/sim/cli/main.cpp"
  echo "project('x')" >"$tree/meson.build"
}

failed_rules() { "$rules" "$tree" | sed -n 's/^FAIL //p' | tr '\n' ';'; }

# breach RULE FILE TEXT: the text, added to the file, breaks the rule that begins so, and no other.
breach() {
  lay_out_tree
  printf '%s\n' "$3" >>"$tree/$2"
  local reported case_name="$1: ${3%%$'\n'*}"
  reported=$(failed_rules)
  case $reported in
    *";"?*) verdict "$case_name" "this rule alone" "$reported" ;;
    "$1"*) verdict "$case_name" "" "" ;;
    *) verdict "$case_name" "this rule" "$reported" ;;
  esac
}

lay_out_tree
verdict "a tree that keeps every rule is not reported" "" "$(failed_rules)"

up="no include goes up"
breach "$up" sim/kernel/event.hpp '#include "models/cache/cache.cpp"'
breach "$up" models/cache/key.hpp '#include "sim/cli/main.cpp"'
breach "$up" tests/sim/kernel/event_test.cpp '#include "sim/cli/main.cpp"'
breach "no file includes itself" sim/kernel/time.hpp '#include "sim/kernel/event.hpp"'
breach "every include of our own" models/cache/key.hpp '#include "time.hpp"'
breach "no header of ours" models/cache/key.hpp '#include <nlohmann/json.hpp>'
breach "chance comes" models/cache/key.cpp 'std::uniform_int_distribution<int> pick(0, 1);'
breach "chance comes" tests/key_test.cpp '#include <random>'
breach "no wall clock" analysis/run.cpp 'auto t = system_clock::now();'
breach "no clock, thread" models/cache/key.cpp 'std::mutex guard;'
breach "no logarithm" models/cache/key.cpp 'double x = std::log(2.0);'
breach "no walk" models/cache/walk.cpp 'void g() { for (const auto& [k, v] : entries_) use(k); }'
breach "no walk" models/cache/walk.cpp 'auto first = entries_.begin();'
breach "deadlines" models/cache/key.cpp 'if (simulation_->now() >= entry.expires_at) return;'
breach "deadlines" models/cache/key.cpp 'if (entry.expires_at < simulation.now()) return;'
breach "deadlines" models/cache/key.cpp 'bool old = now > filled_at;'
breach "no braced temporary" models/cache/key.cpp 'co_await fetch(Options{.count = 1});'
breach "no braced temporary" models/cache/key.cpp 'co_await run([&] { return 1; });'
breach "no file is longer" models/cache/long.cpp "$(seq 601)"
breach "nothing is left undone" models/cache/key.cpp '// TODO: later'
breach "no path of one machine" meson.build "x = '/home/me/lib' # see /home/me/lib"
breach "no flag" meson.build "flags = ['-march=native']"
[ "$failures" -eq 0 ]
