#ifndef CK_ELEMENTWISE_H
#define CK_ELEMENTWISE_H
#include <stddef.h>
#include <stdint.h>

/// y += x
void ck_add(ptrdiff_t n, const float *x, float *y);
/// y += a·x
void ck_axpy(ptrdiff_t n, float a, const float *x, float *y);
/// y = a·x
void ck_scaled_copy(ptrdiff_t n, float a, const float *x, float *y);
/// y ·= a
void ck_scale(ptrdiff_t n, float a, float *y);
/// z = x + y
void ck_sum(ptrdiff_t n, const float *x, const float *y, float *z);
/// Σ x², in double
double ck_sum_of_squares(ptrdiff_t n, const float *x);
/// y += x; returns Σ y², in double
double ck_add_sum_of_squares(ptrdiff_t n, const float *x, float *y);
/// y = e^x, tanh x, 1/(1 + e^−x)
void ck_exp(ptrdiff_t n, const float *x, float *y);
void ck_tanh(ptrdiff_t n, const float *x, float *y);
void ck_sigmoid(ptrdiff_t n, const float *x, float *y);
#endif
