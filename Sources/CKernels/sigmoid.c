#include "include/sigmoid.h"

#include <math.h>

#include "vector.h"

// Factors from 1 to 2 in one product of doubles, which ends at 2^1024.
enum { block = 960 };

CK_INLINE double sum8(const ck_d8 *a, const ck_d8 *b) {
  ck_d8 s = *a + *b;
  return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

CK_INLINE double product8(const ck_d8 *a, const ck_d8 *b) {
  ck_d8 p = *a * *b;
  return ((p[0] * p[4]) * (p[1] * p[5])) * ((p[2] * p[6]) * (p[3] * p[7]));
}

CK_INLINE double positive_sum(ptrdiff_t n, const float *z) {
  ck_d8 a = 0, b = 0;
  ptrdiff_t j = 0;
  for (; j + 16 <= n; j += 16) {
    ck_f8 u = *(const ck_f8 *)(z + j), v = *(const ck_f8 *)(z + j + 8);
    u = u > 0 ? u : 0;
    v = v > 0 ? v : 0;
    a += __builtin_convertvector(u, ck_d8);
    b += __builtin_convertvector(v, ck_d8);
  }
  double rest = 0;
  for (; j < n; j++) rest += z[j] > 0 ? z[j] : 0;
  return sum8(&a, &b) + rest;
}

// Π (1 + |e|)
CK_INLINE double successor_product(ptrdiff_t n, const float *e) {
  ck_d8 a = 1, b = 1;
  ptrdiff_t j = 0;
  for (; j + 16 <= n; j += 16) {
    ck_f8 u = *(const ck_f8 *)(e + j), v = *(const ck_f8 *)(e + j + 8);
    u = u < 0 ? -u : u;
    v = v < 0 ? -v : v;
    a *= __builtin_convertvector(u, ck_d8) + 1.0;
    b *= __builtin_convertvector(v, ck_d8) + 1.0;
  }
  double rest = 1;
  for (; j < n; j++) rest *= 1.0 + (e[j] < 0 ? -e[j] : e[j]);
  return product8(&a, &b) * rest;
}

// Σ log(1 + e^z); every z becomes scale/(1 + e^−z).
//
// log(1 + e^z) = max(z, 0) + log(1 + e^−|z|), where nothing overflows, and one logarithm of a product serves a block.
CK_INLINE double softplus(ptrdiff_t n, float *z, float scale) {
  double sum = 0;
  for (ptrdiff_t begin = 0; begin < n; begin += block, z += block) {
    const ptrdiff_t count = n - begin < block ? n - begin : block;
    sum += positive_sum(count, z);
    // e^−|z| with the sign of z.
    for (ptrdiff_t j = 0; j < count; j++) {
      const uint32_t bits = ck_bits(z[j]);
      z[j] = ck_float(ck_bits(ck_exp1(ck_float(bits | 0x80000000u))) | (bits & 0x80000000u));
    }
    sum += log(successor_product(count, z));
    for (ptrdiff_t j = 0; j < count; j++) {
      const uint32_t bits = ck_bits(z[j]);
      const float e = ck_float(bits & 0x7fffffffu);
      const float rest = 1.0f / (1.0f + e);
      z[j] = scale * (bits & 0x80000000u ? e * rest : rest);
    }
  }
  return sum;
}

CK_CLONES void ck_activate_sigmoid(ptrdiff_t n, float *y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = ck_sigmoid1(y[i]);
}

// Where t is 1: log(1 + e^z) − z = log(1 + e^−z), and 1/(1 + e^−z) − 1 = −1/(1 + e^z). So z changes its sign, and
// afterwards the gradient; neither loses digits to a difference.
CK_CLONES double ck_binary_cross_entropy(
    ptrdiff_t n, const float *restrict logits, const float *restrict targets, double normaliser,
    float *restrict gradient) {
  for (ptrdiff_t i = 0; i < n; i++) gradient[i] = (1.0f - 2.0f * targets[i]) * logits[i];
  const double loss = softplus(n, gradient, (float)(1 / normaliser));
  for (ptrdiff_t i = 0; i < n; i++) gradient[i] *= 1.0f - 2.0f * targets[i];
  return loss / normaliser;
}

CK_CLONES double ck_squared_error(
    ptrdiff_t n, const float *restrict outputs, const float *restrict targets, double normaliser,
    float *restrict gradient) {
  const double scale = 2 / normaliser;
  ck_d8 a = 0, b = 0;
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    ck_d8 u = __builtin_convertvector(*(const ck_f8 *)(outputs + i), ck_d8) -
              __builtin_convertvector(*(const ck_f8 *)(targets + i), ck_d8);
    ck_d8 v = __builtin_convertvector(*(const ck_f8 *)(outputs + i + 8), ck_d8) -
              __builtin_convertvector(*(const ck_f8 *)(targets + i + 8), ck_d8);
    a += u * u;
    b += v * v;
    *(ck_f8 *)(gradient + i) = __builtin_convertvector(u * scale, ck_f8);
    *(ck_f8 *)(gradient + i + 8) = __builtin_convertvector(v * scale, ck_f8);
  }
  double rest = 0;
  for (; i < n; i++) {
    const double difference = (double)outputs[i] - (double)targets[i];
    rest += difference * difference;
    gradient[i] = (float)(difference * scale);
  }
  return (sum8(&a, &b) + rest) / normaliser;
}

CK_CLONES double ck_sigmoid_residual(
    float *logits, const ptrdiff_t *starts, const int32_t *labels, const float *weights, ptrdiff_t rows,
    ptrdiff_t classes, ptrdiff_t stride, double *sums) {
  double loss = 0;
  for (ptrdiff_t r = 0; r < rows; r++) {
    float *row = logits + r * stride;
    const float weight = weights ? weights[r] : 1.0f;
    // The sign, as above.
    for (ptrdiff_t k = starts[r]; k < starts[r + 1]; k++) row[labels[k]] = -row[labels[k]];
    // e^−100 is 0 here: the padding, taken along for whole vectors, adds nothing to the loss and becomes 0.
    for (ptrdiff_t c = classes; c < stride; c++) row[c] = -100;
    loss += weight * softplus(stride, row, weight);
    for (ptrdiff_t k = starts[r]; k < starts[r + 1]; k++) row[labels[k]] = -row[labels[k]];
    for (ptrdiff_t c = 0; c < stride; c++) sums[c] += row[c];
  }
  return loss;
}

CK_CLONES void ck_sigmoid_rows_strided(
    const float *restrict logits, ptrdiff_t rows, ptrdiff_t classes, ptrdiff_t stride, float *restrict out) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0; c < classes; c++) out[r * classes + c] = ck_sigmoid1(logits[r * stride + c]);
}
