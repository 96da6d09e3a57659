#include "include/bag.h"

#include "vector.h"

CK_INLINE void add_scaled(ptrdiff_t count, float a, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += a * x[i];
}

CK_INLINE float dot(ptrdiff_t count, const float *restrict a, const float *restrict b) {
  ck_f16 sums = 0.0f;
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16) sums += *(const ck_f16 *)(a + i) * *(const ck_f16 *)(b + i);
  float sum = ck_sum16(&sums);
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

CK_CLONES void ck_bag_read(
    ptrdiff_t count, const int32_t *columns, const float *shares, const float *table, ptrdiff_t width, float *hidden) {
  memset(hidden, 0, (size_t)width * sizeof *hidden);
  for (ptrdiff_t i = 0; i < count; i++) add_scaled(width, shares[i], table + columns[i] * width, hidden);
}

CK_CLONES void ck_bag_answer(
    ptrdiff_t outputs, ptrdiff_t width, const float *weights, const float *hidden, int is_multi_label, float *answers) {
  for (ptrdiff_t o = 0; o < outputs; o++) answers[o] = dot(width, weights + o * width, hidden);
  if (is_multi_label) {
    for (ptrdiff_t o = 0; o < outputs; o++) answers[o] = ck_sigmoid1(answers[o]);
    return;
  }
  float top = answers[0], total = 0.0f;
  for (ptrdiff_t o = 1; o < outputs; o++) top = answers[o] > top ? answers[o] : top;
  for (ptrdiff_t o = 0; o < outputs; o++) total += answers[o] = ck_exp1(answers[o] - top);
  for (ptrdiff_t o = 0; o < outputs; o++) answers[o] /= total;
}

CK_CLONES void ck_bag_step(
    ptrdiff_t count, const int32_t *columns, const float *shares, float *table, ptrdiff_t outputs, ptrdiff_t width,
    float *weights, const float *hidden, const float *errors, float rate, float *back) {
  memset(back, 0, (size_t)width * sizeof *back);
  for (ptrdiff_t o = 0; o < outputs; o++) {
    add_scaled(width, errors[o], weights + o * width, back);
    add_scaled(width, rate * errors[o], hidden, weights + o * width);
  }
  for (ptrdiff_t i = 0; i < count; i++) add_scaled(width, rate * shares[i], back, table + columns[i] * width);
}
