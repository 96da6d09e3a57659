#ifndef CK_POOLING_H
#define CK_POOLING_H
#include <stddef.h>
#include <stdint.h>

// Sequence s covers rows offsets[s] ..< offsets[s+1]; an empty sequence pools to 0.

void ck_mean_pool(ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t width, const float *x, float *y);
/// dx = or += dy/length on each row
void ck_mean_pool_backward(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t width, const float *dy, float *dx, int accumulate);
/// `where` gets the row of each maximum (the first among equals), −1 for an empty sequence
void ck_max_pool(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t width, const float *x, float *y, int32_t *where);
/// dx[where] += dy
void ck_max_pool_backward(
    ptrdiff_t sequences, ptrdiff_t width, const int32_t *where, const float *dy, float *dx);
/// shares = softmax of scores within each sequence; y = Σ share·row
void ck_attention_pool(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t width, const float *x, const float *scores,
    float *shares, float *y);
/// dx += share·dy and dscores += share·(x·dy − Σ share·(x·dy)); either may be NULL
void ck_attention_pool_backward(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t width, const float *x, const float *shares,
    const float *dy, float *dx, float *dscores);
#endif
