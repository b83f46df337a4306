/*
 * The abstract system of README.md, written by hand. Chosen when it is compiled:
 *   NO_UNIT | AMDVI [TABLE_SHARED] | [SOURCE_VALIDATION] [COMPATIBILITY_PASSES]   the remap unit
 *   RID_SHARED                       one requester id for all guests' devices
 *   NATIVE | TRANSLATE | (neither: HCALL)                                  who composes
 *   TRAPPED                          the attacker's writes to its store trap
 *   HONEST | DMA | (neither: store)  what the attacker may do; HONEST asks "works", the others "isolated"
 *   VICTIMS, ENTRIES                 1 and 4 in the matrix
 *
 * The state is the projection and what follows from it (whose a table entry is), nothing else: every
 * step is one d_step, each process stays at its one control point, and there are no scratch
 * variables. So SPIN's "states, stored" is the number of projections, with the initial state in it.
 *
 * Replay is left out: what the attacker's software stored last is FIXED_TO(1) or R(entry), both
 * among the messages it may forge at any time, so that replay leads nowhere forge does not, and no
 * sooner. It would only add a variable to the state.
 */
#ifndef VICTIMS
#define VICTIMS 1
#endif
#ifndef ENTRIES
#define ENTRIES 4
#endif

#define DISK 0
#define ATTACKER 1
#define PARTIES (VICTIMS + 2)

#include "message.pml"
#include "remap.pml"

#define NONE 255

/* Each by party; the disk's are never used, as it does nothing more. */
bool holds[PARTIES];
bool host_side[PARTIES];
byte entry[PARTIES] = NONE;
int slot[PARTIES] = Z;

#ifdef NO_UNIT

#define GIVEN(party) FIXED_TO(party)

inline begin_host_side(party) {
  host_side[party] = true
}

inline end_host_side(party) {
  host_side[party] = false
}

#else

#define GIVEN(party) R(entry[party])

/* The lowest free entry; `entry` itself does the counting, and is NONE again when the table is full. */
inline begin_host_side(party) {
  if
  :: host_side[party]
  :: else ->
    entry[party] = 0;
    do
    :: entry[party] < ENTRIES && FOUND(party, entry[party]) != FREE -> entry[party]++
    :: else -> break
    od;
    if
    :: entry[party] < ENTRIES ->
      OWNER(party, entry[party]) = party;
      host_side[party] = true
    :: else -> entry[party] = NONE
    fi
  fi
}

inline end_host_side(party) {
  if
  :: host_side[party] ->
    OWNER(party, entry[party]) = FREE;
    entry[party] = NONE;
    host_side[party] = false
  :: else
  fi
}

#endif

/* Use and free of a guest that asks the hypervisor for its message and writes that itself. */
inline use_given(party) {
  if
  :: holds[party]
  :: else ->
    begin_host_side(party);
    holds[party] = host_side[party]
  fi;
  if
  :: holds[party] -> slot[party] = GIVEN(party)
  :: else
  fi
}

inline free_given(party) {
  if
  :: holds[party] ->
    slot[party] = Z;
    end_host_side(party);
    holds[party] = false
  :: else
  fi
}

/* A write of the attacker's that traps. */
inline trap(m) {
  if
  :: m == FIXED_TO(ATTACKER) ->
    begin_host_side(ATTACKER);
    if
    :: host_side[ATTACKER] -> slot[ATTACKER] = GIVEN(ATTACKER)
    :: else
    fi
  :: m != FIXED_TO(ATTACKER) && host_side[ATTACKER] && m == GIVEN(ATTACKER) -> slot[ATTACKER] = m
  :: else
  fi
}

/*
 * Every party has its CPU to itself. So whoever holds a vector there is the CPU's own party, and
 * where nobody does it is that party's as well: an effect is allowed to a device exactly where it is
 * fixed and on its party's CPU.
 */
#define ALLOWED(party, e) ((e) == NOTHING || (EFFECT_MODE(e) == FIXED && EFFECT_CPU(e) == (party)))

#ifdef HONEST
#define RIGHT(party, e) (!holds[party] || (e) == EFFECT(FIXED, VECTOR, party))
#else
#define RIGHT(party, e) ALLOWED(party, e)
#endif

inline emit(party, m) {
  if
  :: RIGHT(party, SENT(party, m))
  :: else -> assert(false)
  fi
}

active proctype attacker() {
  do
#if defined(NATIVE)
  :: d_step { holds[ATTACKER] = true; slot[ATTACKER] = FIXED_TO(ATTACKER) }
  :: d_step { holds[ATTACKER] = false; slot[ATTACKER] = Z }
#elif defined(TRANSLATE)
  :: d_step { holds[ATTACKER] = true; trap(FIXED_TO(ATTACKER)) }
  :: d_step { holds[ATTACKER] = false; trap(Z) }
#else
  :: d_step { use_given(ATTACKER) }
  :: d_step { free_given(ATTACKER) }
#endif
  :: d_step { emit(ATTACKER, slot[ATTACKER]) }
#ifndef HONEST
#ifdef TRAPPED
#define FORGE(m) :: d_step { trap(m) }
#else
#define FORGE(m) :: d_step { slot[ATTACKER] = m }
#endif
  EACH_MESSAGE(FORGE)
#ifdef DMA
#define WRITE(m) :: d_step { emit(ATTACKER, m) }
  EACH_MESSAGE(WRITE)
#endif
#endif
  od
}

active [VICTIMS] proctype victim() {
  do
  :: d_step { use_given(_pid + 1) }
  :: d_step { free_given(_pid + 1) }
  :: d_step { emit(_pid + 1, slot[_pid + 1]) }
  od
}
