/*
 * What a message does, for each kind of remap unit. A party is named by the number of the CPU it
 * has: DISK (the host's) 0, ATTACKER 1, the victims from 2. A table entry says whose it is; what is
 * in it follows: the party's CPU, vector 0x21, fixed, and the requester id of the party's device.
 */

/* 00:1f.2; 3b:00.1, 3b:00.2 and so on, or 3b:00.1 for all guests' devices. */
#ifdef RID_SHARED
#define RID(party) ((party) == DISK -> 250 : 15105)
#else
#define RID(party) ((party) == DISK -> 250 : 15104 + (party))
#endif

/* Which table a requester id leads to: VT-d has one, AMD-Vi one for each id or one for all. */
#if defined(AMDVI) && !defined(TABLE_SHARED)
#ifdef RID_SHARED
#define TABLES 2
#define TABLE(party) ((party) == DISK -> 0 : 1)
#else
#define TABLES PARTIES
#define TABLE(party) (party)
#endif
#else
#define TABLES 1
#define TABLE(party) 0
#endif

#ifndef NO_UNIT
#define FREE 255
byte owner[TABLES * ENTRIES] = FREE;
#define OWNER(party, index) owner[TABLE(party) * ENTRIES + (index)]

/* The disk has entry 0 of its table from the start and for good: no variable says so. */
#define DISK_HAS(party, index) (TABLE(party) == TABLE(DISK) && (index) == 0)
#define FOUND(party, index) (DISK_HAS(party, index) -> DISK : OWNER(party, index))
#endif

/* An effect: what a message reaches. */
#define NOTHING 0
#define EFFECT(mode, vector, cpu) ((1 << 19) | ((mode) << 16) | ((vector) << 8) | (cpu))
#define EFFECT_MODE(e) (((e) >> 16) & 7)
#define EFFECT_CPU(e) ((e) & 255)

/* Compatibility format: destination in address 19:12, mode in data 10:8, vector in data 7:0. */
#define ILLEGAL(m) (DATA(m, 8, 3) == FIXED && DATA(m, 0, 8) < FIRST_LEGAL_VECTOR)
#define INTERPRETED(m) \
  (ILLEGAL(m) -> NOTHING : EFFECT(DATA(m, 8, 3), DATA(m, 0, 8), ADDRESS(m, 12, 8)))

/* Blocked: index beyond the table (0x21), entry not present (0x22), another's requester id (0x26). */
#ifdef SOURCE_VALIDATION
#define SOURCE_OK(party, found) (RID(found) == RID(party))
#else
#define SOURCE_OK(party, found) true
#endif
#define ENTRY_OK(party, found) ((found) != FREE && SOURCE_OK(party, found))
#define LOOKED_UP(party, index) ((index) >= ENTRIES -> NOTHING : ENTERED(party, FOUND(party, index)))
#define ENTERED(party, found) (ENTRY_OK(party, found) -> EFFECT(FIXED, VECTOR, found) : NOTHING)

#if defined(NO_UNIT)

#define TRANSLATED(party, m) INTERPRETED(m)

#elif defined(AMDVI)

/* Only fixed messages are indices; SMI is an error, the other modes would need their pass bits. */
#define TRANSLATED(party, m) (DATA(m, 8, 3) == FIXED -> LOOKED_UP(party, DATA(m, 0, 11)) : NOTHING)

#else

#ifdef COMPATIBILITY_PASSES
#define COMPATIBILITY(m) INTERPRETED(m)
#else
#define COMPATIBILITY(m) NOTHING /* 0x25 */
#endif
#define SUBHANDLE(m) (ADDRESS(m, 3, 1) -> DATA(m, 0, 11) : 0)
#define HANDLE(m) ((ADDRESS(m, 2, 1) << 15) + ADDRESS(m, 5, 15))
#define TRANSLATED(party, m) \
  (ADDRESS(m, 4, 1) -> LOOKED_UP(party, HANDLE(m) + SUBHANDLE(m)) : COMPATIBILITY(m))

#endif

/* What comes of it when the party's device sends it; outside the window it is an ordinary write. */
#define SENT(party, m) (IN_WINDOW(m) -> TRANSLATED(party, m) : NOTHING)
