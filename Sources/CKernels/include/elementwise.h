#ifndef HUSTINGS_ELEMENTWISE_H
#define HUSTINGS_ELEMENTWISE_H

#include <stddef.h>
#include <stdint.h>

// Fused element-wise float32 work. No operation is contracted to a fused multiply-add and every function is a polynomial
// written out here, so the bits are the same on every processor.

/// value[i] = log σ(x[i]); slope[i] = σ(-x[i]), its derivative. Either may be NULL.
void hustings_log_sigmoid(size_t n, const float *x, float *value, float *slope);

/// value[i] = log(1 + exp(x[i])); slope[i] = σ(x[i]), its derivative. Either may be NULL.
void hustings_softplus(size_t n, const float *x, float *value, float *slope);

/// With z = (score - margin)/tau and target p: loss[i] = -p·log σ(z) - (1-p)·log σ(-z), gradient[i] = (σ(z) - p)/tau,
/// both times weight[i]. NULL margin, target and weight stand for 0, `target_constant` and 1.
void hustings_logistic_loss(size_t n, const float *score, const float *margin, const float *target,
                            float target_constant, const float *weight, float tau, float *loss, float *gradient);

/// x[i] = exp(x[i]).
void hustings_exp(size_t n, float *x);

/// Each row of x[rows×columns] plus bias[columns].
void hustings_add_bias(size_t rows, size_t columns, const float *bias, float *x);
/// The same, then max(0, ·).
void hustings_bias_relu(size_t rows, size_t columns, const float *bias, float *x);
/// The same, then tanh.
void hustings_bias_tanh(size_t rows, size_t columns, const float *bias, float *x);
/// x plus bias stays in x; out = GELU of it, by the tanh approximation of Hendrycks and Gimpel 2016.
void hustings_bias_gelu(size_t rows, size_t columns, const float *bias, float *x, float *out);

/// g[i] = 0 where the output y[i] of ReLU is 0.
void hustings_relu_backward(size_t n, const float *y, float *g);
/// g[i] *= 1 - y[i]², y the output of tanh.
void hustings_tanh_backward(size_t n, const float *y, float *g);
/// g[i] *= GELU'(x[i]), x the input of GELU.
void hustings_gelu_backward(size_t n, const float *x, float *g);

/// sums[columns] += the columns of x[rows×columns], row by row.
void hustings_column_sums(size_t rows, size_t columns, const float *x, float *sums);
/// y[i] += a·x[i].
void hustings_axpy(size_t n, float a, const float *x, float *y);
/// sum[i] = a[i] + b[i] and difference[i] = a[i] - b[i], or both added to what is there.
void hustings_sum_difference(size_t n, const float *a, const float *b, float *sum, float *difference, int accumulate);
/// sum[n×k] = (a + b)/2 and difference[n×k] = (a - b)/2 of the rows a and b of x that `rows` names by turns.
void hustings_half_sums(size_t n, size_t k, const float *x, size_t ldx, const int32_t *rows, float *sum, float *difference);

/// out[n×k] = g[n×d]·w[d×k] for few inputs d, each sum in the order of those.
void hustings_spread(size_t n, size_t d, size_t k, const float *g, const float *w, float *out);
/// x[i] *= a.
void hustings_scale(size_t n, float a, float *x);

/// g is scaled by `clip`. AdamW (Loshchilov and Hutter 2019): m = b1·m + (1-b1)·g, v = b2·v + (1-b2)·g²,
/// p = p·(1 - rate·decay) - rate/c1·m/(√(v/c2) + epsilon), where c1 = 1 - b1ᵗ and c2 = 1 - b2ᵗ.
void hustings_adamw(size_t n, float *p, const float *g, float *m, float *v, float clip, float rate, float b1, float b2,
                    float epsilon, float decay, float c1, float c2);
/// RMSprop (Tieleman and Hinton 2012): v = a·v + (1-a)·g², p = p·(1 - rate·decay) - rate·g/(√v + epsilon).
void hustings_rmsprop(size_t n, float *p, const float *g, float *v, float clip, float rate, float a, float epsilon,
                      float decay);
/// Momentum (Polyak 1964, as PyTorch writes it): m = mu·m + g, p = p·(1 - rate·decay) - rate·m.
void hustings_momentum(size_t n, float *p, const float *g, float *m, float clip, float rate, float mu, float decay);

#endif
