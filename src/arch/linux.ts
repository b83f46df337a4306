/** Vectors and allocator facts of the kernels this simulator follows. */

/** One kernel's plan of the vector space of a CPU. */
export interface VectorPlan {
  readonly name: string;
  /** First vector the allocator may hand out, and the first above it it may not. */
  readonly allocStart: number;
  readonly allocEnd: number;
  /** Vectors inside the search range that are never handed out. */
  readonly system: readonly number[];
  /** Sent to the old CPU to clean up after a move; null: a timer does it. */
  readonly moveCleanup: number | null;
  /** What this kernel takes for its own work besides `SYSTEM_VECTORS`. */
  readonly own: Readonly<Record<number, string>>;
  readonly source: string;
}

const ISA = Array.from({ length: 16 }, (_, irq) => 0x30 + irq);
const INT80 = 0x80;

/** First system vector: device vectors end below. [LINUX arch/x86/include/asm/irq_vectors.h, 6.1] */
const FIRST_SYSTEM_VECTOR = 0xec;
/** Up to 6.5 the old CPU of a move is told by this vector to clean up. [LINUX irq_vectors.h, 6.1] */
const MOVE_CLEANUP_VECTOR = 0x20;
/** Notification of the host's own posted interrupts. [LINUX irq_vectors.h, 6.10] */
export const POSTED_MSI_VECTOR = 0xeb;

/** The vector a reserved but not yet started interrupt points at. [LINUX irq_vectors.h, 6.1] */
export const MANAGED_SHUTDOWN_VECTOR = 0xef;
/** Posted interrupt notification and wakeup vectors. [LINUX irq_vectors.h, 6.1] */
export const POSTED_NOTIFICATION_VECTOR = 0xf2;
export const POSTED_WAKEUP_VECTOR = 0xf1;

/**
 * Vectors every kernel here takes for its own work: system calls, IPIs, timers.
 * [LINUX arch/x86/include/asm/irq_vectors.h, 6.1]
 */
export const SYSTEM_VECTORS: Readonly<Record<number, string>> = {
  128: 'int 0x80 system call',
  236: 'local timer',
  239: 'managed shutdown',
  240: 'posted interrupt, nested',
  241: 'posted interrupt wakeup',
  242: 'posted interrupt notification',
  246: 'irq work',
  247: 'x86 platform IPI',
  248: 'reboot',
  249: 'threshold',
  250: 'thermal',
  251: 'call function single',
  252: 'call function',
  253: 'reschedule',
  254: 'APIC error',
  255: 'spurious',
};

/** Kernel profiles by name. Up to 6.5 vector 0x20 cleans up after moves; from 6.6 it is free. */
export const KERNELS = {
  'linux-6.1': {
    name: 'linux-6.1',
    allocStart: 0x20,
    allocEnd: FIRST_SYSTEM_VECTOR,
    system: [MOVE_CLEANUP_VECTOR, ...ISA, INT80],
    moveCleanup: MOVE_CLEANUP_VECTOR,
    own: { [MOVE_CLEANUP_VECTOR]: 'clean-up after a move' },
    source: '[LINUX arch/x86/kernel/apic/vector.c, 6.1]',
  },
  'linux-6.6': {
    name: 'linux-6.6',
    allocStart: 0x20,
    allocEnd: FIRST_SYSTEM_VECTOR,
    system: [...ISA, INT80],
    moveCleanup: null,
    own: {},
    source: '[LINUX commit bdc1dad299bb, 6.6]',
  },
  'linux-6.10': {
    name: 'linux-6.10',
    allocStart: 0x20,
    allocEnd: POSTED_MSI_VECTOR,
    system: [...ISA, INT80],
    moveCleanup: null,
    own: { [POSTED_MSI_VECTOR]: 'posted MSI notification' },
    source: '[LINUX arch/x86/include/asm/irq_vectors.h, 6.10]',
  },
} as const satisfies Record<string, VectorPlan>;
export type KernelName = keyof typeof KERNELS;

/** What a kernel uses a vector for itself; undefined where devices may have it. */
export function systemVector(kernel: KernelName, vector: number): string | undefined {
  const plan: VectorPlan = KERNELS[kernel];
  return SYSTEM_VECTORS[vector] ?? plan.own[vector];
}

/** Errors software layers return, as Linux names them. */
export const ERRNOS = {
  EPERM: 'not permitted',
  EIO: 'the kernel keeps the affinity of this interrupt itself',
  ENOENT: 'no such thing',
  ENOMEM: 'out of memory or table entries',
  EBUSY: 'a move is still in progress',
  ENODEV: 'no layer above can do this',
  EINVAL: 'the request makes no sense',
  ENOSPC: 'no vector or entry is free',
  ENOSYS: 'no layer implements this',
  EOPNOTSUPP: 'this layer cannot do it',
} as const;
export type Errno = keyof typeof ERRNOS;
