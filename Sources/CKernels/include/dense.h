#ifndef HUSTINGS_DENSE_H
#define HUSTINGS_DENSE_H

#include <stddef.h>
#include <stdint.h>

// Dense float32 kernels. All matrices are row-major. A pointer named `rows` picks rows of a stored matrix by index; NULL
// means rows 0, 1, 2, ... Every element of a product is one chain of fused multiply-adds in the order of the summed
// index, so results depend neither on blocking nor on the processor.

/// Columns of a packed operand's panels.
size_t hustings_panel_width(void);

/// Bytes of b[k×n] packed.
size_t hustings_packed_bytes(size_t k, size_t n);

/// Packs the panels `first` ..< `last` of b[k×n], or of the transpose of b[n×k], to `packed`, aligned to 64 bytes.
void hustings_pack(size_t k, size_t n, const float *b, size_t ldb, int transposed, size_t first,
                   size_t last, void *packed);

/// c[m×n] = (accumulate ? c : 0) + a·b, b[k×n] packed. Row i of a[m×k] is `a + lda·rows[i]`; when `a_transposed`, a is the
/// transpose of what is stored, and row p of that [k×m] is `a + lda·rows[p]`.
void hustings_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                      int a_transposed, const void *packed, float *c, size_t ldc, int accumulate);

/// out[n×d] = x[n×k]·w[d×k]ᵀ for few outputs d, reading each row of `x` once. Row i of `x` is `x + ldx·rows[i]`; `rows`
/// goes on for `upcoming` rows that will be wanted next, so that memory can fetch them early. `passes` is 2 where hustings_outer
/// reads the same rows afterwards: each of the two then fetches one half of the rows that come next.
void hustings_dots(size_t n, size_t d, size_t k, const float *x, size_t ldx, const int32_t *rows, size_t upcoming,
                   int passes, const float *w, float *out);

/// gradient[d×k] += Σᵢ g[i×d] ⊗ x[i×k] for few outputs d, reading each row of `x` once; `upcoming` as above.
void hustings_outer(size_t n, size_t d, size_t k, const float *x, size_t ldx, const int32_t *rows, size_t upcoming,
                    const float *g, float *gradient);

/// Σ xᵢ·yᵢ over 16 lanes, then the lanes in pairs.
float hustings_dot(size_t n, const float *x, const float *y);

/// Σ xᵢ² in float64.
double hustings_sum_of_squares(size_t n, const float *x);

/// Σ xᵢ in float64.
double hustings_sum(size_t n, const float *x);

#endif
