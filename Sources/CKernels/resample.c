#include "resample.h"

#include <string.h>

#include "clones.h"
#include "philox.h"

// Nothing here multiplies and adds floating-point numbers, so that all copies of a function give the same bits.

enum {
  LANES = 16,   // generators side by side
  BLOCK = 64,   // indices drawn before rows are added
  SUMS = 8,     // partial sums of a column: draw d goes to sum d mod 8
};

// Keeps bootstrap streams apart from other users of the same seed.
static const uint64_t bootstrap_domain = 0x626F6F7473747261u;
static const uint64_t flip_domain = 0x7369676E666C6970u;

typedef struct {
  uint32_t s0[LANES], s1[LANES], s2[LANES], s3[LANES];
} lanes;

static inline __attribute__((always_inline)) void seed_lanes(lanes *state, uint64_t seed, uint64_t replicate) {
  for (uint64_t lane = 0; lane < LANES; lane++) {
    hustings_block block = hustings_philox(seed ^ bootstrap_domain, replicate, lane);
    state->s0[lane] = block.word[0];
    state->s1[lane] = block.word[1];
    state->s2[lane] = block.word[2];
    state->s3[lane] = block.word[3];
  }
}

static inline uint32_t rotate(uint32_t x, int k) { return (x << k) | (x >> (32 - k)); }

// Offsets of drawn rows in a table of `width` columns.
static inline __attribute__((always_inline)) void draw_block(lanes *restrict state, uint32_t clusters,
                                                             uint32_t width, uint32_t *restrict offset) {
  lanes s = *state;
  for (int step = 0; step < BLOCK / LANES; step++) {
    for (int lane = 0; lane < LANES; lane++) {
      uint32_t draw = rotate(s.s0[lane] + s.s3[lane], 7) + s.s0[lane];
      uint32_t t = s.s1[lane] << 9;
      s.s2[lane] ^= s.s0[lane];
      s.s3[lane] ^= s.s1[lane];
      s.s1[lane] ^= s.s2[lane];
      s.s0[lane] ^= s.s3[lane];
      s.s2[lane] ^= t;
      s.s3[lane] = rotate(s.s3[lane], 11);
      offset[step * LANES + lane] = (uint32_t)(((uint64_t)draw * clusters) >> 32) * width;
    }
  }
  *state = s;
}

typedef double row2 __attribute__((vector_size(16)));
typedef double row4 __attribute__((vector_size(32)));
typedef double row8 __attribute__((vector_size(64)));

// Rows of one column: the eight sums side by side are one vector, filled by a gather.
HUSTINGS_CLONES static void totals_1(const double *restrict table, uint32_t clusters, uint64_t seed, uint64_t first,
                                     uint64_t count, double *restrict out) {
  for (uint64_t r = 0; r < count; r++) {
    lanes state;
    seed_lanes(&state, seed, first + r);
    double sum[SUMS] = {0};
    uint32_t offset[BLOCK];
    uint32_t left = clusters;
    for (; left >= BLOCK; left -= BLOCK) {
      draw_block(&state, clusters, 1, offset);
      for (int d = 0; d < BLOCK; d += SUMS)
        for (int part = 0; part < SUMS; part++) sum[part] += table[offset[d + part]];
    }
    if (left > 0) {
      draw_block(&state, clusters, 1, offset);
      for (uint32_t d = 0; d < left; d++) sum[d % SUMS] += table[offset[d]];
    }
    out[r] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
  }
}

// Wider rows: one function per width, so that a row is one vector.
#define TOTALS(WIDTH, ROW)                                                                                  \
  HUSTINGS_CLONES static void totals_##WIDTH(const double *table, uint32_t clusters, uint64_t seed,         \
                                             uint64_t first, uint64_t count, double *out) {                 \
    for (uint64_t r = 0; r < count; r++) {                                                                  \
      lanes state;                                                                                          \
      seed_lanes(&state, seed, first + r);                                                                  \
      ROW sum[SUMS] = {{0}};                                                                                \
      uint32_t offset[BLOCK];                                                                                \
      uint32_t left = clusters;                                                                             \
      for (; left >= BLOCK; left -= BLOCK) {                                                                \
        draw_block(&state, clusters, WIDTH, offset);                                                                \
        for (int d = 0; d < BLOCK; d += SUMS)                                                               \
          for (int part = 0; part < SUMS; part++) {                                                         \
            ROW row;                                                                                        \
            memcpy(&row, table + offset[d + part], sizeof row);                            \
            sum[part] += row;                                                                               \
          }                                                                                                 \
      }                                                                                                     \
      if (left > 0) {                                                                                       \
        draw_block(&state, clusters, WIDTH, offset);                                                                \
        for (uint32_t d = 0; d < left; d++) {                                                               \
          ROW row;                                                                                          \
          memcpy(&row, table + offset[d], sizeof row);                                     \
          sum[d % SUMS] += row;                                                                             \
        }                                                                                                   \
      }                                                                                                     \
      ROW total = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));        \
      memcpy(out + r * WIDTH, &total, sizeof total);                                                        \
    }                                                                                                       \
  }
TOTALS(2, row2)
TOTALS(4, row4)
TOTALS(8, row8)

void hustings_resample_totals(const double *table, uint32_t clusters, uint32_t width, uint64_t seed,
                              uint64_t first, uint64_t count, double *out) {
  switch (width) {
    case 1: totals_1(table, clusters, seed, first, count, out); break;
    case 2: totals_2(table, clusters, seed, first, count, out); break;
    case 4: totals_4(table, clusters, seed, first, count, out); break;
    default: totals_8(table, clusters, seed, first, count, out); break;
  }
}

void hustings_resample_counts(uint32_t clusters, uint64_t seed, uint64_t replicate, uint32_t *counts) {
  memset(counts, 0, sizeof(uint32_t) * clusters);
  lanes state;
  seed_lanes(&state, seed, replicate);
  uint32_t offset[BLOCK];
  uint32_t left = clusters;
  while (left > 0) {
    uint32_t here = left < BLOCK ? left : BLOCK;
    draw_block(&state, clusters, 1, offset);
    for (uint32_t d = 0; d < here; d++) counts[offset[d]]++;
    left -= here;
  }
}

HUSTINGS_CLONES static double flip_total(const double *values, uint64_t length, uint64_t seed,
                                         uint64_t replicate) {
  double sum[SUMS] = {0};
  for (uint64_t start = 0; start < length; start += 128) {
    hustings_block block = hustings_philox(seed ^ flip_domain, replicate, start / 128);
    for (uint64_t w = 0; w < 4; w++) {
      uint64_t from = start + w * 32;
      if (from >= length) break;
      uint32_t bits = block.word[w];
      uint64_t here = length - from < 32 ? length - from : 32;
      for (uint64_t i = 0; i < here; i++)
        sum[i % SUMS] += (bits >> i) & 1 ? -values[from + i] : values[from + i];
    }
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

void hustings_flip_totals(const double *values, uint64_t length, uint64_t seed, uint64_t first, uint64_t count,
                          double *out) {
  for (uint64_t r = 0; r < count; r++) out[r] = flip_total(values, length, seed, first + r);
}
