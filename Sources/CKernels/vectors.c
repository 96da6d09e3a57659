#include "include/vectors.h"

#include <math.h>

#include "vector.h"

// Sixteen fixed lanes, added in one fixed order: the same bits on every instruction set.
CK_CLONES double ck_vector_dot(const float *a, const float *b, ptrdiff_t count) {
  ck_d8 low = 0, high = 0;
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16) {
    low += __builtin_convertvector(*(const ck_f8 *)(a + i), ck_d8) *
           __builtin_convertvector(*(const ck_f8 *)(b + i), ck_d8);
    high += __builtin_convertvector(*(const ck_f8 *)(a + i + 8), ck_d8) *
            __builtin_convertvector(*(const ck_f8 *)(b + i + 8), ck_d8);
  }
  double sum = 0;
  for (int lane = 0; lane < 8; lane++) sum += low[lane] + high[lane];
  for (; i < count; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

CK_CLONES void ck_vector_add(float *y, float scale, const float *x, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += scale * x[i];
}

CK_CLONES void ck_vector_scale(float *x, float scale, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) x[i] *= scale;
}

CK_CLONES void ck_vector_combine(float *out, const float *x, float scale, const float *y, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) out[i] = x[i] + scale * y[i];
}

CK_CLONES float ck_vector_max_magnitude(const float *x, ptrdiff_t count) {
  float largest = 0;
  int unordered = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    const float magnitude = x[i] < 0 ? -x[i] : x[i];
    largest = magnitude > largest ? magnitude : largest;
    unordered |= x[i] != x[i];
  }
  return unordered ? NAN : largest;
}
