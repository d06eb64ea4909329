#ifndef HUSTINGS_SPARSE_H
#define HUSTINGS_SPARSE_H

#include <stddef.h>
#include <stdint.h>

// Compressed sparse rows: the values of row i stand at offsets[i] ..< offsets[i+1], their columns in ascending order.
// `rows` picks rows by index; NULL means rows 0, 1, 2, ...

/// out[n×d] = (accumulate ? out : 0) + x[n×f]·w[f×d].
void hustings_sparse_product(size_t n, size_t d, const int64_t *offsets, const int32_t *columns, const float *values,
                             const int32_t *rows, const float *w, float *out, int accumulate);

/// gradient[f×d] += x[n×f]ᵀ·g[n×d], only for columns in lowest ..< highest, row by row.
void hustings_sparse_outer(size_t n, size_t d, const int64_t *offsets, const int32_t *columns, const float *values,
                           const int32_t *rows, const float *g, size_t lowest, size_t highest, float *gradient);

#endif
