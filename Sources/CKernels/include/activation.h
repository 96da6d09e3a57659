#ifndef CK_ACTIVATION_H
#define CK_ACTIVATION_H
#include <stddef.h>
#include <stdint.h>

/// Every row of y = row
void ck_repeat_row(ptrdiff_t rows, ptrdiff_t width, const float *row, float *y);
/// y = tanh(y)
void ck_activate_tanh(ptrdiff_t n, float *y);
/// y = gelu(y), by the normal distribution
void ck_activate_gelu(ptrdiff_t n, float *y);
/// The same, and slope = gelu′(y)
void ck_activate_gelu_slope(ptrdiff_t n, float *y, float *slope);
/// slope ·= dy; sums (may be NULL) = or += the column sums of the result
void ck_gelu_backward(ptrdiff_t rows, ptrdiff_t width, const float *dy, float *slope, float *sums, int accumulate);
/// d ·= 1 − y²; sums as above
void ck_tanh_backward(ptrdiff_t rows, ptrdiff_t width, const float *y, float *d, float *sums, int accumulate);
/// y = max(y, 0)
void ck_activate_relu(ptrdiff_t n, float *y);
/// d = 0 where y is not above 0; sums as above
void ck_relu_backward(ptrdiff_t rows, ptrdiff_t width, const float *y, float *d, float *sums, int accumulate);
/// y [rows, width] = gelu(a)·b of x [rows, 2·width], whose rows are a | b
void ck_gated_gelu(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y);
/// The gradient: dx = or += (`accumulate`) from dy
void ck_gated_gelu_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *x, const float *dy, float *dx, int accumulate);
/// sums = or += the column sums of x
void ck_column_sums(ptrdiff_t rows, ptrdiff_t width, const float *x, float *sums, int accumulate);
#endif
