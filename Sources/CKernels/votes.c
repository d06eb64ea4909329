#include "votes.h"

#include "clones.h"
#include "elementwise.h"

#pragma STDC FP_CONTRACT OFF

// Members lie anywhere in memory; later ones are asked for while these are added.
#define AHEAD 12

typedef double quad __attribute__((ext_vector_type(4)));
typedef float floats __attribute__((ext_vector_type(4)));

HUSTINGS_CLONES void hustings_member_sums(size_t rows, size_t width, const ptrdiff_t *offsets, const int32_t *members,
                                          const double *values, double *sums) {
  ptrdiff_t end = offsets[rows];
  for (size_t r = 0; r < rows; r++, sums += width) {
    size_t t = 0;
    for (; t + 4 <= width; t += 4) {
      quad sum = 0;
      for (ptrdiff_t m = offsets[r]; m < offsets[r + 1]; m++) {
        quad value;
        __builtin_memcpy(&value, values + (size_t)members[m] * width + t, sizeof value);
        if (m + AHEAD < end) __builtin_prefetch(values + (size_t)members[m + AHEAD] * width + t);
        sum += value;
      }
      __builtin_memcpy(sums + t, &sum, sizeof sum);
    }
    for (; t < width; t++) {
      double sum = 0;
      for (ptrdiff_t m = offsets[r]; m < offsets[r + 1]; m++) sum += values[(size_t)members[m] * width + t];
      sums[t] = sum;
    }
  }
}

HUSTINGS_CLONES static void gaps_of(size_t n, size_t policies, const int32_t *pairs, int32_t base, const float *scores,
                                    float *gaps) {
  for (size_t i = 0; i < n; i++, gaps += policies) {
    const float *winner = scores + (size_t)(pairs[2 * i] - base) * policies;
    const float *loser = scores + (size_t)(pairs[2 * i + 1] - base) * policies;
    size_t t = 0;
    for (; t + 4 <= policies; t += 4) {
      floats a, b;
      __builtin_memcpy(&a, winner + t, sizeof a);
      __builtin_memcpy(&b, loser + t, sizeof b);
      a -= b;
      __builtin_memcpy(gaps + t, &a, sizeof a);
    }
    for (; t < policies; t++) gaps[t] = winner[t] - loser[t];
  }
}

HUSTINGS_CLONES static void add_slopes(size_t n, size_t policies, const int32_t *pairs, int32_t base, const float *own,
                                       float *slopes) {
  for (size_t i = 0; i < n; i++, own += policies) {
    float *winner = slopes + (size_t)(pairs[2 * i] - base) * policies;
    float *loser = slopes + (size_t)(pairs[2 * i + 1] - base) * policies;
    size_t t = 0;
    for (; t + 4 <= policies; t += 4) {
      floats slope, a, b;
      __builtin_memcpy(&slope, own + t, sizeof slope);
      __builtin_memcpy(&a, winner + t, sizeof a);
      a += slope;
      __builtin_memcpy(winner + t, &a, sizeof a);
      __builtin_memcpy(&b, loser + t, sizeof b);
      b -= slope;
      __builtin_memcpy(loser + t, &b, sizeof b);
    }
    for (; t < policies; t++) {
      winner[t] += own[t];
      loser[t] -= own[t];
    }
  }
}

HUSTINGS_CLONES static void add_losses(size_t n, size_t policies, const float *loss, double *losses) {
  size_t t = 0;
  for (; t + 4 <= policies; t += 4) {
    quad sum;
    __builtin_memcpy(&sum, losses + t, sizeof sum);
    for (size_t i = 0; i < n; i++) {
      floats own;
      __builtin_memcpy(&own, loss + i * policies + t, sizeof own);
      sum += __builtin_convertvector(own, quad);
    }
    __builtin_memcpy(losses + t, &sum, sizeof sum);
  }
  for (; t < policies; t++)
    for (size_t i = 0; i < n; i++) losses[t] += loss[i * policies + t];
}

void hustings_votes(size_t n, size_t policies, const int32_t *pairs, int32_t base, const float *scores,
                    const float *weights, float *work, double *losses, double *logs, float *slopes) {
  size_t count = n * policies;
  float *gaps = work, *loss = work + count, *own = work + 2 * count;
  gaps_of(n, policies, pairs, base, scores, gaps);
  hustings_logistic_loss(count, gaps, NULL, NULL, 1, weights, 1, loss, own);
  if (losses) add_losses(n, policies, loss, losses);
  if (logs)
    for (size_t i = 0; i < count; i++) logs[i] = -(double)loss[i];
  if (slopes) add_slopes(n, policies, pairs, base, own, slopes);
}
