#include "sparse.h"

#include <string.h>

#include "clones.h"

#pragma STDC FP_CONTRACT OFF

HUSTINGS_CLONES void hustings_sparse_product(size_t n, size_t d, const int64_t *offsets, const int32_t *columns,
                                    const float *values, const int32_t *rows, const float *restrict w, float *restrict out,
                                    int accumulate) {
  for (size_t i = 0; i < n; i++, out += d) {
    size_t row = rows ? (size_t)rows[i] : i;
    if (d == 1) {
      float sum = accumulate ? out[0] : 0;
      for (int64_t p = offsets[row]; p < offsets[row + 1]; p++) sum += values[p] * w[columns[p]];
      out[0] = sum;
      continue;
    }
    if (!accumulate) memset(out, 0, d * sizeof(float));
    for (int64_t p = offsets[row]; p < offsets[row + 1]; p++) {
      const float *from = w + (size_t)columns[p] * d;
      float value = values[p];
      for (size_t j = 0; j < d; j++) out[j] += value * from[j];
    }
  }
}

HUSTINGS_CLONES void hustings_sparse_outer(size_t n, size_t d, const int64_t *offsets, const int32_t *columns,
                                  const float *values, const int32_t *rows, const float *restrict g, size_t lowest,
                                  size_t highest, float *restrict gradient) {
  for (size_t i = 0; i < n; i++, g += d) {
    size_t row = rows ? (size_t)rows[i] : i;
    int64_t p = offsets[row], end = offsets[row + 1], low = p, high = end;
    while (low < high) {
      int64_t middle = low + (high - low) / 2;
      if ((size_t)columns[middle] < lowest)
        low = middle + 1;
      else
        high = middle;
    }
    for (p = low; p < end && (size_t)columns[p] < highest; p++) {
      float *to = gradient + (size_t)columns[p] * d;
      float value = values[p];
      for (size_t j = 0; j < d; j++) to[j] += value * g[j];
    }
  }
}
