/* The registry in miniature of tests/support/registry_toy.hpp, for Spin: every configuration, one atomic step an access. The verifier
 * prints the outcome of each state in which the pull has ended. */
byte order;      /* 0 concurrent, 1 manifest first, 2 blobs first */
bool invalidates;
byte start;      /* what tag and cache hold at first: 0 nothing, 1 the old image */
byte cache, tag; /* 0 nothing, 1 the old image, 2 the new one */
bool first, second;
byte outcome;

inline point() {
  tag = 2;
  if
  :: invalidates -> cache = 0
  :: else
  fi
}

proctype store_first() { first = true }
proctype store_second() { second = true }
proctype only_point() { point() }
proctype manifest_first() { point(); first = true; second = true }
proctype blobs_first() { first = true; second = true; point() }

proctype pull() {
  byte seen;
  seen = cache;
  if
  :: seen == 0 ->
     seen = tag;
     if
     :: seen != 0 -> cache = seen
     :: else
     fi
  :: else
  fi;
  if
  :: seen == 0 -> outcome = 1
  :: seen == 1 -> outcome = 2
  :: else ->
     if
     :: !first -> outcome = 3
     :: first ->
        if
        :: !second -> outcome = 3
        :: second -> outcome = 4
        fi
     fi
  fi;
  c_code { printf("outcome %d %d %d %d\n", now.order, now.invalidates, now.start, now.outcome); }
}

init {
  atomic {
    select(order : 0 .. 2);
    if
    :: invalidates = false
    :: invalidates = true
    fi;
    select(start : 0 .. 1);
    tag = start;
    cache = start;
    if
    :: order == 0 -> run store_first(); run store_second(); run only_point()
    :: order == 1 -> run manifest_first()
    :: order == 2 -> run blobs_first()
    fi;
    run pull()
  }
}
