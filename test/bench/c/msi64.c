/*
 * msi64 on a three-level timing wheel in C: the limit the engine is measured against.
 * Prints milliseconds, events and checksum of one run after one to warm up; the argument is the
 * number of events.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RAISE, BUS, REMAP, CPU };
enum { DEVICES = 64, PER_DEVICE = 16, ENTRIES = DEVICES * PER_DEVICE, GAPS = 1024 };
enum { BUS_NS = 100, REMAP_NS = 300, CPU_NS = 100, MEAN_GAP_NS = 1000, EVENTS = 2000000 };
static int events = EVENTS;

/* Near slots of a tick, then two levels of wider ones; 2^13 near slots measured as fast as any. */
enum { NEAR_BITS = 13, FAR_BITS = 10, NEAR = 1 << NEAR_BITS, FAR = 1 << FAR_BITS, NODES = 4096 };

typedef struct {
  int32_t link, kind, a, b;
  int64_t time;
} Node;

/* Circular lists, known by their last node; -1 when empty. */
static Node nodes[NODES];
static int32_t near_last[NEAR], far_last[2][FAR];
static uint64_t near_used[NEAR / 64], far_used[2][FAR / 64];
static int32_t free_nodes, used_nodes;
static int64_t now, window;

static uint32_t random_state, check;
static int32_t gaps[GAPS], present[ENTRIES], source[ENTRIES], vector[ENTRIES];

static inline void append(int32_t *last, uint64_t *used, unsigned slot, int32_t node) {
  int32_t tail = last[slot];
  if (tail < 0) {
    nodes[node].link = node;
    used[slot >> 6] |= UINT64_C(1) << (slot & 63);
  } else {
    nodes[node].link = nodes[tail].link;
    nodes[tail].link = node;
  }
  last[slot] = node;
}

static inline void place(int32_t node) {
  int64_t time = nodes[node].time;
  if (time >> NEAR_BITS == window >> NEAR_BITS)
    append(near_last, near_used, time & (NEAR - 1), node);
  else if (time >> (NEAR_BITS + FAR_BITS) == window >> (NEAR_BITS + FAR_BITS))
    append(far_last[0], far_used[0], (time >> NEAR_BITS) & (FAR - 1), node);
  else
    append(far_last[1], far_used[1], (time >> (NEAR_BITS + FAR_BITS)) & (FAR - 1), node);
}

static inline void schedule(int64_t delay, int32_t kind, int32_t a, int32_t b) {
  int32_t node = free_nodes;
  if (node >= 0) free_nodes = nodes[node].link;
  else node = used_nodes++;
  nodes[node] = (Node){.kind = kind, .a = a, .b = b, .time = now + delay};
  place(node);
}

static inline int first(const uint64_t *used, int from, int words) {
  for (int i = from; i < words; i++)
    if (used[i]) return (i << 6) + __builtin_ctzll(used[i]);
  return -1;
}

static void refill(void) {
  int level = 0, slot = first(far_used[0], 0, FAR / 64);
  if (slot < 0) {
    level = 1;
    slot = first(far_used[1], 0, FAR / 64);
  }
  int shift = NEAR_BITS + level * FAR_BITS;
  window = ((window >> (shift + FAR_BITS)) << (shift + FAR_BITS)) + ((int64_t)slot << shift);
  far_used[level][slot >> 6] &= ~(UINT64_C(1) << (slot & 63));
  int32_t last = far_last[level][slot], node = nodes[last].link;
  far_last[level][slot] = -1;
  for (int more = 1; more;) {
    int32_t link = nodes[node].link;
    more = node != last;
    place(node);
    node = link;
  }
}

static inline int64_t draw_gap(void) {
  random_state = random_state * 1664525u + 1013904223u;
  return gaps[random_state >> 22];
}

static inline void handle(int32_t kind, int32_t device, int32_t b) {
  switch (kind) {
    case RAISE:
      schedule(BUS_NS, BUS, device, b);
      schedule(draw_gap(), RAISE, device, (b + 1) % PER_DEVICE);
      break;
    case BUS:
      schedule(REMAP_NS, REMAP, device, device * PER_DEVICE + b);
      break;
    case REMAP:
      if (present[b] == 1 && source[b] == 0x100 + device) schedule(CPU_NS, CPU, device, vector[b]);
      break;
    case CPU:
      check = (check ^ (uint32_t)device << 16 ^ (uint32_t)b << 24 ^ (uint32_t)now) * 0x01000193u;
      break;
  }
}

static void prepare(void) {
  memset(near_last, -1, sizeof near_last);
  memset(far_last, -1, sizeof far_last);
  memset(near_used, 0, sizeof near_used);
  memset(far_used, 0, sizeof far_used);
  free_nodes = -1;
  used_nodes = 0;
  now = window = 0;
  random_state = 1;
  check = 0;
  for (int i = 0; i < GAPS; i++)
    gaps[i] = (int32_t)floor(-MEAN_GAP_NS * log((i + 0.5) / GAPS) + 0.5);
  for (int i = 0; i < ENTRIES; i++) {
    present[i] = 1;
    source[i] = 0x100 + i / PER_DEVICE;
    vector[i] = 0x20 + i % 128;
  }
  for (int device = 0; device < DEVICES; device++) schedule(draw_gap(), RAISE, device, 0);
}

static void run(void) {
  for (int i = 0; i < events; i++) {
    int from = now > window ? (int)(now - window) >> 6 : 0, slot;
    while ((slot = first(near_used, from, NEAR / 64)) < 0) {
      refill();
      from = 0;
    }
    int32_t last = near_last[slot], node = nodes[last].link;
    if (node == last) {
      near_last[slot] = -1;
      near_used[slot >> 6] &= ~(UINT64_C(1) << (slot & 63));
    } else {
      nodes[last].link = nodes[node].link;
    }
    now = window + slot;
    Node event = nodes[node];
    nodes[node].link = free_nodes;
    free_nodes = node;
    handle(event.kind, event.a, event.b);
  }
}

int main(int argc, char **argv) {
  if (argc > 1) events = atoi(argv[1]);
  double ms = 0;
  for (int round = 0; round < 2; round++) {
    struct timespec start, end;
    prepare();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    run();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    ms = (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) * 1e-6;
  }
  printf("%.6f %d %" PRId32 "\n", ms, events, (int32_t)check);
  return 0;
}
