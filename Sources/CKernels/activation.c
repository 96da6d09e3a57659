#include "include/activation.h"

#include "vector.h"

void ck_repeat_row(ptrdiff_t rows, ptrdiff_t width, const float *restrict row, float *restrict y) {
  for (ptrdiff_t r = 0; r < rows; r++) memcpy(y + r * width, row, (size_t)width * sizeof *y);
}

CK_CLONES void ck_activate_tanh(ptrdiff_t n, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = ck_tanh1(y[i]);
}

CK_INLINE float gelu1(float x) {
  float density;
  return x * ck_normal1(x, &density);
}

CK_INLINE float gelu_slope1(float x, float *slope) {
  float density, share = ck_normal1(x, &density);
  *slope = share + x * density;
  return x * share;
}

CK_CLONES void ck_activate_gelu(ptrdiff_t n, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = gelu1(y[i]);
}

CK_CLONES void ck_activate_gelu_slope(ptrdiff_t n, float *restrict y, float *restrict slope) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = gelu_slope1(y[i], slope + i);
}

CK_CLONES void ck_gelu_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict dy, float *restrict slope, float *restrict sums,
    int accumulate) {
  if (!sums) {
    for (ptrdiff_t i = 0; i < rows * width; i++) slope[i] *= dy[i];
    return;
  }
  if (!accumulate) memset(sums, 0, (size_t)width * sizeof *sums);
  for (ptrdiff_t r = 0; r < rows; r++, dy += width, slope += width)
    for (ptrdiff_t j = 0; j < width; j++) {
      float d = slope[j] * dy[j];
      slope[j] = d;
      sums[j] += d;
    }
}

CK_CLONES void ck_tanh_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict y, float *restrict d, float *restrict sums,
    int accumulate) {
  if (!sums) {
    for (ptrdiff_t i = 0; i < rows * width; i++) d[i] *= 1.0f - y[i] * y[i];
    return;
  }
  if (!accumulate) memset(sums, 0, (size_t)width * sizeof *sums);
  for (ptrdiff_t r = 0; r < rows; r++, y += width, d += width)
    for (ptrdiff_t j = 0; j < width; j++) {
      float z = d[j] * (1.0f - y[j] * y[j]);
      d[j] = z;
      sums[j] += z;
    }
}

CK_CLONES void ck_activate_relu(ptrdiff_t n, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = y[i] > 0.0f ? y[i] : 0.0f;
}

CK_CLONES void ck_relu_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict y, float *restrict d, float *restrict sums,
    int accumulate) {
  if (!sums) {
    for (ptrdiff_t i = 0; i < rows * width; i++) d[i] = y[i] > 0.0f ? d[i] : 0.0f;
    return;
  }
  if (!accumulate) memset(sums, 0, (size_t)width * sizeof *sums);
  for (ptrdiff_t r = 0; r < rows; r++, y += width, d += width)
    for (ptrdiff_t j = 0; j < width; j++) {
      float z = y[j] > 0.0f ? d[j] : 0.0f;
      d[j] = z;
      sums[j] += z;
    }
}

CK_CLONES void ck_gated_gelu(ptrdiff_t rows, ptrdiff_t width, const float *restrict x, float *restrict y) {
  for (ptrdiff_t r = 0; r < rows; r++, x += 2 * width, y += width)
    for (ptrdiff_t j = 0; j < width; j++) y[j] = gelu1(x[j]) * x[width + j];
}

CK_CLONES void ck_gated_gelu_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict x, const float *restrict dy, float *restrict dx,
    int accumulate) {
  for (ptrdiff_t r = 0; r < rows; r++, x += 2 * width, dx += 2 * width, dy += width) {
    const float *restrict gate = x + width;
    float *restrict dgate = dx + width;
    if (accumulate) {
      for (ptrdiff_t j = 0; j < width; j++) {
        float slope, share = gelu_slope1(x[j], &slope);
        dx[j] += dy[j] * gate[j] * slope;
        dgate[j] += dy[j] * share;
      }
    } else {
      for (ptrdiff_t j = 0; j < width; j++) {
        float slope, share = gelu_slope1(x[j], &slope);
        dx[j] = dy[j] * gate[j] * slope;
        dgate[j] = dy[j] * share;
      }
    }
  }
}

CK_CLONES void ck_column_sums(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict x, float *restrict sums, int accumulate) {
  if (!accumulate) memset(sums, 0, (size_t)width * sizeof *sums);
  ptrdiff_t r = 0;
  // Four rows a pass: a quarter of the traffic on `sums`.
  for (; r + 4 <= rows; r += 4, x += 4 * width) {
    const float *a = x, *b = x + width, *c = x + 2 * width, *d = x + 3 * width;
    for (ptrdiff_t j = 0; j < width; j++) sums[j] += (a[j] + b[j]) + (c[j] + d[j]);
  }
  for (; r < rows; r++, x += width)
    for (ptrdiff_t j = 0; j < width; j++) sums[j] += x[j];
}
