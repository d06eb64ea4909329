// The dense kernels, compiled once per instruction set by dense.c, which defines:
//   NAME(x)   a name for this instruction set      TARGET   its attribute
//   VEC       the widest vector of floats          LANES    how many it holds
//   MR, NV    rows and vectors of the register tile of a matrix product
//   FMA(a, b, c)                                   a·b + c, fused where the instruction set can
// Sixteen partial sums are kept by every reduction on every instruction set, so that all of them give the same bits.

#define PARTS (16 / LANES)

typedef struct {
  VEC part[PARTS];
} NAME(wide);

TARGET static inline VEC NAME(load)(const float *p) {
  VEC v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

TARGET static inline void NAME(store)(float *p, VEC v) { __builtin_memcpy(p, &v, sizeof v); }

TARGET static inline VEC NAME(spread)(float s) { return (VEC)s; }

// Lane i and i + 8, then i + 4, i + 2, i + 1: the same tree at every width.
TARGET static inline float NAME(fold)(NAME(wide) w) {
#if LANES == 16
  VEC a = w.part[0];
  return FOLD8(a.lo + a.hi);
#elif LANES == 8
  return FOLD8(w.part[0] + w.part[1]);
#else
  return FOLD4((w.part[0] + w.part[2]) + (w.part[1] + w.part[3]));
#endif
}

// c[MR×NR] (+)= ap[k×MR]ᵀ·bp[k×NR], both packed.
TARGET static void NAME(tile)(size_t k, const float *restrict ap, const float *restrict bp, float *restrict c,
                              size_t ldc, int accumulate) {
  VEC acc[MR][NV];
  if (accumulate) {
#pragma clang loop unroll(full)
    for (int r = 0; r < MR; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < NV; v++) acc[r][v] = NAME(load)(c + r * ldc + v * LANES);
  } else {
#pragma clang loop unroll(full)
    for (int r = 0; r < MR; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < NV; v++) acc[r][v] = (VEC)0.0f;
  }
  for (size_t p = 0; p < k; p++) {
    VEC b[NV];
#pragma clang loop unroll(full)
    for (int v = 0; v < NV; v++) b[v] = NAME(load)(bp + p * NV * LANES + v * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < MR; r++) {
      VEC s = NAME(spread)(ap[p * MR + r]);
#pragma clang loop unroll(full)
      for (int v = 0; v < NV; v++) acc[r][v] = FMA(s, b[v], acc[r][v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < MR; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < NV; v++) NAME(store)(c + r * ldc + v * LANES, acc[r][v]);
}

// R rows against D outputs at once: R·D accumulators of 16 lanes. Meanwhile a line of next[r] is fetched for every 16
// numbers, or with `slow` of 1 for every 32, so that memory works while these rows are summed.
#define DOTS(R, D)                                                                                                     \
  TARGET static void NAME(dots_##R##x##D)(size_t k, const float *const *x, const float *const *next, int slow,         \
                                          const float *restrict w, float *out, size_t ldo) {                           \
    NAME(wide) acc[R][D];                                                                                              \
    for (int r = 0; r < R; r++)                                                                                        \
      for (int d = 0; d < D; d++)                                                                                      \
        for (int p = 0; p < PARTS; p++) acc[r][d].part[p] = (VEC)0.0f;                                                  \
    size_t i = 0;                                                                                                      \
    for (; i + 16 <= k; i += 16) {                                                                                     \
      for (int r = 0; r < R; r++) __builtin_prefetch(next[r] + (i >> slow), 0, 2);                                     \
      _Pragma("clang loop unroll(full)") for (int p = 0; p < PARTS; p++) {                                             \
        VEC row[R];                                                                                                    \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < R; r++) row[r] = NAME(load)(x[r] + i + p * LANES);      \
        _Pragma("clang loop unroll(full)") for (int d = 0; d < D; d++) {                                               \
          VEC weight = NAME(load)(w + d * k + i + p * LANES);                                                          \
          _Pragma("clang loop unroll(full)") for (int r = 0; r < R; r++) acc[r][d].part[p] =                           \
              FMA(row[r], weight, acc[r][d].part[p]);                                                                  \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
    float rest[R][16] = {{0}}, weight[D][16] = {{0}};                                                                  \
    if (i < k) {                                                                                                       \
      for (int r = 0; r < R; r++) __builtin_memcpy(rest[r], x[r] + i, (k - i) * sizeof(float));                        \
      for (int d = 0; d < D; d++) __builtin_memcpy(weight[d], w + d * k + i, (k - i) * sizeof(float));                 \
      for (int r = 0; r < R; r++)                                                                                      \
        for (int d = 0; d < D; d++)                                                                                    \
          for (int p = 0; p < PARTS; p++)                                                                              \
            acc[r][d].part[p] =                                                                                        \
                FMA(NAME(load)(rest[r] + p * LANES), NAME(load)(weight[d] + p * LANES), acc[r][d].part[p]);            \
    }                                                                                                                  \
    for (int r = 0; r < R; r++)                                                                                        \
      for (int d = 0; d < D; d++) out[r * ldo + d] = NAME(fold)(acc[r][d]);                                            \
  }
DOTS(4, 1)
DOTS(1, 1)
DOTS(2, 4)
DOTS(1, 4)
#if LANES == 16
DOTS(3, 8)
#endif

TARGET static void NAME(dots)(size_t n, size_t d, size_t k, const float *x, size_t ldx, const int32_t *rows,
                              size_t upcoming, int passes, const float *w, float *out) {
  const float *row[4], *next[4];
  // Where the rows are read once, a little ahead of themselves; where they are read twice, the first halves of as many later
  // ones, the other halves being fetched by the second pass.
  size_t ahead = passes == 2 ? n : AHEAD;
  size_t step, i = 0;
  while (i < n) {
    size_t left = n - i;
#if LANES == 16
    step = d >= 8 ? (left >= 3 ? 3 : 1) : d >= 4 ? (left >= 2 ? 2 : 1) : left >= 4 ? 4 : 1;
#else
    step = d >= 4 ? (left >= 2 ? 2 : 1) : left >= 4 ? 4 : 1;
#endif
    for (size_t r = 0; r < step; r++) {
      row[r] = x + ldx * (rows ? (size_t)rows[i + r] : i + r);
      next[r] = rows && i + r + ahead < n + upcoming ? x + ldx * (size_t)rows[i + r + ahead] : row[r];
    }
    size_t j = 0;
#define SLOW (passes == 2)
// Rows are read again for every few outputs, and fetched once.
#define FETCHED(r) (j ? row : next) + (r)
#if LANES == 16
    if (step == 3)
      for (; j + 8 <= d; j += 8) NAME(dots_3x8)(k, row, FETCHED(0), SLOW, w + j * k, out + i * d + j, d);
#endif
    for (; j + 4 <= d; j += 4) {
      size_t r = 0;
      for (; r + 2 <= step; r += 2)
        NAME(dots_2x4)(k, row + r, FETCHED(r), SLOW, w + j * k, out + (i + r) * d + j, d);
      for (; r < step; r++) NAME(dots_1x4)(k, row + r, FETCHED(r), SLOW, w + j * k, out + (i + r) * d + j, d);
    }
    for (; j < d; j++) {
      if (step == 4)
        NAME(dots_4x1)(k, row, FETCHED(0), SLOW, w + j * k, out + i * d + j, d);
      else
        for (size_t r = 0; r < step; r++)
          NAME(dots_1x1)(k, row + r, FETCHED(r), SLOW, w + j * k, out + (i + r) * d + j, d);
    }
#undef SLOW
#undef FETCHED
    i += step;
  }
}

// gradient[D×k] += Σᵢ g[i][D] ⊗ x[i], a block of columns at a time with its sums in registers. These rows are in the cache;
// the second half of next[i], where there is one, is fetched meanwhile.
#define OUTER(D, W)                                                                                                    \
  TARGET static void NAME(outer_##D)(size_t n, size_t k, const float *const *x, size_t ahead, const float *const *next, \
                                     const float *g, size_t ldg, float *gradient) {                                    \
    size_t c = 0;                                                                                                      \
    for (; c + W * LANES <= k; c += W * LANES) {                                                                       \
      VEC acc[D][W];                                                                                                   \
      _Pragma("clang loop unroll(full)") for (int d = 0; d < D; d++)                                                   \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < W; v++) acc[d][v] =                                       \
          NAME(load)(gradient + d * k + c + v * LANES);                                                                \
      for (size_t i = 0; i < n; i++) {                                                                                 \
        VEC row[W];                                                                                                    \
        if (i < ahead)                                                                                                 \
          _Pragma("clang loop unroll(full)") for (int v = 0; v < W * LANES; v += 32)                                   \
              __builtin_prefetch(next[i] + (k + c + v) / 2, 0, 2);                                                     \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < W; v++) row[v] = NAME(load)(x[i] + c + v * LANES);      \
        _Pragma("clang loop unroll(full)") for (int d = 0; d < D; d++) {                                               \
          VEC s = NAME(spread)(g[i * ldg + d]);                                                                        \
          _Pragma("clang loop unroll(full)") for (int v = 0; v < W; v++) acc[d][v] = FMA(s, row[v], acc[d][v]);        \
        }                                                                                                              \
      }                                                                                                                \
      _Pragma("clang loop unroll(full)") for (int d = 0; d < D; d++)                                                   \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < W; v++)                                                   \
          NAME(store)(gradient + d * k + c + v * LANES, acc[d][v]);                                                    \
    }                                                                                                                  \
    if (c < k) {                                                                                                       \
      size_t rest = k - c;                                                                                             \
      for (size_t i = 0; i < n; i++)                                                                                   \
        for (int d = 0; d < D; d++)                                                                                    \
          for (size_t q = 0; q < rest; q += LANES) {                                                                   \
            size_t width = rest - q < LANES ? rest - q : LANES;                                                        \
            float row[LANES] = {0}, sum[LANES] = {0};                                                                  \
            __builtin_memcpy(row, x[i] + c + q, width * sizeof(float));                                                \
            __builtin_memcpy(sum, gradient + d * k + c + q, width * sizeof(float));                                    \
            NAME(store)(sum, FMA(NAME(spread)(g[i * ldg + d]), NAME(load)(row), NAME(load)(sum)));                     \
            __builtin_memcpy(gradient + d * k + c + q, sum, width * sizeof(float));                                    \
          }                                                                                                            \
    }                                                                                                                  \
  }
OUTER(1, 4)
OUTER(4, 2)
#if LANES == 16
OUTER(8, 2)
#endif

TARGET static void NAME(outer)(size_t n, size_t d, size_t k, const float *x, size_t ldx, const int32_t *rows,
                               size_t upcoming, const float *g, float *gradient) {
  const float *row[64], *next[64];
  for (size_t start = 0; start < n; start += 64) {
    size_t count = n - start < 64 ? n - start : 64, j = 0, ahead = 0;
    for (size_t r = 0; r < count; r++) row[r] = x + ldx * (rows ? (size_t)rows[start + r] : start + r);
    if (rows)
      for (; ahead < count && start + count + ahead < n + upcoming; ahead++)
        next[ahead] = x + ldx * (size_t)rows[start + count + ahead];
    const float *from = g + start * d;
#if LANES == 16
    for (; j + 8 <= d; j += 8, ahead = 0) NAME(outer_8)(count, k, row, ahead, next, from + j, d, gradient + j * k);
#endif
    for (; j + 4 <= d; j += 4, ahead = 0) NAME(outer_4)(count, k, row, ahead, next, from + j, d, gradient + j * k);
    for (; j < d; j++, ahead = 0) NAME(outer_1)(count, k, row, ahead, next, from + j, d, gradient + j * k);
  }
}

#undef PARTS
#undef DOTS
#undef OUTER
