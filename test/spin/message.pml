/*
 * Messages as bits, so that two are the same exactly when their bits are. One number carries all
 * that the classes of README.md use: bit 29 says that the address is in the interrupt window
 * 0xFEEx_xxxx, bits 28:11 are address bits 19:2, bits 10:0 are data bits 10:0. Address bits 1:0,
 * 63:32 and the higher data bits are zero in every class.
 */
#define FIXED 0
#define SMI 2
#define NMI 4
#define INIT 5
#define EXTINT 7

/* The vector everybody gets on a CPU of his own; vectors below 16 are illegal for fixed delivery. */
#define VECTOR 33
#define FIRST_LEGAL_VECTOR 16

#define MESSAGE(address, data) ((1 << 29) | ((address) << 9) | (data))
#define IN_WINDOW(m) ((m) >> 29)
#define ADDRESS(m, low, width) (((m) >> (9 + (low))) & ((1 << (width)) - 1))
#define DATA(m, low, width) (((m) >> (low)) & ((1 << (width)) - 1))

#define Z 0

#define FIXED_TO(cpu) MESSAGE((cpu) << 12, VECTOR)
#define OTHER_TO(mode, cpu) MESSAGE((cpu) << 12, (mode) << 8)

#ifdef AMDVI
/* The data word of a fixed message is the index. */
#define R(index) MESSAGE(0, index)
#else
/* Remappable format: format bit 4, SHV bit 3, handle 14:0 in address 19:5, subhandle in the data. */
#define REMAPPABLE(handle, shv, subhandle) MESSAGE(((handle) << 5) | 16 | ((shv) << 3), subhandle)
#define R(index) REMAPPABLE(index, 1, 0)
#endif

/* One option of the attacker's for each message there is; `act` makes the option. */
#define EACH_TO(act, cpu) act(FIXED_TO(cpu)) act(OTHER_TO(NMI, cpu)) act(OTHER_TO(INIT, cpu)) \
  act(OTHER_TO(SMI, cpu)) act(OTHER_TO(EXTINT, cpu))

#if VICTIMS > 1
#define EACH_TO_3(act) EACH_TO(act, 3)
#else
#define EACH_TO_3(act)
#endif
#if VICTIMS > 2
#define EACH_TO_4(act) EACH_TO(act, 4)
#else
#define EACH_TO_4(act)
#endif
#if VICTIMS > 3
#define EACH_TO_5(act) EACH_TO(act, 5)
#else
#define EACH_TO_5(act)
#endif
#if VICTIMS > 4
#define EACH_TO_6(act) EACH_TO(act, 6)
#else
#define EACH_TO_6(act)
#endif
#if VICTIMS > 5
#error "at most 5 victims: there are no messages to further CPUs"
#endif
#define EACH_COMPATIBILITY(act) EACH_TO(act, 0) EACH_TO(act, 1) EACH_TO(act, 2) \
  EACH_TO_3(act) EACH_TO_4(act) EACH_TO_5(act) EACH_TO_6(act)

/* Indices 0 ... ENTRIES: the last is beyond the table. */
#if ENTRIES == 2
#define EACH_INDEX(act) act(R(0)) act(R(1)) act(R(2))
#elif ENTRIES == 4
#define EACH_INDEX(act) act(R(0)) act(R(1)) act(R(2)) act(R(3)) act(R(4))
#elif ENTRIES == 8
#define EACH_INDEX(act) act(R(0)) act(R(1)) act(R(2)) act(R(3)) act(R(4)) act(R(5)) act(R(6)) \
  act(R(7)) act(R(8))
#else
#error "ENTRIES is 2, 4 or 8"
#endif

#ifdef AMDVI
#define EACH_PRIME(act)
#else
#define EACH_PRIME(act) act(REMAPPABLE(0, 1, 1)) act(REMAPPABLE(1, 0, 0))
#endif

#define EACH_MESSAGE(act) act(Z) EACH_COMPATIBILITY(act) EACH_INDEX(act) EACH_PRIME(act)
