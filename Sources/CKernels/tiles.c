#include "tiles.h"

#if defined(__x86_64__) && defined(__linux__)

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tile_operands.h"

// Sums of 4,096 products of digits, three at a time, stay far below 2^31.
#define DEEPEST 4096
// How many rows of a packed left operand stay in the second-level cache, while every panel of a large right one is read once.
#define TALLEST 256

int hustings_tiles_available(void) {
  static int answer = -1;
  int known = __atomic_load_n(&answer, __ATOMIC_RELAXED);
  if (known >= 0) return known;
  known = 0;
  if (__builtin_cpu_supports("amx-int8") && __builtin_cpu_supports("amx-tile") &&
      __builtin_cpu_supports("avx512bw")) {
    // ARCH_REQ_XCOMP_PERM for XTILEDATA: Linux keeps the tiles' state only for processes that ask.
    known = syscall(SYS_arch_prctl, 0x1023, 18) == 0;
  }
  __atomic_store_n(&answer, known, __ATOMIC_RELAXED);
  return known;
}

TARGET void hustings_tiles_largest(size_t k, size_t n, const float *b, size_t ldb, const int32_t *rows,
                                   const float *factor, uint32_t *largest) {
  memset(largest, 0, n * sizeof *largest);
  float *bits = (float *)largest;
  for (size_t p = 0; p < k; p++) {
    const float *row = row_of(b, ldb, rows, p);
    __m512 by = _mm512_set1_ps(factor ? factor[p] : 1);
    for (size_t j = 0; j < n; j += 16) {
      __m512i x = magnitude(_mm512_mul_ps(load_some(row + j, n - j), by));
      put(bits + j, n - j, _mm512_castsi512_ps(_mm512_max_epu32(x, _mm512_castps_si512(load_some(bits + j, n - j)))));
    }
  }
}

TARGET void hustings_tiles_scales(size_t n, size_t parts, const uint32_t *largest, float *scale) {
  for (size_t j = 0; j < n; j++) {
    uint32_t most = 0;
    for (size_t part = 0; part < parts; part++) most = largest[part * n + j] > most ? largest[part * n + j] : most;
    scale[j] = scale_of(most);
  }
}

size_t hustings_tiles_packed_bytes(size_t k, size_t n) {
  return panels(n) * (steps(k) * STEP + SIDE * sizeof(float));
}

size_t hustings_tiles_pack_units(size_t k, size_t n, int transposed) { return transposed ? panels(n) : steps(k); }

void hustings_tiles_adopt(size_t k, size_t n, const float *scale, void *packed) {
  float *inverse = inverses(packed, k, n);
  for (size_t j = 0; j < panels(n) * SIDE; j++) inverse[j] = j < n ? 1 / scale[j] : 0;
}

TARGET void hustings_tiles_pack(size_t k, size_t n, const float *b, size_t ldb, const int32_t *rows, int transposed,
                                int left, const float *factor, const float *scale, size_t first, size_t last,
                                void *packed) {
  if (transposed) {
    pack_rows(k, n, b, ldb, NULL, first, last, 1, packed, inverses(packed, k, n));
    return;
  }
  if (first == 0) hustings_tiles_adopt(k, n, scale, packed);
  if (factor)
    pack_columns(k, n, b, ldb, rows, factor, scale, first, last, 0, packed);
  else if (left)
    pack_columns(k, n, b, ldb, rows, NULL, scale, first, last, 1, packed);
  else
    pack_columns(k, n, b, ldb, rows, NULL, scale, first, last, 0, packed);
}

// The left operand of a product.
typedef struct {
  const float *a;
  size_t lda;
  const int32_t *rows;
  // Of columns; NULL for one of each row, found on the way.
  const float *scale;
  hustings_tiles_kept kept;
} left_operand;

// Where the line of 16 columns from j of four rows from `row` goes in a right operand of k rows.
INLINE char *line_across(void *packed, size_t k, size_t row, size_t j) {
  return tile_of(packed, k, row, j) + GROUP(row % DEPTH / 4) * 64;
}

// Rows of the left operand that are packed a little at a time, by a scale of each column, while others are multiplied: a unit
// is 64 columns of four rows, whose digits go once more to where they are kept as those of a right operand.
typedef struct {
  const left_operand *left;
  size_t mc, kc, first, p;
  char *packed;
  // Of the units those done; of the steps of multiplying that go by meanwhile those done.
  size_t unit, units, step, steps;
} packing;

// Asks memory for what a unit some way ahead reads, and for the lines that it writes.
INLINE void fetch_unit(const packing *to, size_t unit) {
  const left_operand *left = to->left;
  size_t i = unit / steps(to->kc) * 4, column = unit % steps(to->kc) * DEPTH;
  if (i + 4 > to->mc || column + DEPTH > to->kc) return;
  for (size_t r = 0; r < 4; r++) {
    const float *from = row_of(left->a, left->lda, left->rows, to->first + i + r) + to->p + column;
    for (size_t q = 0; q < DEPTH; q += 16) __builtin_prefetch(from + q, 0, 2);
  }
  if (!left->kept.packed) return;
  for (size_t q = 0; q < DEPTH; q += 16) {
    const char *line =
        line_across(left->kept.packed, left->kept.rows, left->kept.first + to->first + i, to->p + column + q);
    for (int plane = 0; plane < 3; plane++) __builtin_prefetch(line + plane * PLANE, 1, 2);
  }
}

INLINE void pack_unit(packing *to) {
  const left_operand *left = to->left;
  size_t i = to->unit / steps(to->kc) * 4, column = to->unit % steps(to->kc) * DEPTH;
  fetch_unit(to, to->unit + 6);
  char *along = tile_of(to->packed, to->kc, column, i) + i % 16 * 64;
  size_t height = i >= to->mc ? 0 : to->mc - i < 4 ? to->mc - i : 4;
  const float *row[4];
  for (size_t r = 0; r < height; r++)
    row[r] = row_of(left->a, left->lda, left->rows, to->first + i + r) + to->p + column;
  __m512i q[4][4];
  for (size_t t = 0; t < 4; t++) {
    __m512i across[4];
    size_t at = column + 16 * t, width = at < to->kc ? to->kc - at : 0;
    __m512 scale = width ? load_some(left->scale + to->p + at, width) : _mm512_setzero_ps();
    for (size_t r = 0; r < 4; r++) {
      __m512 x = width && r < height ? load_some(row[r] + 16 * t, width) : _mm512_setzero_ps();
      q[r][t] = across[r] = digits(x, scale);
    }
    if (width && height && left->kept.packed)
      put_across(across, line_across(left->kept.packed, left->kept.rows, left->kept.first + to->first + i, to->p + at));
  }
  for (size_t r = 0; r < 4; r++) put_along(q[r], along + r * 64);
  to->unit++;
}

INLINE void begin(packing *to, size_t first, size_t mc, char *packed) {
  to->first = first;
  to->mc = mc;
  to->packed = packed;
  to->unit = to->step = 0;
  to->units = panels(mc) * SIDE / 4 * steps(to->kc);
}

// Packs what is due after another step of multiplying.
INLINE void pack_on(packing *to) {
  if (to->unit < to->units && to->unit * to->steps <= to->units * to->step++) pack_unit(to);
}

// sums[3][32×16] of a·b over `count` steps, by the weight of the digits multiplied: the highest times the highest; the
// highest times the second; the highest times the lowest, and the second times itself.
INLINE void digit_sums(size_t count, const char *a, const char *b, int32_t (*sums)[SIDE * 16], packing *next) {
#define LEFT(plane, half) _tile_loadd(7, a + (plane) * PLANE + (half) * TILE, 64)
#define RIGHT(plane) _tile_loadd(6, b + (plane) * PLANE, 64)
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  for (size_t step = 0; step < count; step++, a += STEP, b += STEP) {
    RIGHT(0);
    LEFT(2, 0);
    _tile_dpbssd(4, 7, 6);
    LEFT(2, 1);
    _tile_dpbssd(5, 7, 6);
    LEFT(1, 0);
    _tile_dpbssd(2, 7, 6);
    LEFT(1, 1);
    _tile_dpbssd(3, 7, 6);
    LEFT(0, 0);
    _tile_dpbssd(0, 7, 6);
    LEFT(0, 1);
    _tile_dpbssd(1, 7, 6);
    if (next) pack_on(next);
    RIGHT(1);
    _tile_dpbssd(3, 7, 6);
    LEFT(0, 0);
    _tile_dpbssd(2, 7, 6);
    LEFT(1, 0);
    _tile_dpbssd(4, 7, 6);
    LEFT(1, 1);
    _tile_dpbssd(5, 7, 6);
    RIGHT(2);
    LEFT(0, 0);
    _tile_dpbssd(4, 7, 6);
    LEFT(0, 1);
    _tile_dpbssd(5, 7, 6);
  }
  _tile_stored(0, sums[0], 64);
  _tile_stored(1, sums[0] + 256, 64);
  _tile_stored(2, sums[1], 64);
  _tile_stored(3, sums[1] + 256, 64);
  _tile_stored(4, sums[2], 64);
  _tile_stored(5, sums[2] + 256, 64);
#undef LEFT
#undef RIGHT
}

// Where a block of a product goes.
typedef struct {
  float *c;
  size_t stride, height, width;
  int transposed, accumulate;
} place;

// c[height×width] (+)= a·b over `count` steps, height <= 32, width <= 16, of the six products of digits of the most weight.
INLINE void block(size_t count, const char *a, const float *a_inverse, const char *b, const float *b_inverse, place at,
                  packing *next) {
  int32_t sums[3][SIDE * 16] __attribute__((aligned(64)));
  float turned[256] __attribute__((aligned(64)));
  digit_sums(count, a, b, sums, next);
  const __m512 base = _mm512_set1_ps(256);
  // What is left out of each product are its lowest two digits.
  __m512 column = _mm512_mul_ps(_mm512_loadu_ps(b_inverse), _mm512_set1_ps(0x1p16f));
  for (size_t r = 0; r < at.height; r++) {
    __m512 sum = _mm512_cvtepi32_ps(_mm512_load_si512(sums[0] + r * 16));
    sum = _mm512_fmadd_ps(sum, base, _mm512_cvtepi32_ps(_mm512_load_si512(sums[1] + r * 16)));
    sum = _mm512_fmadd_ps(sum, base, _mm512_cvtepi32_ps(_mm512_load_si512(sums[2] + r * 16)));
    sum = _mm512_mul_ps(_mm512_mul_ps(sum, _mm512_set1_ps(a_inverse[r])), column);
    if (!at.transposed) {
      float *to = at.c + r * at.stride;
      put(to, at.width, at.accumulate ? _mm512_add_ps(sum, load_some(to, at.width)) : sum);
      continue;
    }
    _mm512_store_ps(turned + r % 16 * 16, sum);
    if (r % 16 < 15 && r + 1 < at.height) continue;
    turn((char *)turned);
    size_t count = r % 16 + 1;
    for (size_t j = 0; j < at.width; j++) {
      float *to = at.c + j * at.stride + r / 16 * 16;
      sum = _mm512_load_ps(turned + j * 16);
      put(to, count, at.accumulate ? _mm512_add_ps(sum, load_some(to, count)) : sum);
    }
  }
}

typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
} tile_shapes;

INLINE void configure(void) {
  tile_shapes shapes = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    shapes.bytes[t] = 64;
    shapes.rows[t] = 16;
  }
  _tile_loadconfig(&shapes);
}

TARGET void hustings_tiles_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                                   const float *scale, hustings_tiles_kept kept, const void *packed, float *c,
                                   size_t ldc, int accumulate) {
  left_operand left = {a, lda, rows, scale, kept};
  const size_t size = steps(k < DEEPEST ? k : DEEPEST) * STEP;
  char *packed_left = aligned_alloc(64, left.scale ? 2 * size : size);
  float inverse[SIDE];
  for (size_t r = 0; r < SIDE; r++) inverse[r] = 1;
  configure();
  for (size_t p = 0; p < k; p += DEEPEST) {
    size_t kc = k - p < DEEPEST ? k - p : DEEPEST, count = steps(kc);
    packing next = {.left = &left, .kc = kc, .p = p, .steps = count * ((n + 15) / 16)};
    for (size_t i = 0; i < m; i += SIDE) {
      size_t mc = m - i < SIDE ? m - i : SIDE;
      const char *here = packed_left;
      if (left.scale) {
        if (i == 0) begin(&next, 0, mc, packed_left);
        while (next.unit < next.units) pack_unit(&next);
        here = next.packed;
        size_t later = m - i - mc;
        begin(&next, i + mc, later < SIDE ? later : SIDE, here == packed_left ? packed_left + size : packed_left);
      } else {
        const int32_t *picked = rows ? rows + i : NULL;
        pack_rows(kc, mc, a + p + (rows ? 0 : i * lda), lda, picked, 0, 1, 0, packed_left, inverse);
      }
      for (size_t j = 0; j < n; j += 16) {
        place at = {c + i * ldc + j, ldc, mc, n - j < 16 ? n - j : 16, 0, accumulate || p > 0};
        block(count, here, inverse, tile_of(packed, k, p, j), inverses(packed, k, n) + j, at,
              left.scale ? &next : NULL);
      }
    }
  }
  _tile_release();
  free(packed_left);
}

TARGET void hustings_tiles_outer(size_t m, size_t n, size_t k, const void *left, const void *right, size_t first,
                                 size_t last, float *c, size_t ldc, int accumulate) {
  configure();
  for (size_t p = 0; p < k; p += DEEPEST) {
    size_t count = steps(k - p < DEEPEST ? k - p : DEEPEST);
    for (size_t i = 0; i < m; i += TALLEST) {
      size_t end = m - i < TALLEST ? m : i + TALLEST;
      for (size_t j = first; j < last; j += 16) {
        for (size_t r = i; r < end; r += SIDE) {
          place at = {c + j * ldc + r, ldc, end - r < SIDE ? end - r : SIDE, n - j < 16 ? n - j : 16, 1,
                      accumulate || p > 0};
          block(count, tile_of(left, k, p, r), inverses(left, k, m) + r, tile_of(right, k, p, j),
                inverses(right, k, n) + j, at, NULL);
        }
      }
    }
  }
  _tile_release();
}

#else

int hustings_tiles_available(void) { return 0; }

size_t hustings_tiles_packed_bytes(size_t k, size_t n) { return 0 * k * n; }

size_t hustings_tiles_pack_units(size_t k, size_t n, int transposed) { return 0 * k * n * (size_t)transposed; }

void hustings_tiles_largest(size_t k, size_t n, const float *b, size_t ldb, const int32_t *rows, const float *factor,
                            uint32_t *largest) {
  (void)k, (void)n, (void)b, (void)ldb, (void)rows, (void)factor, (void)largest;
}

void hustings_tiles_scales(size_t n, size_t parts, const uint32_t *largest, float *scale) {
  (void)n, (void)parts, (void)largest, (void)scale;
}

void hustings_tiles_adopt(size_t k, size_t n, const float *scale, void *packed) {
  (void)k, (void)n, (void)scale, (void)packed;
}

void hustings_tiles_pack(size_t k, size_t n, const float *b, size_t ldb, const int32_t *rows, int transposed, int left,
                         const float *factor, const float *scale, size_t first, size_t last, void *packed) {
  (void)k, (void)n, (void)b, (void)ldb, (void)rows, (void)transposed, (void)left, (void)factor, (void)scale;
  (void)first, (void)last, (void)packed;
}

void hustings_tiles_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                            const float *scale, hustings_tiles_kept kept, const void *packed, float *c, size_t ldc,
                            int accumulate) {
  (void)kept, (void)m, (void)n, (void)k, (void)a, (void)lda, (void)rows, (void)scale, (void)packed, (void)c, (void)ldc;
  (void)accumulate;
}

void hustings_tiles_outer(size_t m, size_t n, size_t k, const void *left, const void *right, size_t first, size_t last,
                          float *c, size_t ldc, int accumulate) {
  (void)m, (void)n, (void)k, (void)left, (void)right, (void)first, (void)last, (void)c, (void)ldc, (void)accumulate;
}

#endif
