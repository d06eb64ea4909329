#ifndef HUSTINGS_REGRESSION_H
#define HUSTINGS_REGRESSION_H

#include <stddef.h>

/// What a logistic regression's loss, slope and curvature at one point are made of, with η = Σ coefficients·x and
/// p = σ(η).
///
/// n: rows, a multiple of 8; rows that only fill up have weight 0. width: 1 to 4 features. columns: [width][n].
/// out: Σ w·log(1 + exp η), or 0 without loss; Σ w·p·x of each feature; Σ w·p·(1 − p)·x·x' of each feature with itself and those before it,
/// row by row of the lower triangle. Sums are taken in eight lanes, so they have the same bits on every processor.
void hustings_logistic_sums(size_t n, size_t width, const double *columns, const double *weights,
                            const double *coefficients, int with_loss, double *out);

#endif
