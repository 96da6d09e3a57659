#ifndef CK_ACTIVATION_H
#define CK_ACTIVATION_H
#include <stddef.h>
#include <stdint.h>

// Rows of `width` values; `bias` may be NULL where the text says so.

/// y += bias, each row
void ck_bias(ptrdiff_t rows, ptrdiff_t width, const float *bias, float *y);
/// y = tanh(y + bias), bias may be NULL
void ck_bias_tanh(ptrdiff_t rows, ptrdiff_t width, const float *bias, float *y);
/// y = gelu(y + bias), by the normal distribution; bias may be NULL
void ck_bias_gelu(ptrdiff_t rows, ptrdiff_t width, const float *bias, float *y);
/// The same, and slope = gelu′(y + bias)
void ck_bias_gelu_slope(ptrdiff_t rows, ptrdiff_t width, const float *bias, float *y, float *slope);
/// slope ·= dy; sums (may be NULL) = or += the column sums of the result
void ck_gelu_backward(ptrdiff_t rows, ptrdiff_t width, const float *dy, float *slope, float *sums, int accumulate);
/// d ·= 1 − y²; sums as above
void ck_tanh_backward(ptrdiff_t rows, ptrdiff_t width, const float *y, float *d, float *sums, int accumulate);
/// sums = or += the column sums of x
void ck_column_sums(ptrdiff_t rows, ptrdiff_t width, const float *x, float *sums, int accumulate);
#endif
