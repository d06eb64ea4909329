#include "dense.h"


#include <stdlib.h>
#include <string.h>

// Matrix products, skinny products and reductions, written once in dense_template.h and compiled per instruction set.
// A product packs its operands into panels that fit the caches (Goto and van de Geijn 2008) and keeps a tile of sums in
// registers.

#define KC 256
#define MC 240

typedef void tile_function(size_t, const float *, const float *, float *, size_t, int);
typedef void dots_function(size_t, size_t, size_t, const float *, size_t, const int32_t *, size_t, int, const float *,
                           float *);
typedef void outer_function(size_t, size_t, size_t, const float *, size_t, const int32_t *, size_t, const float *,
                            float *);

// Rows between the one being read and the one being asked for.
#define AHEAD 8

typedef float lanes4 __attribute__((ext_vector_type(4)));
typedef float lanes8 __attribute__((ext_vector_type(8)));
#define FOLD4(v)                                                                                                       \
  ({                                                                                                                   \
    lanes4 four = (v);                                                                                                 \
    (four[0] + four[2]) + (four[1] + four[3]);                                                                         \
  })
#define FOLD8(v)                                                                                                       \
  ({                                                                                                                   \
    lanes8 eight = (v);                                                                                                \
    FOLD4(eight.lo + eight.hi);                                                                                        \
  })

#if defined(__x86_64__)
#define NAME(x) x##_v4
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define LANES 16
#define MR 12
#define NV 2
typedef float vector_v4 __attribute__((ext_vector_type(16)));
#define VEC vector_v4
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "dense_template.h"
#undef NAME
#undef TARGET
#undef LANES
#undef MR
#undef NV
#undef VEC
#undef FMA

#define NAME(x) x##_v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define MR 6
#define NV 2
typedef float vector_v3 __attribute__((ext_vector_type(8)));
#define VEC vector_v3
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "dense_template.h"
#undef NAME
#undef TARGET
#undef LANES
#undef MR
#undef NV
#undef VEC
#undef FMA
#endif

#define NAME(x) x##_base
#define TARGET
#define LANES 4
#define MR 6
#define NV 2
typedef float vector_base __attribute__((ext_vector_type(4)));
#define VEC vector_base
#if defined(__aarch64__)
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif
#include "dense_template.h"

typedef struct {
  size_t mr, nr;
  tile_function *tile;
  dots_function *dots;
  outer_function *outer;
} kernels;

static kernels choose(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    return (kernels){12, 32, tile_v4, dots_v4, outer_v4};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return (kernels){6, 16, tile_v3, dots_v3, outer_v3};
#endif
  return (kernels){6, 8, tile_base, dots_base, outer_base};
}

// b[k×n], or its transpose, into panels of nr columns: each panel holds k rows of nr values, the missing ones zero.
static void pack_panels(size_t k, size_t n, size_t nr, const float *b, size_t ldb, int transposed, size_t first,
                        size_t last, float *packed) {
  for (size_t panel = first; panel < last; panel++) {
    float *to = packed + panel * k * nr;
    size_t j = panel * nr, width = n - j < nr ? n - j : nr;
    if (transposed) {
      if (width < nr) memset(to, 0, k * nr * sizeof(float));
      for (size_t q = 0; q < width; q++)
        for (size_t p = 0; p < k; p++) to[p * nr + q] = b[(j + q) * ldb + p];
    } else {
      for (size_t p = 0; p < k; p++) {
        memcpy(to + p * nr, b + p * ldb + j, width * sizeof(float));
        if (width < nr) memset(to + p * nr + width, 0, (nr - width) * sizeof(float));
      }
    }
  }
}

// Rows of a, picked by index, into panels of mr rows: panel i holds kc columns of mr values.
static void pack_rows(size_t mc, size_t kc, size_t mr, const float *a, size_t lda, const int32_t *rows, size_t first,
                      size_t column, float *to) {
  for (size_t i = 0; i < mc; i += mr) {
    size_t height = mc - i < mr ? mc - i : mr;
    if (height < mr) memset(to, 0, kc * mr * sizeof(float));
    for (size_t r = 0; r < height; r++) {
      const float *row = a + lda * (rows ? (size_t)rows[first + i + r] : first + i + r) + column;
      for (size_t p = 0; p < kc; p++) to[p * mr + r] = row[p];
    }
    to += kc * mr;
  }
}

// Columns of a, whose rows are picked by index, into panels of mr columns.
static void pack_columns(size_t mc, size_t kc, size_t mr, const float *a, size_t lda, const int32_t *rows,
                         size_t first, size_t column, float *to) {
  for (size_t p = 0; p < kc; p++) {
    const float *row = a + lda * (rows ? (size_t)rows[first + p] : first + p) + column;
    float *panel = to + p * mr;
    size_t i = 0;
    for (; i + mr <= mc; i += mr) {
      memcpy(panel, row + i, mr * sizeof(float));
      panel += kc * mr;
    }
    if (i < mc) {
      memcpy(panel, row + i, (mc - i) * sizeof(float));
      memset(panel + (mc - i), 0, (mr - (mc - i)) * sizeof(float));
    }
  }
}

static void fused_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                          int a_transposed, const float *packed, float *c, size_t ldc, int accumulate) {
  kernels kernel = choose();
  size_t mr = kernel.mr, nr = kernel.nr;
  size_t tallest = m < MC ? (m + mr - 1) / mr * mr : MC, deepest = k < KC ? k : KC;
  float *panels = aligned_alloc(64, (tallest * deepest * sizeof(float) + 63) / 64 * 64);
  float edge[12 * 32] __attribute__((aligned(64)));
  for (size_t p = 0; p < k; p += KC) {
    size_t kc = k - p < KC ? k - p : KC;
    int add = accumulate || p > 0;
    for (size_t i = 0; i < m; i += MC) {
      size_t mc = m - i < MC ? m - i : MC;
      if (a_transposed)
        pack_columns(mc, kc, mr, a, lda, rows, p, i, panels);
      else
        pack_rows(mc, kc, mr, a, lda, rows, i, p, panels);
      for (size_t q = 0; q < n; q += nr) {
        size_t width = n - q < nr ? n - q : nr;
        const float *right = packed + q * k + p * nr;
        for (size_t r = 0; r < mc; r += mr) {
          size_t height = mc - r < mr ? mc - r : mr;
          float *to = c + (i + r) * ldc + q;
          if (height == mr && width == nr) {
            kernel.tile(kc, panels + r * kc, right, to, ldc, add);
          } else {
            if (add)
              for (size_t e = 0; e < height; e++) memcpy(edge + e * nr, to + e * ldc, width * sizeof(float));
            kernel.tile(kc, panels + r * kc, right, edge, nr, add);
            for (size_t e = 0; e < height; e++) memcpy(to + e * ldc, edge + e * nr, width * sizeof(float));
          }
        }
      }
    }
  }
  free(panels);
}

size_t hustings_panel_width(void) { return choose().nr; }

size_t hustings_packed_bytes(size_t k, size_t n) {
  size_t nr = choose().nr;
  return (n + nr - 1) / nr * nr * k * sizeof(float);
}

void hustings_pack(size_t k, size_t n, const float *b, size_t ldb, int transposed, size_t first, size_t last,
                   void *packed) {
  pack_panels(k, n, choose().nr, b, ldb, transposed, first, last, packed);
}

void hustings_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows, int a_transposed,
                      const void *packed, float *c, size_t ldc, int accumulate) {
  if (m == 0 || n == 0) return;
  if (k > 0)
    fused_product(m, n, k, a, lda, rows, a_transposed, packed, c, ldc, accumulate);
  else if (!accumulate)
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(float));
}

void hustings_dots(size_t n, size_t d, size_t k, const float *x, size_t ldx, const int32_t *rows, size_t upcoming,
                   int passes, const float *w, float *out) {
  choose().dots(n, d, k, x, ldx, rows, upcoming, passes, w, out);
}

void hustings_outer(size_t n, size_t d, size_t k, const float *x, size_t ldx, const int32_t *rows, size_t upcoming,
                    const float *g, float *gradient) {
  choose().outer(n, d, k, x, ldx, rows, upcoming, g, gradient);
}

float hustings_dot(size_t n, const float *x, const float *y) {
  float out = 0;
  choose().dots(1, 1, n, x, n, NULL, 0, 1, y, &out);
  return out;
}

#include "clones.h"

#pragma STDC FP_CONTRACT OFF

HUSTINGS_CLONES double hustings_sum_of_squares(size_t n, const float *x) {
  double lane[16] = {0};
  size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int l = 0; l < 16; l++) lane[l] += (double)x[i + l] * (double)x[i + l];
  for (int l = 0; i < n; i++, l++) lane[l] += (double)x[i] * (double)x[i];
  for (int step = 8; step > 0; step /= 2)
    for (int l = 0; l < step; l++) lane[l] += lane[l + step];
  return lane[0];
}

HUSTINGS_CLONES double hustings_sum(size_t n, const float *x) {
  double lane[16] = {0};
  size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int l = 0; l < 16; l++) lane[l] += (double)x[i + l];
  for (int l = 0; i < n; i++, l++) lane[l] += (double)x[i];
  for (int step = 8; step > 0; step /= 2)
    for (int l = 0; l < step; l++) lane[l] += lane[l + step];
  return lane[0];
}
