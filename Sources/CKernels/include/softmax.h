#ifndef CK_SOFTMAX_H
#define CK_SOFTMAX_H
#include <stddef.h>
#include <stdint.h>

/// Softmax of each row of x, in place.
void ck_softmax_rows(ptrdiff_t rows, ptrdiff_t width, float *x);
/// Σ over rows of weight(label)·(−log softmax)/normaliser, in double; `gradient` gets its derivative.
///
/// weights (one a class) may be NULL for 1.
double ck_cross_entropy(
    ptrdiff_t rows, ptrdiff_t classes, const float *logits, const ptrdiff_t *labels, const float *weights,
    double normaliser, float *gradient);
#endif
