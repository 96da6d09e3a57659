#include "include/convolution.h"

#include "vector.h"

void ck_windows(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t columns, ptrdiff_t width, const float *x, float *windows) {
  const ptrdiff_t row = columns * (ptrdiff_t)sizeof *x;
  for (ptrdiff_t s = 0; s < sequences; s++) {
    const ptrdiff_t length = offsets[s + 1] - offsets[s];
    for (ptrdiff_t start = 1 - width; start < length; start++, windows += width * columns) {
      const ptrdiff_t first = start < 0 ? 0 : start;
      const ptrdiff_t end = start + width < length ? start + width : length;
      if (end <= first) {
        memset(windows, 0, (size_t)(width * row));
        continue;
      }
      memset(windows, 0, (size_t)((first - start) * row));
      memcpy(windows + (first - start) * columns, x + (offsets[s] + first) * columns, (size_t)((end - first) * row));
      memset(windows + (end - start) * columns, 0, (size_t)((start + width - end) * row));
    }
  }
}

CK_CLONES void ck_bias_relu(ptrdiff_t rows, ptrdiff_t columns, const float *restrict bias, float *restrict y) {
  for (ptrdiff_t r = 0; r < rows; r++, y += columns)
    for (ptrdiff_t j = 0; j < columns; j++) {
      float z = y[j] + bias[j];
      // A NaN stays one.
      y[j] = z < 0.0f ? 0.0f : z;
    }
}

CK_CLONES void ck_convolution_backward(
    ptrdiff_t sequences, const ptrdiff_t *offsets, ptrdiff_t columns, ptrdiff_t width, ptrdiff_t filters,
    const float *x, const float *weight, const float *y, const int32_t *where, const float *dy, float *dx,
    float *d_weight, float *d_bias) {
  for (ptrdiff_t s = 0; s < sequences; s++, y += filters, where += filters, dy += filters) {
    const ptrdiff_t length = offsets[s + 1] - offsets[s];
    // Number of the window that begins with the sequence's first row.
    const ptrdiff_t origin = offsets[s] + s * (width - 1) + width - 1;
    for (ptrdiff_t f = 0; f < filters; f++) {
      // Written so that a NaN is passed on.
      if (y[f] <= 0.0f) continue;
      const float g = dy[f];
      if (d_bias) d_bias[f] += g;
      if (where[f] < 0) continue;
      const ptrdiff_t start = where[f] - origin, first = start < 0 ? 0 : start;
      const ptrdiff_t end = start + width < length ? start + width : length;
      if (end <= first) continue;
      const ptrdiff_t count = (end - first) * columns;
      const ptrdiff_t at = (offsets[s] + first) * columns, of = f * width * columns + (first - start) * columns;
      if (d_weight) ck_add_scaled(count, g, x + at, d_weight + of);
      if (dx) ck_add_scaled(count, g, weight + of, dx + at);
    }
  }
}
