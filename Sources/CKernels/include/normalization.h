#ifndef CK_NORMALIZATION_H
#define CK_NORMALIZATION_H
#include <stddef.h>
#include <stdint.h>

/// y = gain·(z − mean)/√(variance + ε) + bias, each row, z = dropout(x) + residual.
///
/// residual may be NULL; threshold 0 means no dropout. For the backward pass `normal` gets the normalised
/// rows and `scales` 1/√(variance + ε) of each row; both may be NULL.
void ck_layer_norm(
    ptrdiff_t rows, ptrdiff_t width, const float *x, const float *residual, const float *gain,
    const float *bias, float epsilon, uint64_t key, uint32_t threshold, float keep, float *y, float *normal,
    float *scales);
/// dgain and dbias are = or += (accumulate bit 0); dx (may be NULL) = or += (bit 1), dropout applied;
/// dresidual (may be NULL) = or += (bit 2).
void ck_layer_norm_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *normal, const float *scales,
    const float *gain, uint64_t key, uint32_t threshold, float keep, float *dgain, float *dbias, float *dx,
    float *dresidual, int accumulate);
#endif
