#ifndef CK_SIGMOID_H
#define CK_SIGMOID_H
#include <stddef.h>
#include <stdint.h>

/// y = 1/(1 + e^−y)
void ck_activate_sigmoid(ptrdiff_t n, float *y);
/// Σ (log(1 + e^z) − t·z)/normaliser over n logits z and targets t, each 0 or 1, in double; `gradient` gets its
/// derivative, (1/(1 + e^−z) − t)/normaliser.
double ck_binary_cross_entropy(
    ptrdiff_t n, const float *logits, const float *targets, double normaliser, float *gradient);
/// Σ (o − t)²/normaliser over n outputs and targets, in double; `gradient` gets its derivative, 2·(o − t)/normaliser.
double ck_squared_error(
    ptrdiff_t n, const float *outputs, const float *targets, double normaliser, float *gradient);
/// Replaces logits by weight · (1/(1 + e^−z) − t) for `rows` rows and adds their column sums to `sums`. Of row r the
/// columns labels[starts[r] ..< starts[r + 1]] have t = 1, each named once; the others have 0. Columns from `classes`
/// to `stride` become 0. `weights` may be NULL (ones). Returns Σ weight · Σ_c (log(1 + e^z) − t·z).
double ck_sigmoid_residual(
    float *logits, const ptrdiff_t *starts, const int32_t *labels, const float *weights, ptrdiff_t rows,
    ptrdiff_t classes, ptrdiff_t stride, double *sums);
/// 1/(1 + e^−z) of each of `logits` [rows, stride] into `out` [rows, classes].
void ck_sigmoid_rows_strided(const float *logits, ptrdiff_t rows, ptrdiff_t classes, ptrdiff_t stride, float *out);
#endif
