#ifndef CK_CONVOLUTION_H
#define CK_CONVOLUTION_H
#include <stddef.h>
#include <stdint.h>

// Filters over windows of `width` rows of a sequence; the rows beyond its ends are zeros. A sequence of T rows has
// T + width − 1 windows, of which the first holds its first row alone.

/// Windows of all sequences side by side, `[rows + sequences·(width − 1), width·columns]`; an empty sequence has none of
/// its rows, and width − 1 windows of zeros.
void ck_windows(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t columns, ptrdiff_t width, const float *x, float *windows);
/// y = max(y + bias, 0)
void ck_bias_relu(ptrdiff_t rows, ptrdiff_t columns, const float *bias, float *y);
/// Gradients through the maximum over a sequence's windows: of each filter whose y is above 0 only the window counts
/// that `where` names, by its number among all. Each of dx, d_weight, d_bias is added to, or NULL.
void ck_convolution_backward(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t columns, ptrdiff_t width, ptrdiff_t filters,
    const float *x, const float *weight, const float *y, const int32_t *where, const float *dy, float *dx,
    float *d_weight, float *d_bias);
#endif
