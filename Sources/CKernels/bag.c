#include "include/bag.h"

#include "vector.h"

CK_CLONES void ck_bag_read(
    ptrdiff_t count, const int32_t *columns, const float *shares, const float *table, ptrdiff_t width, float *hidden) {
  memset(hidden, 0, (size_t)width * sizeof *hidden);
  for (ptrdiff_t i = 0; i < count; i++) ck_add_scaled(width, shares[i], table + columns[i] * width, hidden);
}

CK_CLONES void ck_bag_answer(
    ptrdiff_t outputs, ptrdiff_t width, const float *weights, const float *hidden, int is_multi_label, float *answers) {
  for (ptrdiff_t o = 0; o < outputs; o++) answers[o] = ck_dot(width, weights + o * width, hidden);
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
    ck_add_scaled(width, errors[o], weights + o * width, back);
    ck_add_scaled(width, rate * errors[o], hidden, weights + o * width);
  }
  for (ptrdiff_t i = 0; i < count; i++) ck_add_scaled(width, rate * shares[i], back, table + columns[i] * width);
}
