#include "regression.h"

#include <stdint.h>

#include "clones.h"
#define INLINE static inline __attribute__((always_inline))

#pragma STDC FP_CONTRACT OFF

typedef double lanes __attribute__((vector_size(64)));
typedef int64_t words __attribute__((vector_size(64)));

// a·b + c, rounded once: by the processor where it can, and otherwise by the C library, which takes long but gives the same bits.
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#define ALL(s) ((lanes){0} + (s))
#define LOAD(vector, from) __builtin_memcpy(&(vector), (from), sizeof(vector))

INLINE double total(const lanes *values) {
  double sum = 0;
  for (int lane = 0; lane < 8; lane++) sum += (*values)[lane];
  return sum;
}

INLINE void logistic_sums(size_t n, int width, const double *columns, const double *weights, const double *coefficients,
                          int with_loss, double *out) {
  const double magic = 0x1.8p52;
  lanes losses = {0}, slopes[4] = {{0}}, curves[10] = {{0}};
  for (size_t row = 0; row < n; row += 8) {
    lanes x[4], eta = {0}, weight;
    for (int column = 0; column < width; column++) {
      LOAD(x[column], columns + (size_t)column * n + row);
      eta = FMA(x[column], ALL(coefficients[column]), eta);
    }
    LOAD(weight, weights + row);
    // e = exp(-|η|) = 2ⁿ·exp(r) with |r| at most ln 2 / 2; adding the magic number rounds to n and leaves it in the lowest bits. ln 2 is split in two
    // so that n·ln 2 loses nothing (Cody and Waite 1980).
    lanes a = __builtin_elementwise_max(__builtin_elementwise_min(eta, -eta), (lanes){0} - 708.0);
    lanes shifted = FMA(a, ALL(1.44269504088896340736), ALL(magic));
    lanes whole = shifted - magic;
    lanes r = FMA(whole, ALL(-6.93147180369123816490e-01), a);
    r = FMA(whole, ALL(-1.90821492927058770002e-10), r);
    // exp(r) by its Taylor series to r¹³, whose remainder is below 1e-17, in pairs of powers so that products need not wait
    // for one another (Estrin 1960).
    lanes r2 = r * r, r4 = r2 * r2;
    lanes low = FMA(r2, FMA(r, ALL(1.0 / 6), ALL(0.5)), r + 1.0);
    lanes middle = FMA(r2, FMA(r, ALL(1.0 / 5040), ALL(1.0 / 720)), FMA(r, ALL(1.0 / 120), ALL(1.0 / 24)));
    lanes high = FMA(r2, FMA(r, ALL(1.0 / 39916800), ALL(1.0 / 3628800)), FMA(r, ALL(1.0 / 362880), ALL(1.0 / 40320)));
    lanes top = FMA(r, ALL(1.0 / 6227020800), ALL(1.0 / 479001600));
    lanes e = FMA(r4, FMA(r4, FMA(r4, top, high), middle), low);
    words bits;
    __builtin_memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 52) + ((int64_t)1023 << 52);
    lanes scale;
    __builtin_memcpy(&scale, &bits, sizeof scale);
    e *= scale;
    // One division serves both 1/(1 + e) and u below.
    lanes one = e + 1.0, two = e + 2.0, inverse = 1.0 / (one * two);
    if (with_loss) {
      // log(1 + e) = 2·artanh(u), u = e/(2 + e), which needs no compensation near 0.
      // The series ends at u³³: u² is at most 1/9.
      lanes u = e * (one * inverse), w = u * u, w2 = w * w, w4 = w2 * w2;
      lanes first = FMA(w2, FMA(w, ALL(1.0 / 7), ALL(1.0 / 5)), FMA(w, ALL(1.0 / 3), ALL(1.0)));
      lanes second = FMA(w2, FMA(w, ALL(1.0 / 15), ALL(1.0 / 13)), FMA(w, ALL(1.0 / 11), ALL(1.0 / 9)));
      lanes third = FMA(w2, FMA(w, ALL(1.0 / 23), ALL(1.0 / 21)), FMA(w, ALL(1.0 / 19), ALL(1.0 / 17)));
      lanes fourth = FMA(w2, FMA(w, ALL(1.0 / 31), ALL(1.0 / 29)), FMA(w, ALL(1.0 / 27), ALL(1.0 / 25)));
      lanes series = FMA(w4, FMA(w4, FMA(w4, FMA(w4, ALL(1.0 / 33), fourth), third), second), first);
      losses = FMA(weight, FMA(u + u, series, __builtin_elementwise_max(eta, (lanes){0})), losses);
    }
    lanes larger = two * inverse, smaller = e * larger;
    words isPositive = eta >= 0, large, small;
    __builtin_memcpy(&large, &larger, sizeof large);
    __builtin_memcpy(&small, &smaller, sizeof small);
    words chosen = (isPositive & large) | (~isPositive & small);
    lanes probability;
    __builtin_memcpy(&probability, &chosen, sizeof probability);
    lanes slope = weight * probability, curve = weight * (larger * smaller);
    for (int column = 0, place = 0; column < width; column++) {
      slopes[column] = FMA(slope, x[column], slopes[column]);
      lanes scaled = curve * x[column];
      for (int other = 0; other <= column; other++, place++) curves[place] = FMA(scaled, x[other], curves[place]);
    }
  }
  out[0] = total(&losses);
  for (int column = 0; column < width; column++) out[1 + column] = total(&slopes[column]);
  for (int place = 0; place < width * (width + 1) / 2; place++) out[1 + width + place] = total(&curves[place]);
}

HUSTINGS_CLONES void hustings_logistic_sums(size_t n, size_t width, const double *columns, const double *weights,
                                            const double *coefficients, int with_loss, double *out) {
  switch (2 * width + (with_loss != 0)) {
    case 2: logistic_sums(n, 1, columns, weights, coefficients, 0, out); break;
    case 3: logistic_sums(n, 1, columns, weights, coefficients, 1, out); break;
    case 4: logistic_sums(n, 2, columns, weights, coefficients, 0, out); break;
    case 5: logistic_sums(n, 2, columns, weights, coefficients, 1, out); break;
    case 6: logistic_sums(n, 3, columns, weights, coefficients, 0, out); break;
    case 7: logistic_sums(n, 3, columns, weights, coefficients, 1, out); break;
    case 8: logistic_sums(n, 4, columns, weights, coefficients, 0, out); break;
    case 9: logistic_sums(n, 4, columns, weights, coefficients, 1, out); break;
    default: break;
  }
}
