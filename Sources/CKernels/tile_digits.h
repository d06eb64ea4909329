#ifndef HUSTINGS_TILE_DIGITS_H
#define HUSTINGS_TILE_DIGITS_H

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

// Numbers as whole numbers of three digits, in the order in which matrix tiles multiply them.

#define TARGET __attribute__((target("arch=x86-64-v4,amx-tile,amx-int8")))
#define INLINE TARGET static inline __attribute__((always_inline))

// A tile of 16 rows of 64 bytes. A panel of an operand is 32 of its outer indices; for each 64 values of the summed index,
// a step, it has three planes of digits, the highest first, of two tiles each.
#define TILE 1024
#define SIDE 32
#define DEPTH 64
#define PLANE (2 * TILE)
#define STEP (3 * PLANE)

// The power of two that makes whole numbers of up to three digits of numbers no larger than `largest`, given by its bits
// without the sign, which are in the order of the numbers; not a number when `largest` is not finite.
INLINE float scale_of(uint32_t largest) {
  // Three digits end at 0x7F7F7F, not at 2^23.
  uint32_t exponent = (largest >> 23) + ((largest & 0x7FFFFF) > 0x7EFEFE);
  uint32_t bits = largest >= 0x7F800000 ? 0x7FC00000 : exponent < 23 ? 253u << 23 : (276 - exponent) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return scale;
}

INLINE __m512 load_some(const float *p, size_t count) {
  return count >= 16 ? _mm512_loadu_ps(p) : _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}

INLINE void put(float *to, size_t count, __m512 values) {
  if (count >= 16)
    _mm512_storeu_ps(to, values);
  else
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), values);
}

INLINE __m512i magnitude(__m512 x) { return _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7FFFFFFF)); }

// Sixteen numbers times their scales, to the nearest whole ones, as three signed digits to the base 256, the lowest first:
// adding 128 to every digit makes them bytes, and taking it away again in each byte makes those signed.
INLINE __m512i digits(__m512 x, __m512 scale) {
  const __m512i middle = _mm512_set1_epi32(0x808080);
  return _mm512_xor_si512(_mm512_add_epi32(_mm512_cvtps_epi32(_mm512_mul_ps(x, scale)), middle), middle);
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

// A step's tile takes the summed index in groups of four: group 4t + l at word 4l + t, as `pack_along` finds it cheapest.
#define GROUP(word) (4 * ((word) % 4) + (word) / 4)

// Three planes' lines of a row of 64 digits, each as words of four of its numbers.
INLINE void put_along(const __m512i q[4], char *to) {
  // Of each four words: their third bytes, their second, their first.
  const __m512i order = _mm512_broadcast_i32x4(_mm_setr_epi8(2, 6, 10, 14, 1, 5, 9, 13, 0, 4, 8, 12, 3, 7, 11, 15));
  __m512i v[4];
  for (int t = 0; t < 4; t++) v[t] = _mm512_shuffle_epi8(q[t], order);
  __m512i low = _mm512_unpacklo_epi32(v[0], v[1]), high = _mm512_unpacklo_epi32(v[2], v[3]);
  _mm512_store_si512(to, _mm512_unpacklo_epi64(low, high));
  _mm512_store_si512(to + PLANE, _mm512_unpackhi_epi64(low, high));
  low = _mm512_unpackhi_epi32(v[0], v[1]);
  high = _mm512_unpackhi_epi32(v[2], v[3]);
  _mm512_store_si512(to + 2 * PLANE, _mm512_unpacklo_epi64(low, high));
}

// Three planes' lines of four rows of 16 digits, each as words of one number of each row.
INLINE void put_across(const __m512i q[4], char *to) {
  const __mmask64 odd_bytes = 0xAAAAAAAAAAAAAAAA;
  const __mmask32 odd_halves = 0xAAAAAAAA;
  // Bytes 1 and 3 of two rows, then 2 and 4; of four rows, one byte each.
  __m512i even[2], odd[2];
  for (int t = 0; t < 2; t++) {
    even[t] = _mm512_mask_blend_epi8(odd_bytes, q[2 * t], _mm512_slli_epi32(q[2 * t + 1], 8));
    odd[t] = _mm512_mask_blend_epi8(odd_bytes, _mm512_srli_epi32(q[2 * t], 8), q[2 * t + 1]);
  }
  _mm512_store_si512(to, _mm512_mask_blend_epi16(odd_halves, _mm512_srli_epi32(even[0], 16), even[1]));
  _mm512_store_si512(to + PLANE, _mm512_mask_blend_epi16(odd_halves, odd[0], _mm512_slli_epi32(odd[1], 16)));
  _mm512_store_si512(to + 2 * PLANE, _mm512_mask_blend_epi16(odd_halves, even[0], _mm512_slli_epi32(even[1], 16)));
}

// Digits of `count` <= 16 rows of up to 64 numbers, each row's numbers side by side: the left operand as stored, or when
// `turned` the right one, stored as its transpose.
INLINE void pack_along(const float *const *row, const float *scale, size_t count, size_t depth, int turned, char *to) {
  for (size_t r = 0; r < count; r++) {
    __m512i q[4];
    for (size_t t = 0; t < 4; t++)
      q[t] = depth > 16 * t ? digits(load_some(row[r] + 16 * t, depth - 16 * t), _mm512_set1_ps(scale[r]))
                            : _mm512_setzero_si512();
    put_along(q, to + r * 64);
  }
  for (int plane = 0; plane < 3; plane++) {
    if (count < 16) memset(to + plane * PLANE + count * 64, 0, (16 - count) * 64);
    if (turned) turn(to + plane * PLANE);
  }
}

// Digits of 64 rows of `width` <= 16 numbers, four rows' numbers as words: the right operand as stored, or when `turned`
// the left one, stored as its transpose. Rows are multiplied by `factor` first, if there is one.
INLINE void pack_across(const float *const *row, const float *factor, __m512 scale, size_t depth, size_t width,
                        int turned, char *to) {
  for (size_t word = 0; word < 16; word++) {
    __m512i q[4];
    for (size_t t = 0; t < 4; t++) {
      size_t at = 4 * GROUP(word) + t;
      __m512 x = at < depth ? load_some(row[at], width) : _mm512_setzero_ps();
      q[t] = digits(factor && at < depth ? _mm512_mul_ps(x, _mm512_set1_ps(factor[at])) : x, scale);
    }
    put_across(q, to + word * 64);
  }
  if (turned)
    for (int plane = 0; plane < 3; plane++) turn(to + plane * PLANE);
}

#endif
