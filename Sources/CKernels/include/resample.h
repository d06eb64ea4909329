#ifndef HUSTINGS_RESAMPLE_H
#define HUSTINGS_RESAMPLE_H

#include <stdint.h>

// Resampling kernels. Replicate r of a seed is a pure function of (seed, r, number of clusters): the caller
// may cut a range of replicates into blocks in any way, on any number of threads, and get the same bytes.
//
// Draws come from sixteen lanes of xoshiro128++ (Blackman and Vigna, "Scrambled linear pseudorandom number
// generators", ACM TOMS 2021), each seeded with one Philox block of (seed, replicate). A 32-bit draw u
// becomes the index floor(u * clusters / 2^32), so that the chance of a cluster differs from 1 / clusters by
// less than 2^-32.

/// Draws `clusters` clusters with replacement per replicate, and adds up their rows.
///
/// table: [clusters][width] rows, with width 1, 2, 4 or 8 and fewer than 2^29 clusters. out: [count][width], replicate
/// `first` first.
/// A column's totals do not depend on the other columns nor on the width.
void hustings_resample_totals(const double *table, uint32_t clusters, uint32_t width, uint64_t seed,
                              uint64_t first, uint64_t count, double *out);

/// How often each cluster is drawn in one replicate: the same draws as `hustings_resample_totals`. counts:
/// [clusters].
void hustings_resample_counts(uint32_t clusters, uint64_t seed, uint64_t replicate, uint32_t *counts);

/// Draws the counts of every type of cluster, multinomial(sum of sizes; sizes / sum), and adds up count times
/// row.
///
/// sizes: [types], how many clusters are of each type. rows: [types][columns]. out: [count][columns].
void hustings_resample_types(const uint64_t *sizes, uint32_t types, const double *rows, uint32_t columns,
                             uint64_t seed, uint64_t first, uint64_t count, double *out);

/// A binomial(trials, chance) draw, exact up to rounding, from stream `stream` of `seed`, starting at block
/// `*counter`, which moves on by the number of blocks used.
uint64_t hustings_binomial(uint64_t trials, double chance, uint64_t seed, uint64_t stream, uint64_t *counter);

/// Sums of `values` with fair random signs. values: [length]. out: [count], replicate `first` first.
void hustings_flip_totals(const double *values, uint64_t length, uint64_t seed, uint64_t first, uint64_t count,
                          double *out);

#endif
