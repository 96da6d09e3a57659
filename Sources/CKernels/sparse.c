#include "include/sparse.h"

#include <math.h>

#include "vector.h"

/// As `ck_f16`, for few classes.
typedef float ck_f4 __attribute__((ext_vector_type(4), aligned(4)));

// One row against `K` vectors of columns: the sums stay in registers while the non-zeros go by. Every column is
// summed in the order of the non-zeros, so its bits depend neither on the vector width nor on the tile.
#define DEFINE_TILE(NAME, V, K)                                                                               \
  CK_INLINE void NAME(                                                                                        \
    const int32_t *indices, const float *values, ptrdiff_t count, const float *dense, ptrdiff_t stride,       \
    const float *initial, float *out) {                                                                       \
    V sums[K];                                                                                                \
    for (int j = 0; j < K; j++) sums[j] = initial ? ((const V *)initial)[j] : (V)0.0f;                        \
    for (ptrdiff_t k = 0; k < count; k++) {                                                                   \
      const V *row = (const V *)(dense + (ptrdiff_t)indices[k] * stride);                                     \
      const float value = values[k];                                                                          \
      for (int j = 0; j < K; j++) sums[j] += row[j] * value;                                                  \
    }                                                                                                         \
    for (int j = 0; j < K; j++) ((V *)out)[j] = sums[j];                                                      \
  }

DEFINE_TILE(tile4, ck_f4, 1)
DEFINE_TILE(tile8, ck_f8, 1)
DEFINE_TILE(tile16, ck_f16, 1)
DEFINE_TILE(tile32, ck_f16, 2)
DEFINE_TILE(tile48, ck_f16, 3)
DEFINE_TILE(tile64, ck_f16, 4)
DEFINE_TILE(tile80, ck_f16, 5)

CK_CLONES void ck_sparse_multiply(
    const ptrdiff_t *offsets, const int32_t *indices, const float *values, ptrdiff_t begin, ptrdiff_t end,
    const float *dense, ptrdiff_t stride, const float *initial, float *out) {
  for (ptrdiff_t r = begin; r < end; r++) {
    const int32_t *ids = indices + offsets[r];
    const float *weights = values + offsets[r];
    const ptrdiff_t count = offsets[r + 1] - offsets[r];
    float *target = out + r * stride;
    if (stride == 4) {
      tile4(ids, weights, count, dense, stride, initial, target);
      continue;
    }
    if (stride == 8) {
      tile8(ids, weights, count, dense, stride, initial, target);
      continue;
    }
    ptrdiff_t column = 0;
    while (column < stride) {
      const ptrdiff_t left = stride - column;
      const float *from = dense + column;
      const float *start = initial ? initial + column : NULL;
      if (left >= 80) {
        tile80(ids, weights, count, from, stride, start, target + column);
        column += 80;
      } else if (left >= 64) {
        tile64(ids, weights, count, from, stride, start, target + column);
        column += 64;
      } else if (left >= 48) {
        tile48(ids, weights, count, from, stride, start, target + column);
        column += 48;
      } else if (left >= 32) {
        tile32(ids, weights, count, from, stride, start, target + column);
        column += 32;
      } else {
        tile16(ids, weights, count, from, stride, start, target + column);
        column += 16;
      }
    }
  }
}

// Writes e^(row − max) over `out` and returns the sum; `max` receives the largest logit.
CK_INLINE double exponentials(const float *row, ptrdiff_t classes, float *out, float *max) {
  float largest = row[0];
  for (ptrdiff_t c = 1; c < classes; c++) largest = row[c] > largest ? row[c] : largest;
  for (ptrdiff_t c = 0; c < classes; c++) out[c] = ck_exp1(row[c] - largest);
  double sum = 0;
  for (ptrdiff_t c = 0; c < classes; c++) sum += out[c];
  *max = largest;
  return sum;
}

CK_CLONES double ck_softmax_residual(
    float *logits, const int32_t *labels, const float *weights, ptrdiff_t rows, ptrdiff_t classes, ptrdiff_t stride,
    double *sums) {
  double loss = 0;
  for (ptrdiff_t r = 0; r < rows; r++) {
    float *row = logits + r * stride;
    const float weight = weights ? weights[r] : 1.0f;
    const double labelled = row[labels[r]];
    float max;
    const double sum = exponentials(row, classes, row, &max);
    loss += weight * (log(sum) - (labelled - max));
    const float scale = (float)(weight / sum);
    for (ptrdiff_t c = 0; c < classes; c++) row[c] *= scale;
    row[labels[r]] -= weight;
    for (ptrdiff_t c = classes; c < stride; c++) row[c] = 0;
    for (ptrdiff_t c = 0; c < stride; c++) sums[c] += row[c];
  }
  return loss;
}

CK_CLONES void ck_softmax_rows_strided(
    const float *logits, ptrdiff_t rows, ptrdiff_t classes, ptrdiff_t stride, float *out) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    float *target = out + r * classes;
    float max;
    const float scale = (float)(1 / exponentials(logits + r * stride, classes, target, &max));
    for (ptrdiff_t c = 0; c < classes; c++) target[c] *= scale;
  }
}
