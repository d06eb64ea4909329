#include "tiles.h"

#if defined(__x86_64__) && defined(__linux__)

#include <immintrin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TARGET __attribute__((target("arch=x86-64-v4,amx-tile,amx-bf16")))
#define INLINE TARGET static inline __attribute__((always_inline))

// A tile of 16 rows of 64 bytes. A block of c is 32×32, four tiles; for each 32 values of the summed index an operand has
// two or three parts of two tiles each.
#define TILE 1024
#define SIDE 32
#define DEPTH 32
#define STEP(parts) ((size_t)(parts) * 2 * TILE)
// How much of the left operand is packed at a time: of stored rows a panel that stays in the first-level cache or near it,
// of a stored transpose enough columns to use the lines that are read. Deeper panels load and store c less often.
#define DEEPEST(parts, transposed) ((parts) == 2 && !(transposed) ? 1024 : 512)
#define TALLEST(transposed) ((transposed) ? 256 : 32)

int hustings_tiles_available(void) {
  static int answer = -1;
  int known = __atomic_load_n(&answer, __ATOMIC_RELAXED);
  if (known >= 0) return known;
  known = 0;
  if (__builtin_cpu_supports("amx-bf16") && __builtin_cpu_supports("amx-tile") &&
      __builtin_cpu_supports("avx512bw")) {
    // ARCH_REQ_XCOMP_PERM for XTILEDATA: Linux keeps the tiles' state only for processes that ask.
    known = syscall(SYS_arch_prctl, 0x1023, 18) == 0;
  }
  __atomic_store_n(&answer, known, __ATOMIC_RELAXED);
  return known;
}

// The parts of sixteen numbers, largest first, each in the upper half of a word: each time the nearest number of eight
// significant bits, half away from zero, and what is left, which is exact. Twice eight bits and a sign leave at most six
// of 24, so a third part is all that is left.
INLINE void split(__m512 x, __m512i part[3]) {
  const __m512i half = _mm512_set1_epi32(0x8000), upper = _mm512_set1_epi32((int)0xFFFF0000);
  for (int t = 0; t < 2; t++) {
    part[t] = _mm512_and_si512(_mm512_add_epi32(_mm512_castps_si512(x), half), upper);
    x = _mm512_sub_ps(x, _mm512_castsi512_ps(part[t]));
  }
  part[2] = _mm512_castps_si512(x);
}

// The upper halves of 32 words, the first sixteen before the last.
INLINE __m512i uppers(__m512i low, __m512i high) {
  static const uint16_t odd[32] = {1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
                                   33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
  return _mm512_permutex2var_epi16(low, _mm512_loadu_si512(odd), high);
}

INLINE __m512 load_some(const float *p, size_t count) {
  return count >= 16 ? _mm512_loadu_ps(p) : _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}

// A tile of sixteen rows of sixteen 32-bit words, rows to columns, in place.
INLINE void turn(char *tile) {
  __m512i v[16], t[16];
  for (int i = 0; i < 16; i++) v[i] = _mm512_load_si512(tile + 64 * i);
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(v[2 * i], v[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(v[2 * i], v[2 * i + 1]);
  }
  for (int i = 0; i < 4; i++) {
    v[4 * i] = _mm512_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    v[4 * i + 1] = _mm512_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    v[4 * i + 2] = _mm512_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    v[4 * i + 3] = _mm512_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(v[i], v[4 + i], 0x88);
    t[4 + i] = _mm512_shuffle_i32x4(v[i], v[4 + i], 0xdd);
    t[8 + i] = _mm512_shuffle_i32x4(v[8 + i], v[12 + i], 0x88);
    t[12 + i] = _mm512_shuffle_i32x4(v[8 + i], v[12 + i], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    v[i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0x88);
    v[4 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0x88);
    v[8 + i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0xdd);
    v[12 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0xdd);
  }
  for (int i = 0; i < 16; i++) _mm512_store_si512(tile + 64 * i, v[i]);
}

// Parts of `count` <= 16 rows of up to 32 numbers, each row's numbers side by side: the left operand as stored, or the
// right one's transpose. When `turned`, words of two numbers are transposed, for the operand that is not.
INLINE void pack_along(int parts, const float *const *row, size_t count, size_t depth, int turned,
                                     char *to) {
  for (size_t r = 0; r < count; r++) {
    __m512i low[3], high[3];
    split(load_some(row[r], depth), low);
    split(depth > 16 ? load_some(row[r] + 16, depth - 16) : _mm512_setzero_ps(), high);
    for (int t = 0; t < parts; t++) _mm512_store_si512(to + t * 2 * TILE + r * 64, uppers(low[t], high[t]));
  }
  for (int t = 0; t < parts; t++) {
    if (count < 16) memset(to + t * 2 * TILE + count * 64, 0, (16 - count) * 64);
    if (turned) turn(to + t * 2 * TILE);
  }
}

// Parts of 32 rows of `width` <= 16 numbers, rows 2i and 2i + 1 as words: the right operand as stored, or the left one's
// transpose, which needs the words transposed.
INLINE void pack_across(int parts, const float *const *row, size_t depth, size_t width, int turned,
                                      char *to) {
  for (size_t i = 0; i < 16; i++) {
    __m512i even[3], odd[3];
    split(2 * i < depth ? load_some(row[2 * i], width) : _mm512_setzero_ps(), even);
    split(2 * i + 1 < depth ? load_some(row[2 * i + 1], width) : _mm512_setzero_ps(), odd);
    for (int t = 0; t < parts; t++)
      _mm512_store_si512(to + t * 2 * TILE + i * 64,
                         _mm512_mask_blend_epi16(0xAAAAAAAA, _mm512_srli_epi32(even[t], 16), odd[t]));
  }
  if (turned)
    for (int t = 0; t < parts; t++) turn(to + t * 2 * TILE);
}

static size_t steps(size_t k) { return (k + DEPTH - 1) / DEPTH; }

size_t hustings_tiles_packed_bytes(int parts, size_t k, size_t n) {
  return (n + SIDE - 1) / SIDE * steps(k) * STEP(parts);
}

INLINE void pack_right(int parts, size_t k, size_t n, const float *b, size_t ldb, int transposed, size_t first,
                       size_t last, void *packed) {
  const float *row[32];
  for (size_t panel = first; panel < last; panel++) {
    for (size_t step = 0; step < steps(k); step++) {
      char *to = (char *)packed + (panel * steps(k) + step) * STEP(parts);
      size_t p = step * DEPTH, depth = k - p < DEPTH ? k - p : DEPTH;
      for (size_t half = 0; half < 2; half++, to += TILE) {
        size_t j = panel * SIDE + half * 16, width = j >= n ? 0 : n - j < 16 ? n - j : 16;
        if (width == 0) {
          for (int t = 0; t < parts; t++) memset(to + t * 2 * TILE, 0, TILE);
        } else if (transposed) {
          for (size_t q = 0; q < width; q++) row[q] = b + (j + q) * ldb + p;
          pack_along(parts, row, width, depth, 1, to);
        } else {
          for (size_t q = 0; q < depth; q++) row[q] = b + (p + q) * ldb + j;
          pack_across(parts, row, depth, width, 0, to);
        }
      }
    }
  }
}

// mc rows of the left operand from `first`, kc of its columns from `p`: for each 32 rows, the steps one after the other.
// `left` rows are left to pack; the next ones are asked of memory early.
INLINE void pack_left(int parts, size_t mc, size_t left, size_t kc, const float *a, size_t lda, const int32_t *rows,
                      int transposed, size_t first, size_t p, char *panels) {
  const float *row[32];
  size_t count = steps(kc), tall = (mc + SIDE - 1) / SIDE;
  if (transposed) {
    for (size_t step = 0; step < count; step++) {
      size_t depth = kc - step * DEPTH < DEPTH ? kc - step * DEPTH : DEPTH;
      for (size_t i = 0; i < tall * SIDE; i += 16) {
        char *to = panels + (i / SIDE * count + step) * STEP(parts) + i % SIDE / 16 * TILE;
        size_t width = i >= mc ? 0 : mc - i < 16 ? mc - i : 16;
        for (size_t q = 0; q < depth; q++) {
          size_t at = p + step * DEPTH + q;
          row[q] = a + lda * (rows ? (size_t)rows[at] : at) + first + i;
          __builtin_prefetch(row[q] + 64, 0, 2);
        }
        if (width)
          pack_across(parts, row, depth, width, 1, to);
        else
          for (int t = 0; t < parts; t++) memset(to + t * 2 * TILE, 0, TILE);
      }
    }
    return;
  }
  for (size_t i = 0; i < tall * SIDE; i += 16) {
    size_t height = i >= mc ? 0 : mc - i < 16 ? mc - i : 16;
    const float *start[16];
    for (size_t r = 0; r < height; r++)
      start[r] = a + lda * (rows ? (size_t)rows[first + i + r] : first + i + r) + p;
    for (size_t step = 0; step < count; step++) {
      size_t depth = kc - step * DEPTH < DEPTH ? kc - step * DEPTH : DEPTH;
      for (size_t r = 0; r < height; r++) {
        row[r] = start[r] + step * DEPTH;
        size_t later = i + 16 + r;
        if (later < left) {
          const float *next = a + lda * (rows ? (size_t)rows[first + later] : first + later) + p + step * DEPTH;
          __builtin_prefetch(next, 0, 2);
          __builtin_prefetch(next + 16, 0, 2);
        }
      }
      pack_along(parts, row, height, depth, 0, panels + (i / SIDE * count + step) * STEP(parts) + i % SIDE / 16 * TILE);
    }
  }
}

// c[32×32] (+)= a·b over `count` steps: of the products of parts 1, 2, 3 with parts 1, 2, 3, those whose numbers add up to
// at most 4.
INLINE void block(int parts, size_t count, const char *a, const char *b, float *c, size_t ldc, int accumulate) {
  size_t stride = ldc * sizeof(float);
  if (accumulate) {
    _tile_loadd(0, c, stride);
    _tile_loadd(1, c + 16 * ldc, stride);
    _tile_loadd(2, c + 16, stride);
    _tile_loadd(3, c + 16 * ldc + 16, stride);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
// Each pair of loads overwrites tiles as soon as their last product has begun, so that loading hides behind multiplying.
#define LEFT_HALF(half, from, part) _tile_loadd(4 + half, (from) + (2 * (part) + half) * TILE, 64);
#define RIGHT_HALF(half, from, part) _tile_loadd(6 + half, (from) + (2 * (part) + half) * TILE, 64);
#define THEN_LEFT(part)                                                                                                \
  _tile_dpbf16ps(0, 4, 6);                                                                                             \
  _tile_dpbf16ps(2, 4, 7);                                                                                             \
  LEFT_HALF(0, a, part)                                                                                                \
  _tile_dpbf16ps(1, 5, 6);                                                                                             \
  _tile_dpbf16ps(3, 5, 7);                                                                                             \
  LEFT_HALF(1, a, part)
#define THEN_RIGHT(part)                                                                                               \
  _tile_dpbf16ps(0, 4, 6);                                                                                             \
  _tile_dpbf16ps(1, 5, 6);                                                                                             \
  RIGHT_HALF(0, b, part)                                                                                               \
  _tile_dpbf16ps(2, 4, 7);                                                                                             \
  _tile_dpbf16ps(3, 5, 7);                                                                                             \
  RIGHT_HALF(1, b, part)
  // Of three parts: (3, 1), (2, 1), (2, 2), (1, 2), (1, 3), (1, 1); of two: (2, 1), (1, 1), (1, 2).
  LEFT_HALF(0, a, parts - 1)
  LEFT_HALF(1, a, parts - 1)
  RIGHT_HALF(0, b, 0)
  RIGHT_HALF(1, b, 0)
  for (size_t step = 0; step < count; step++) {
    if (parts == 3) {
      THEN_LEFT(1)
      THEN_RIGHT(1)
      THEN_LEFT(0)
      THEN_RIGHT(2)
      THEN_RIGHT(0)
    } else {
      THEN_LEFT(0)
      THEN_RIGHT(1)
    }
    if (step + 1 < count) a += STEP(parts), b += STEP(parts);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 5, 6);
    RIGHT_HALF(0, b, 0)
    _tile_dpbf16ps(2, 4, 7);
    LEFT_HALF(0, a, parts - 1)
    _tile_dpbf16ps(3, 5, 7);
    RIGHT_HALF(1, b, 0)
    LEFT_HALF(1, a, parts - 1)
  }
#undef LEFT_HALF
#undef RIGHT_HALF
#undef THEN_LEFT
#undef THEN_RIGHT
  _tile_stored(0, c, stride);
  _tile_stored(1, c + 16 * ldc, stride);
  _tile_stored(2, c + 16, stride);
  _tile_stored(3, c + 16 * ldc + 16, stride);
}

typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
} tile_shapes;

INLINE void product(int parts, size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                    int a_transposed, const void *packed, float *c, size_t ldc, int accumulate) {
  tile_shapes shapes = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    shapes.bytes[t] = 64;
    shapes.rows[t] = 16;
  }
  const size_t deepest = DEEPEST(parts, a_transposed), tallest = TALLEST(a_transposed);
  char *panels = aligned_alloc(64, tallest / SIDE * (deepest / DEPTH) * STEP(parts));
  float edge[SIDE * SIDE] __attribute__((aligned(64)));
  _tile_loadconfig(&shapes);
  for (size_t p = 0; p < k; p += deepest) {
    size_t kc = k - p < deepest ? k - p : deepest, count = steps(kc);
    int add = accumulate || p > 0;
    for (size_t i = 0; i < m; i += tallest) {
      size_t mc = m - i < tallest ? m - i : tallest;
      pack_left(parts, mc, m - i, kc, a, lda, rows, a_transposed, i, p, panels);
      for (size_t r = 0; r < mc; r += SIDE) {
        size_t height = mc - r < SIDE ? mc - r : SIDE;
        const char *left = panels + r / SIDE * count * STEP(parts);
        for (size_t q = 0; q < n; q += SIDE) {
          size_t width = n - q < SIDE ? n - q : SIDE;
          const char *right = (const char *)packed + (q / SIDE * steps(k) + p / DEPTH) * STEP(parts);
          float *to = c + (i + r) * ldc + q;
          if (height == SIDE && width == SIDE) {
            block(parts, count, left, right, to, ldc, add);
          } else {
            if (add) {
              memset(edge, 0, sizeof edge);
              for (size_t e = 0; e < height; e++) memcpy(edge + e * SIDE, to + e * ldc, width * sizeof(float));
            }
            block(parts, count, left, right, edge, SIDE, add);
            for (size_t e = 0; e < height; e++) memcpy(to + e * ldc, edge + e * SIDE, width * sizeof(float));
          }
        }
      }
    }
  }
  _tile_release();
  free(panels);
}

// Written out for each number of parts, so that loops over parts have a fixed length.
TARGET void hustings_tiles_pack(int parts, size_t k, size_t n, const float *b, size_t ldb, int transposed, size_t first,
                                size_t last, void *packed) {
  if (parts == 3)
    pack_right(3, k, n, b, ldb, transposed, first, last, packed);
  else
    pack_right(2, k, n, b, ldb, transposed, first, last, packed);
}

TARGET void hustings_tiles_product(int parts, size_t m, size_t n, size_t k, const float *a, size_t lda,
                                   const int32_t *rows, int a_transposed, const void *packed, float *c, size_t ldc,
                                   int accumulate) {
  if (parts == 3)
    product(3, m, n, k, a, lda, rows, a_transposed, packed, c, ldc, accumulate);
  else
    product(2, m, n, k, a, lda, rows, a_transposed, packed, c, ldc, accumulate);
}

#else

int hustings_tiles_available(void) { return 0; }

size_t hustings_tiles_packed_bytes(int parts, size_t k, size_t n) { return 0 * parts * k * n; }

void hustings_tiles_pack(int parts, size_t k, size_t n, const float *b, size_t ldb, int transposed, size_t first,
                         size_t last, void *packed) {
  (void)parts, (void)k, (void)n, (void)b, (void)ldb, (void)transposed, (void)first, (void)last, (void)packed;
}

void hustings_tiles_product(int parts, size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                            int a_transposed, const void *packed, float *c, size_t ldc, int accumulate) {
  (void)parts, (void)m, (void)n, (void)k, (void)a, (void)lda, (void)rows, (void)a_transposed, (void)packed, (void)c;
  (void)ldc, (void)accumulate;
}

#endif
