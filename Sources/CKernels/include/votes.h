#ifndef HUSTINGS_VOTES_H
#define HUSTINGS_VOTES_H

#include <stddef.h>
#include <stdint.h>

/// sums[r][width] = Σ values[members[m]][width] over m from offsets[r] to offsets[r + 1], in that order.
void hustings_member_sums(size_t rows, size_t width, const ptrdiff_t *offsets, const int32_t *members,
                          const double *values, double *sums);

/// Votes between two rows under several policies: gap[i][p] = score of the winner - score of the loser, the logistic loss of
/// it times weights[i][p], and its slope.
///
/// pairs: [n][2], winner and loser, counted from row `base`. scores: [rows][policies]. weights: [n][policies], NULL for 1.
/// work: room for 3·n·policies. Each of the others may be NULL: losses[policies] gets the sums of losses added, logs[n][policies]
/// is set to -loss, slopes[rows][policies] gets the derivative by each score added. No operation is contracted to a fused multiply-add.
void hustings_votes(size_t n, size_t policies, const int32_t *pairs, int32_t base, const float *scores,
                    const float *weights, float *work, double *losses, double *logs, float *slopes);

#endif
