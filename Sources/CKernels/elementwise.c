#include "elementwise.h"

#include "clones.h"
#define INLINE static inline __attribute__((always_inline))

#pragma STDC FP_CONTRACT OFF

INLINE float from_bits(int32_t bits) {
  float f;
  __builtin_memcpy(&f, &bits, sizeof f);
  return f;
}

// exp for -87 <= x <= 88, clamped outside: 2ⁿ·exp(r) with |r| <= ln 2 / 2 and exp(r) by its Taylor series to r⁷, whose
// remainder is below 1e-8 there. ln 2 is split in two so that n·ln 2 loses nothing (Cody and Waite 1980).
INLINE float exp_of(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  float n = __builtin_elementwise_rint(x * 1.44269504088896341f);
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  return p * from_bits(((int32_t)n + 127) << 23);
}

// log(1 + t) for 0 <= t <= 1 as 2·artanh(u), u = t/(2+t) <= 1/3, which needs no compensation near 0.
INLINE float log1p_of(float t) {
  float u = t / (2.0f + t), w = u * u;
  float p = 1.0f / 17;
  p = p * w + 1.0f / 15;
  p = p * w + 1.0f / 13;
  p = p * w + 1.0f / 11;
  p = p * w + 1.0f / 9;
  p = p * w + 1.0f / 7;
  p = p * w + 1.0f / 5;
  p = p * w + 1.0f / 3;
  return 2.0f * u * (p * w + 1.0f);
}

INLINE float abs_of(float x) { return __builtin_elementwise_abs(x); }

INLINE float max_of(float a, float b) { return a > b ? a : b; }

// tanh by its Taylor quotient near 0, where 1 - exp(-2|x|) would cancel (Cephes tanhf), and by exp elsewhere.
INLINE float tanh_of(float x) {
  float a = abs_of(x), w = x * x;
  float p = -5.70498872745e-3f;
  p = p * w + 2.06390887954e-2f;
  p = p * w + -5.37397155531e-2f;
  p = p * w + 1.33314422036e-1f;
  p = p * w + -3.33332819422e-1f;
  float near = p * w * x + x;
  float e = exp_of(-2.0f * a), far = (1.0f - e) / (1.0f + e);
  far = x < 0 ? -far : far;
  return a < 0.625f ? near : far;
}

HUSTINGS_CLONES void hustings_log_sigmoid(size_t n, const float *x, float *value, float *slope) {
  if (value)
    for (size_t i = 0; i < n; i++) value[i] = -(max_of(-x[i], 0.0f) + log1p_of(exp_of(-abs_of(x[i]))));
  if (slope)
    for (size_t i = 0; i < n; i++) {
      float e = exp_of(-abs_of(x[i]));
      slope[i] = (x[i] > 0 ? e : 1.0f) / (1.0f + e);
    }
}

HUSTINGS_CLONES void hustings_softplus(size_t n, const float *x, float *value, float *slope) {
  if (value)
    for (size_t i = 0; i < n; i++) value[i] = max_of(x[i], 0.0f) + log1p_of(exp_of(-abs_of(x[i])));
  if (slope)
    for (size_t i = 0; i < n; i++) {
      float e = exp_of(-abs_of(x[i]));
      slope[i] = (x[i] > 0 ? 1.0f : e) / (1.0f + e);
    }
}

HUSTINGS_CLONES void hustings_logistic_loss(size_t n, const float *score, const float *margin, const float *target,
                                   float target_constant, const float *weight, float tau, float *loss,
                                   float *gradient) {
  for (size_t i = 0; i < n; i++) {
    float m = margin ? margin[i] : 0.0f, p = target ? target[i] : target_constant, w = weight ? weight[i] : 1.0f;
    float z = (score[i] - m) / tau, e = exp_of(-abs_of(z));
    loss[i] = w * (max_of(-z, 0.0f) + log1p_of(e) + (1.0f - p) * z);
    // σ(z) - p written so that it does not cancel when p = 1: -(σ(-z)) + (1 - p).
    gradient[i] = w * ((1.0f - p) - (z > 0 ? e : 1.0f) / (1.0f + e)) / tau;
  }
}

HUSTINGS_CLONES void hustings_exp(size_t n, float *x) {
  for (size_t i = 0; i < n; i++) x[i] = exp_of(x[i]);
}

HUSTINGS_CLONES void hustings_add_bias(size_t rows, size_t columns, const float *bias, float *x) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t i = 0; i < columns; i++) x[i] += bias[i];
}

HUSTINGS_CLONES void hustings_bias_relu(size_t rows, size_t columns, const float *bias, float *x) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t i = 0; i < columns; i++) {
      // Written so that a NaN stays one, for divergence to be seen.
      float z = x[i] + bias[i];
      x[i] = z < 0.0f ? 0.0f : z;
    }
}

HUSTINGS_CLONES void hustings_bias_tanh(size_t rows, size_t columns, const float *bias, float *x) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t i = 0; i < columns; i++) x[i] = tanh_of(x[i] + bias[i]);
}

#define GELU_SCALE 0.7978845608028654f
#define GELU_CUBE 0.044715f

HUSTINGS_CLONES void hustings_bias_gelu(size_t rows, size_t columns, const float *bias, float *x, float *out) {
  for (size_t r = 0; r < rows; r++, x += columns, out += columns)
    for (size_t i = 0; i < columns; i++) {
      float z = x[i] + bias[i];
      x[i] = z;
      out[i] = 0.5f * z * (1.0f + tanh_of(GELU_SCALE * (z + GELU_CUBE * z * z * z)));
    }
}

HUSTINGS_CLONES void hustings_relu_backward(size_t n, const float *y, float *g) {
  for (size_t i = 0; i < n; i++) g[i] = y[i] == 0.0f ? 0.0f : g[i];
}

HUSTINGS_CLONES void hustings_tanh_backward(size_t n, const float *y, float *g) {
  for (size_t i = 0; i < n; i++) g[i] *= 1.0f - y[i] * y[i];
}

HUSTINGS_CLONES void hustings_gelu_backward(size_t n, const float *x, float *g) {
  for (size_t i = 0; i < n; i++) {
    float z = x[i], t = tanh_of(GELU_SCALE * (z + GELU_CUBE * z * z * z));
    float slope = GELU_SCALE * (1.0f + 3.0f * GELU_CUBE * z * z);
    g[i] *= 0.5f * (1.0f + t) + 0.5f * z * (1.0f - t * t) * slope;
  }
}

HUSTINGS_CLONES void hustings_column_sums(size_t rows, size_t columns, const float *x, float *sums) {
  for (size_t r = 0; r < rows; r++, x += columns)
    for (size_t i = 0; i < columns; i++) sums[i] += x[i];
}

HUSTINGS_CLONES void hustings_axpy(size_t n, float a, const float *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

HUSTINGS_CLONES void hustings_sum_difference(size_t n, const float *a, const float *b, float *restrict sum,
                                             float *restrict difference, int accumulate) {
  if (accumulate)
    for (size_t i = 0; i < n; i++) sum[i] += a[i] + b[i], difference[i] += a[i] - b[i];
  else
    for (size_t i = 0; i < n; i++) sum[i] = a[i] + b[i], difference[i] = a[i] - b[i];
}

HUSTINGS_CLONES void hustings_half_sums(size_t n, size_t k, const float *x, size_t ldx, const int32_t *rows,
                                        float *restrict sum, float *restrict difference) {
  for (size_t r = 0; r < n; r++, sum += k, difference += k) {
    const float *a = x + (size_t)rows[2 * r] * ldx, *b = x + (size_t)rows[2 * r + 1] * ldx;
    for (size_t i = 0; i < k; i++) sum[i] = 0.5f * (a[i] + b[i]), difference[i] = 0.5f * (a[i] - b[i]);
  }
}

HUSTINGS_CLONES void hustings_spread(size_t n, size_t d, size_t k, const float *g, const float *w, float *out) {
  for (size_t row = 0; row < n; row++, g += d, out += k) {
    size_t i = 0;
    for (; i + 64 <= k; i += 64) {
      float sum[64] = {0};
      for (size_t o = 0; o < d; o++)
        for (size_t j = 0; j < 64; j++) sum[j] += g[o] * w[o * k + i + j];
      for (size_t j = 0; j < 64; j++) out[i + j] = sum[j];
    }
    for (; i < k; i++) {
      float sum = 0;
      for (size_t o = 0; o < d; o++) sum += g[o] * w[o * k + i];
      out[i] = sum;
    }
  }
}

HUSTINGS_CLONES void hustings_scale(size_t n, float a, float *x) {
  for (size_t i = 0; i < n; i++) x[i] *= a;
}

HUSTINGS_CLONES void hustings_adamw(size_t n, float *restrict p, const float *restrict g, float *restrict m, float *restrict v,
                           float clip, float rate, float b1, float b2, float epsilon, float decay, float c1, float c2) {
  float keep = 1.0f - rate * decay, step = rate / c1, spread = 1.0f / c2;
  for (size_t i = 0; i < n; i++) {
    float gi = g[i] * clip;
    float mi = b1 * m[i] + (1.0f - b1) * gi;
    float vi = b2 * v[i] + (1.0f - b2) * (gi * gi);
    m[i] = mi;
    v[i] = vi;
    p[i] = p[i] * keep - step * mi / (__builtin_elementwise_sqrt(vi * spread) + epsilon);
  }
}

HUSTINGS_CLONES void hustings_rmsprop(size_t n, float *restrict p, const float *restrict g, float *restrict v, float clip,
                             float rate, float a, float epsilon, float decay) {
  float keep = 1.0f - rate * decay;
  for (size_t i = 0; i < n; i++) {
    float gi = g[i] * clip;
    float vi = a * v[i] + (1.0f - a) * (gi * gi);
    v[i] = vi;
    p[i] = p[i] * keep - rate * gi / (__builtin_elementwise_sqrt(vi) + epsilon);
  }
}

HUSTINGS_CLONES void hustings_momentum(size_t n, float *restrict p, const float *restrict g, float *restrict m, float clip,
                              float rate, float mu, float decay) {
  float keep = 1.0f - rate * decay;
  for (size_t i = 0; i < n; i++) {
    float mi = mu * m[i] + g[i] * clip;
    m[i] = mi;
    p[i] = p[i] * keep - rate * mi;
  }
}
