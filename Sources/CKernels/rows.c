#include "include/rows.h"

#include "vector.h"

void ck_gather(
    ptrdiff_t rows, ptrdiff_t width, const int32_t *restrict indices, const float *restrict table,
    float *restrict y) {
  for (ptrdiff_t r = 0; r < rows; r++)
    memcpy(y + r * width, table + (ptrdiff_t)indices[r] * width, (size_t)width * sizeof *y);
}

CK_CLONES void ck_scatter_add(
    ptrdiff_t rows, ptrdiff_t width, const int32_t *restrict indices, const float *restrict x,
    float *restrict table) {
  for (ptrdiff_t r = 0; r < rows; r++, x += width) {
    float *restrict to = table + (ptrdiff_t)indices[r] * width;
    for (ptrdiff_t j = 0; j < width; j++) to[j] += x[j];
  }
}

CK_CLONES void ck_gather3(
    ptrdiff_t rows, ptrdiff_t width, const int32_t *restrict ia, const float *restrict a,
    const int32_t *restrict ib, const float *restrict b, const int32_t *restrict ic, const float *restrict c,
    float *restrict y) {
  for (ptrdiff_t r = 0; r < rows; r++, y += width) {
    const float *p = a + (ptrdiff_t)ia[r] * width;
    const float *q = b + (ptrdiff_t)ib[r] * width;
    const float *s = c + (ptrdiff_t)ic[r] * width;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = (p[j] + s[j]) + q[j];
  }
}

CK_CLONES void ck_copy_columns(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict x, ptrdiff_t x_stride, float *restrict y,
    ptrdiff_t y_stride, int accumulate) {
  for (ptrdiff_t r = 0; r < rows; r++, x += x_stride, y += y_stride) {
    if (accumulate)
      for (ptrdiff_t j = 0; j < width; j++) y[j] += x[j];
    else
      memcpy(y, x, (size_t)width * sizeof *y);
  }
}
