#ifndef HUSTINGS_PHILOX_H
#define HUSTINGS_PHILOX_H

#include <stdint.h>

/// Four 32-bit words: one block of a counter-based generator.
typedef struct {
  uint32_t word[4];
} hustings_block;

/// Philox4x32-10: block `counter` of stream `stream` under key `seed`, a pure function of the three. Salmon,
/// Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). The 128-bit counter holds
/// `counter` in its low and `stream` in its high half, the 64-bit key is `seed`, low words first.
static inline __attribute__((always_inline)) hustings_block hustings_philox(uint64_t seed, uint64_t stream, uint64_t counter) {
  uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32);
  uint32_t c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)c0 * 0xD2511F53u;
    uint64_t p1 = (uint64_t)c2 * 0xCD9E8D57u;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  hustings_block block = {{c0, c1, c2, c3}};
  return block;
}

#endif
