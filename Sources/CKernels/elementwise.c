#include "include/elementwise.h"

#include "vector.h"

CK_CLONES void ck_add(ptrdiff_t n, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] += x[i];
}

CK_CLONES void ck_axpy(ptrdiff_t n, float a, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] += a * x[i];
}

CK_CLONES void ck_scaled_copy(ptrdiff_t n, float a, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = a * x[i];
}

CK_CLONES void ck_scale(ptrdiff_t n, float a, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] *= a;
}

CK_CLONES void ck_sum(ptrdiff_t n, const float *restrict x, const float *restrict y, float *restrict z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = x[i] + y[i];
}

CK_INLINE double sum8(const ck_d8 *a, const ck_d8 *b) {
  ck_d8 s = *a + *b;
  return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

CK_CLONES double ck_sum_of_squares(ptrdiff_t n, const float *x) {
  ck_d8 a = 0, b = 0;
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    ck_d8 u = __builtin_convertvector(*(const ck_f8 *)(x + i), ck_d8);
    ck_d8 v = __builtin_convertvector(*(const ck_f8 *)(x + i + 8), ck_d8);
    a += u * u;
    b += v * v;
  }
  double rest = 0;
  for (; i < n; i++) rest += (double)x[i] * x[i];
  return sum8(&a, &b) + rest;
}

CK_CLONES double ck_add_sum_of_squares(ptrdiff_t n, const float *restrict x, float *restrict y) {
  ck_d8 a = 0, b = 0;
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    ck_f8 p = *(ck_f8 *)(y + i) + *(const ck_f8 *)(x + i);
    ck_f8 q = *(ck_f8 *)(y + i + 8) + *(const ck_f8 *)(x + i + 8);
    *(ck_f8 *)(y + i) = p;
    *(ck_f8 *)(y + i + 8) = q;
    ck_d8 u = __builtin_convertvector(p, ck_d8);
    ck_d8 v = __builtin_convertvector(q, ck_d8);
    a += u * u;
    b += v * v;
  }
  double rest = 0;
  for (; i < n; i++) {
    y[i] += x[i];
    rest += (double)y[i] * y[i];
  }
  return sum8(&a, &b) + rest;
}

CK_CLONES void ck_exp(ptrdiff_t n, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = ck_exp1(x[i]);
}

CK_CLONES void ck_tanh(ptrdiff_t n, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = ck_tanh1(x[i]);
}

CK_CLONES void ck_sigmoid(ptrdiff_t n, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = ck_sigmoid1(x[i]);
}
