#ifndef HUSTINGS_TILE_OPERANDS_H
#define HUSTINGS_TILE_OPERANDS_H

#include <stddef.h>

#include "tile_digits.h"

// Operands of products on matrix tiles, packed: for each panel its steps, and after all panels the inverse scales of the outer
// indices.

static inline const float *row_of(const float *stored, size_t stride, const int32_t *rows, size_t row) {
  return stored + stride * (rows ? (size_t)rows[row] : row);
}

// The scale of a row of k numbers.
INLINE float row_scale(const float *row, size_t k) {
  __m512i most = _mm512_setzero_si512();
  for (size_t p = 0; p < k; p += 16) most = _mm512_max_epu32(most, magnitude(load_some(row + p, k - p)));
  return scale_of(_mm512_reduce_max_epu32(most));
}

static size_t steps(size_t k) { return (k + DEPTH - 1) / DEPTH; }

static size_t panels(size_t n) { return (n + SIDE - 1) / SIDE; }

static inline float *inverses(const void *packed, size_t k, size_t n) {
  return (float *)((char *)packed + panels(n) * steps(k) * STEP);
}

// The highest digits of an operand of depth k, of the summed indices from p and the sixteen outer ones from j.
static inline char *tile_of(const void *packed, size_t k, size_t p, size_t j) {
  return (char *)packed + (j / SIDE * steps(k) + p / DEPTH) * STEP + j % SIDE / 16 * TILE;
}

// Panels `first` ..< `last` of an operand whose outer indices are rows of what is stored, m of k numbers, with a scale of
// each row that is found on the way.
INLINE void pack_rows(size_t k, size_t m, const float *stored, size_t stride, const int32_t *rows, size_t first,
                      size_t last, int turned, char *packed, float *inverse) {
  const float *row[16];
  float scale[16];
  for (size_t i = first * SIDE; i < last * SIDE; i += 16) {
    size_t count = i >= m ? 0 : m - i < 16 ? m - i : 16;
    for (size_t r = 0; r < 16; r++) {
      if (r < count) {
        row[r] = row_of(stored, stride, rows, i + r);
        scale[r] = row_scale(row[r], k);
      }
      inverse[i + r] = r < count ? 1 / scale[r] : 0;
    }
    for (size_t step = 0; step < steps(k); step++) {
      size_t depth = k - step * DEPTH < DEPTH ? k - step * DEPTH : DEPTH;
      pack_along(row, scale, count, depth, turned, tile_of(packed, k, step * DEPTH, i));
      for (size_t r = 0; r < count; r++) row[r] += DEPTH;
    }
  }
}

// Steps `first` ..< `last` of an operand whose outer indices are the n columns of what is stored, k rows that are read whole
// one after the other.
INLINE void pack_columns(size_t k, size_t n, const float *stored, size_t stride, const int32_t *rows,
                         const float *factor, const float *scale, size_t first, size_t last, int turned, char *packed) {
  const float *row[DEPTH];
  for (size_t step = first; step < last; step++) {
    size_t p = step * DEPTH, depth = k - p < DEPTH ? k - p : DEPTH;
    for (size_t q = 0; q < depth; q++) row[q] = row_of(stored, stride, rows, p + q);
    for (size_t j = 0; j < panels(n) * SIDE; j += 16) {
      size_t width = j >= n ? 0 : n - j < 16 ? n - j : 16;
      char *to = tile_of(packed, k, p, j);
      if (width == 0) {
        for (int plane = 0; plane < 3; plane++) memset(to + plane * PLANE, 0, TILE);
        continue;
      }
      pack_across(row, factor ? factor + p : NULL, load_some(scale + j, width), depth, width, turned, to);
      for (size_t q = 0; q < depth; q++) row[q] += 16;
    }
  }
}

#endif
