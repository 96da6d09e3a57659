#include "include/softmax.h"

#include <math.h>

#include "vector.h"

CK_INLINE float row_max(ptrdiff_t width, const float *x) {
  ptrdiff_t j = 0;
  float top = x[0];
  if (width >= 16) {
    ck_f16 lanes = *(const ck_f16 *)x;
    for (j = 16; j + 16 <= width; j += 16) {
      ck_f16 v = *(const ck_f16 *)(x + j);
      lanes = v > lanes ? v : lanes;
    }
    top = ck_max16(&lanes);
  }
  for (; j < width; j++) top = x[j] > top ? x[j] : top;
  return top;
}

CK_INLINE float row_sum(ptrdiff_t width, const float *x) {
  ck_f16 lanes = 0;
  ptrdiff_t j = 0;
  for (; j + 16 <= width; j += 16) lanes += *(const ck_f16 *)(x + j);
  float sum = ck_sum16(&lanes);
  for (; j < width; j++) sum += x[j];
  return sum;
}

CK_CLONES void ck_softmax_rows(ptrdiff_t rows, ptrdiff_t width, float *restrict x) {
  for (ptrdiff_t r = 0; r < rows; r++, x += width) {
    const float top = row_max(width, x);
    for (ptrdiff_t j = 0; j < width; j++) x[j] = ck_exp1(x[j] - top);
    const float share = 1.0f / row_sum(width, x);
    for (ptrdiff_t j = 0; j < width; j++) x[j] *= share;
  }
}

CK_CLONES double ck_cross_entropy(
    ptrdiff_t rows, ptrdiff_t classes, const float *restrict logits, const ptrdiff_t *restrict labels,
    const float *restrict weights, const float *restrict offsets, double gamma, double normaliser,
    float *restrict gradient) {
  double loss = 0;
  for (ptrdiff_t r = 0; r < rows; r++, logits += classes, gradient += classes) {
    const ptrdiff_t label = labels[r];
    double weight = (weights ? (double)weights[label] : 1.0) / normaliser;
    const float *x = logits;
    if (offsets) {
      for (ptrdiff_t j = 0; j < classes; j++) gradient[j] = logits[j] + offsets[j];
      x = gradient;
    }
    const float top = row_max(classes, x), own = x[label];
    for (ptrdiff_t j = 0; j < classes; j++) gradient[j] = ck_exp1(x[j] - top);
    const float sum = row_sum(classes, gradient);
    const double surprise = log((double)sum) + ((double)top - (double)own);
    if (gamma == 0) {
      loss += weight * surprise;
    } else {
      // Lin et al. 2017, section 3.2 and appendix B.
      const double rest = -expm1(-surprise), focus = rest > 0 ? pow(rest, gamma) : 0;
      loss += weight * focus * surprise;
      weight *= rest > 0 ? focus + gamma * exp(-surprise) * (focus / rest) * surprise : 0;
    }
    const float share = (float)(weight / (double)sum);
    for (ptrdiff_t j = 0; j < classes; j++) gradient[j] *= share;
    gradient[label] -= (float)weight;
  }
  return loss;
}

CK_CLONES double ck_soft_cross_entropy(
    ptrdiff_t rows, ptrdiff_t classes, const float *restrict logits, const float *restrict targets, double temperature,
    double normaliser, float *restrict gradient) {
  double loss = 0;
  const float inverse = (float)(1 / temperature);
  const double whole = temperature * temperature / normaliser, part = temperature / normaliser;
  for (ptrdiff_t r = 0; r < rows; r++, logits += classes, targets += classes, gradient += classes) {
    for (ptrdiff_t j = 0; j < classes; j++) gradient[j] = logits[j] * inverse;
    const float top = row_max(classes, gradient);
    double expected = 0;
    for (ptrdiff_t j = 0; j < classes; j++) expected += (double)targets[j] * (double)(gradient[j] - top);
    for (ptrdiff_t j = 0; j < classes; j++) gradient[j] = ck_exp1(gradient[j] - top);
    const float sum = row_sum(classes, gradient);
    loss += whole * (log((double)sum) - expected);
    const float share = (float)(part / (double)sum), own = (float)part;
    for (ptrdiff_t j = 0; j < classes; j++) gradient[j] = gradient[j] * share - targets[j] * own;
  }
  return loss;
}
