#ifndef HUSTINGS_FORMS_H
#define HUSTINGS_FORMS_H

#include <stddef.h>
#include <stdint.h>

// The margin of a pair of responses from what a body says of each: an optional scalar r first, then k planes (a, b).
// margin = (rᵢ - rⱼ) + Σₗ scaleₗ·(uᵢ[2l]·uⱼ[2l+1] - uᵢ[2l+1]·uⱼ[2l]), u the planes, divided by their common norm when
// `normalise` is set (Zhang et al. 2024, section 4). Row i of outputs is `outputs + width·rows[i]`, width = scalar + 2k.
// `scales` is [n×k] or NULL, which means 1.

/// margins[n], and skew[n], the planes' part of each, unless it is NULL.
void hustings_form_margins(size_t n, size_t scalar, size_t planes, int normalise, const float *outputs,
                           const int32_t *first, const int32_t *second, const float *scales, float *margins,
                           float *skew);

/// From g[n], the loss's derivative by each margin, and h[n], by each skew part alone (NULL means 0): adds to the
/// gradients with respect to the rows of outputs, pair by pair, and writes those by scales[n×k] (NULL to skip).
void hustings_form_gradients(size_t n, size_t scalar, size_t planes, int normalise, const float *outputs,
                             const int32_t *first, const int32_t *second, const float *scales, const float *g,
                             const float *h, float *gradient, float *scale_gradient);

/// Each row of x[rows×columns] over max(its norm, 1e-12); norms[rows] unless NULL.
void hustings_normalise_rows(size_t rows, size_t columns, float *x, float *norms);

/// Each row of x[rows×columns] to scale·softmax(x·sharpness).
void hustings_softmax_rows(size_t rows, size_t columns, float sharpness, float scale, float *x);

#endif
