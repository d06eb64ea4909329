#include "forms.h"

#include "elementwise.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// A norm below this is taken as this (as torch.nn.functional.normalize does).
#define SMALLEST 1e-12f

#define INLINE static inline __attribute__((always_inline))

// Rows of outputs lie anywhere in memory; those of later pairs are asked for early.
#define AHEAD 16

INLINE float norm_of(size_t n, const float *x) {
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
  float norm = sqrtf(sum);
  return norm > SMALLEST ? norm : (norm == norm ? SMALLEST : norm);
}

INLINE float skew_of(size_t planes, const float *a, const float *b, const float *scales) {
  float sum = 0;
  for (size_t l = 0; l < planes; l++) {
    float block = a[2 * l] * b[2 * l + 1] - a[2 * l + 1] * b[2 * l];
    sum += scales ? scales[l] * block : block;
  }
  return sum;
}

INLINE void margins_of(size_t n, size_t scalar, size_t planes, int normalise, const float *outputs, const int32_t *first,
                       const int32_t *second, const float *scales, float *margins, float *skew) {
  size_t width = scalar + 2 * planes;
  for (size_t i = 0; i < n; i++) {
    const float *a = outputs + width * (size_t)first[i], *b = outputs + width * (size_t)second[i];
    if (i + AHEAD < n) {
      __builtin_prefetch(outputs + width * (size_t)first[i + AHEAD]);
      __builtin_prefetch(outputs + width * (size_t)second[i + AHEAD]);
    }
    float part = 0;
    if (planes) {
      part = skew_of(planes, a + scalar, b + scalar, scales ? scales + i * planes : 0);
      if (normalise) part /= norm_of(2 * planes, a + scalar) * norm_of(2 * planes, b + scalar);
    }
    if (skew) skew[i] = part;
    margins[i] = scalar ? (a[0] - b[0]) + part : part;
  }
}

void hustings_form_margins(size_t n, size_t scalar, size_t planes, int normalise, const float *outputs,
                           const int32_t *first, const int32_t *second, const float *scales, float *margins,
                           float *skew) {
  // The usual numbers of planes are known to the compiler, which then unrolls their sums.
#define PLANES(k)                                                                                                      \
  case k:                                                                                                              \
    if (normalise)                                                                                                     \
      margins_of(n, 0, k, 1, outputs, first, second, scales, margins, skew);                                           \
    else                                                                                                               \
      margins_of(n, 0, k, 0, outputs, first, second, scales, margins, skew);                                           \
    return;
  if (!scalar) switch (planes) {
      PLANES(1)
      PLANES(2)
      PLANES(3)
      PLANES(4)
      PLANES(8)
      default: break;
    }
#undef PLANES
  margins_of(n, scalar, planes, normalise, outputs, first, second, scales, margins, skew);
}

void hustings_form_gradients(size_t n, size_t scalar, size_t planes, int normalise, const float *outputs,
                             const int32_t *first, const int32_t *second, const float *scales, const float *g,
                             const float *h, float *gradient, float *scale_gradient) {
  size_t width = scalar + 2 * planes, d = 2 * planes;
  for (size_t i = 0; i < n; i++) {
    const float *a = outputs + width * (size_t)first[i], *b = outputs + width * (size_t)second[i];
    float *ga = gradient + width * (size_t)first[i], *gb = gradient + width * (size_t)second[i];
    if (scalar) {
      ga[0] += g[i];
      gb[0] -= g[i];
    }
    if (!planes) continue;
    a += scalar, b += scalar, ga += scalar, gb += scalar;
    float slope = h ? g[i] + h[i] : g[i];
    const float *scale = scales ? scales + i * planes : 0;
    float na = normalise ? norm_of(d, a) : 1, nb = normalise ? norm_of(d, b) : 1;
    // With u = x/‖x‖ the gradient by x is (q - (q·u)u)/‖x‖, q that by u; and q·u = slope·skew on both sides, because
    // the form is linear in each.
    float along = normalise ? slope * skew_of(planes, a, b, scale) / (na * nb) : 0;
    for (size_t l = 0; l < planes; l++) {
      float c = slope * (scale ? scale[l] : 1.0f);
      float a0 = a[2 * l] / na, a1 = a[2 * l + 1] / na, b0 = b[2 * l] / nb, b1 = b[2 * l + 1] / nb;
      ga[2 * l] += (c * b1 - along * a0) / na;
      ga[2 * l + 1] += (-c * b0 - along * a1) / na;
      gb[2 * l] += (-c * a1 - along * b0) / nb;
      gb[2 * l + 1] += (c * a0 - along * b1) / nb;
      if (scale_gradient) scale_gradient[i * planes + l] = slope * (a0 * b1 - a1 * b0);
    }
  }
}

void hustings_normalise_rows(size_t rows, size_t columns, float *x, float *norms) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    float norm = norm_of(columns, x);
    for (size_t i = 0; i < columns; i++) x[i] /= norm;
    if (norms) norms[r] = norm;
  }
}

void hustings_softmax_rows(size_t rows, size_t columns, float sharpness, float scale, float *x) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    float top = x[0] * sharpness, sum = 0;
    for (size_t i = 0; i < columns; i++) {
      x[i] *= sharpness;
      top = x[i] > top ? x[i] : top;
    }
    for (size_t i = 0; i < columns; i++) x[i] -= top;
    hustings_exp(columns, x);
    for (size_t i = 0; i < columns; i++) sum += x[i];
    for (size_t i = 0; i < columns; i++) x[i] = scale * (x[i] / sum);
  }
}
