#ifndef CK_SPARSE_H
#define CK_SPARSE_H
#include <stddef.h>
#include <stdint.h>

/// out[r, :] = initial + Σ_k values[k] · dense[indices[k], :] for the rows `begin ..< end` of a CSR matrix.
/// `dense` and `out` have `stride` columns: 4, 8, or a multiple of 16. `initial` may be NULL (zeros).
void ck_sparse_multiply(
  const ptrdiff_t *offsets, const int32_t *indices, const float *values, ptrdiff_t begin, ptrdiff_t end,
  const float *dense, ptrdiff_t stride, const float *initial, float *out);

/// Replaces logits by weight · (softmax − one-hot label) for `rows` rows and adds their column sums to `sums`.
/// Columns from `classes` to `stride` become 0. `weights` may be NULL (ones). Returns Σ weight · (−log softmax[label]).
double ck_softmax_residual(
  float *logits, const int32_t *labels, const float *weights, ptrdiff_t rows, ptrdiff_t classes, ptrdiff_t stride,
  double *sums);

/// Softmax of each row of `logits` [rows, stride] into `out` [rows, classes].
void ck_softmax_rows_strided(const float *logits, ptrdiff_t rows, ptrdiff_t classes, ptrdiff_t stride, float *out);

#endif
