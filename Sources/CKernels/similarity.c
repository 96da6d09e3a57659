#include "include/similarity.h"

#include "vector.h"

CK_CLONES void ck_unit_rows(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y, float *inverse) {
  for (ptrdiff_t r = 0; r < rows; r++, x += width, y += width) {
    float square = ck_dot(width, x, x);
    float scale = square > 0.0f ? 1.0f / ck_sqrt(square) : square == 0.0f ? 0.0f : square;
    inverse[r] = scale;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = scale * x[j];
  }
}

CK_CLONES void ck_unit_rows_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *y, const float *inverse, const float *dy, float *dx) {
  for (ptrdiff_t r = 0; r < rows; r++, y += width, dy += width, dx += width) {
    float along = ck_dot(width, y, dy);
    for (ptrdiff_t j = 0; j < width; j++) dx[j] += inverse[r] * (dy[j] - y[j] * along);
  }
}

CK_CLONES void ck_row_dots(ptrdiff_t rows, ptrdiff_t width, const float *a, const float *b, float *y) {
  for (ptrdiff_t r = 0; r < rows; r++) y[r] = ck_dot(width, a + r * width, b + r * width);
}

CK_CLONES void ck_row_dots_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *other, const float *dy, float *dx) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t j = 0; j < width; j++) dx[r * width + j] += dy[r] * other[r * width + j];
}
