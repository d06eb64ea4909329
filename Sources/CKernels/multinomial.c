#include <math.h>

#include "philox.h"
#include "resample.h"

// Keeps multinomial streams apart from other users of the same seed.
static const uint64_t types_domain = 0x74797065636F756Eu;

// Uniform on (0, 1), never an end point: (top 53 bits + 1/2) / 2^53.
static inline double open_uniform(uint32_t high, uint32_t low) {
  uint64_t bits = (((uint64_t)high << 32) | low) >> 11;
  return ((double)bits + 0.5) * 0x1p-53;
}

// log(k!) - log(sqrt(2 pi k) (k / e)^k) shifted to k + 1, as Hoermann's acceptance bound wants it.
static double stirling_tail(double k) {
  static const double small[10] = {
      0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
      0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
      0.009255462182712733, 0.008330563433362871,
  };
  if (k < 10) return small[(int)k];
  double r = 1 / (k + 1), r2 = r * r;
  return r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 / 1680)));
}

// Inversion by the recurrence of the probabilities, for trials * chance < 10.
static uint64_t binomial_inversion(uint64_t trials, double chance, double uniform) {
  double odds = chance / (1 - chance);
  double probability = exp((double)trials * log1p(-chance));
  uint64_t k = 0;
  while (uniform > probability && k < trials) {
    uniform -= probability;
    k++;
    probability *= odds * (double)(trials - k + 1) / (double)k;
  }
  return k;
}

// Transformed rejection, algorithm BTRS of Hoermann, "The generation of binomial random variates" (J.
// Statist. Comput. Simulation 46, 1993), for chance <= 1/2 and trials * chance >= 10.
static uint64_t binomial_rejection(uint64_t trials, double chance, uint64_t seed, uint64_t stream,
                                   uint64_t *counter) {
  double n = (double)trials, q = 1 - chance, odds = chance / q;
  double deviation = sqrt(n * chance * q);
  double b = 1.15 + 2.53 * deviation;
  double a = -0.0873 + 0.0248 * b + 0.01 * chance;
  double centre = n * chance + 0.5;
  double v_box = 0.92 - 4.2 / b;
  double alpha = (2.83 + 5.1 / b) * deviation;
  double mode = floor((n + 1) * chance);
  for (;;) {
    hustings_block block = hustings_philox(seed, stream, (*counter)++);
    double u = open_uniform(block.word[1], block.word[0]) - 0.5;
    double v = open_uniform(block.word[3], block.word[2]);
    double us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + centre);
    if (us >= 0.07 && v <= v_box) return (uint64_t)k;
    if (k < 0 || k > n) continue;
    double accept = log(v * alpha / (a / (us * us) + b));
    double bound = (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1))) +
                   (n + 1) * log((n - mode + 1) / (n - k + 1)) +
                   (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + stirling_tail(mode) +
                   stirling_tail(n - mode) - stirling_tail(k) - stirling_tail(n - k);
    if (accept <= bound) return (uint64_t)k;
  }
}

uint64_t hustings_binomial(uint64_t trials, double chance, uint64_t seed, uint64_t stream, uint64_t *counter) {
  if (trials == 0 || chance <= 0) return 0;
  if (chance >= 1) return trials;
  if (chance > 0.5) return trials - hustings_binomial(trials, 1 - chance, seed, stream, counter);
  if ((double)trials * chance >= 10) return binomial_rejection(trials, chance, seed, stream, counter);
  hustings_block block = hustings_philox(seed, stream, (*counter)++);
  return binomial_inversion(trials, chance, open_uniform(block.word[1], block.word[0]));
}

void hustings_resample_types(const uint64_t *sizes, uint32_t types, const double *rows, uint32_t columns,
                             uint64_t seed, uint64_t first, uint64_t count, double *out) {
  uint64_t all = 0;
  for (uint32_t type = 0; type < types; type++) all += sizes[type];
  for (uint64_t r = 0; r < count; r++) {
    double *total = out + r * columns;
    for (uint32_t column = 0; column < columns; column++) total[column] = 0;
    uint64_t counter = 0, draws = all, clusters = all;
    for (uint32_t type = 0; type < types && draws > 0; type++) {
      uint64_t here = draws;
      if (sizes[type] < clusters)
        here = hustings_binomial(draws, (double)sizes[type] / (double)clusters, seed ^ types_domain, first + r,
                                 &counter);
      for (uint32_t column = 0; column < columns; column++)
        total[column] += (double)here * rows[(uint64_t)type * columns + column];
      draws -= here;
      clusters -= sizes[type];
    }
  }
}
