#ifndef CK_SOFTMAX_H
#define CK_SOFTMAX_H
#include <stddef.h>
#include <stdint.h>

/// Softmax of each row of x, in place.
void ck_softmax_rows(ptrdiff_t rows, ptrdiff_t width, float *x);
/// Σ over rows of weight(label)·(1 − p)^gamma·(−log p)/normaliser, p the softmax of logits + offsets at the label, in
/// double; `gradient` gets its derivative by the logits.
///
/// weights (one a class) may be NULL for 1, offsets (one a class) for 0.
double ck_cross_entropy(
    ptrdiff_t rows, ptrdiff_t classes, const float *logits, const ptrdiff_t *labels, const float *weights,
    const float *offsets, double gamma, double normaliser, float *gradient);
/// T² Σ over rows of Σ_j t_j·(−log p_j)/normaliser, p the softmax of logits / T and t the row's targets, which sum to 1, in
/// double; `gradient` gets its derivative by the logits, T·(p − t)/normaliser.
double ck_soft_cross_entropy(
    ptrdiff_t rows, ptrdiff_t classes, const float *logits, const float *targets, double temperature,
    double normaliser, float *gradient);
#endif
