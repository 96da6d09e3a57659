#include "include/attention.h"

#include "vector.h"

CK_CLONES void ck_attention_softmax(
    ptrdiff_t length, ptrdiff_t stride, float scale, float *restrict scores, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *restrict dropped) {
  for (ptrdiff_t r = 0; r < length; r++) {
    float *restrict row = scores + r * stride;
    // Far below every score: e^ of it is exactly 0.
    for (ptrdiff_t j = length; j < stride; j++) row[j] = -1e30f;
    ck_f16 lanes = *(const ck_f16 *)row;
    for (ptrdiff_t j = 16; j < stride; j += 16) {
      ck_f16 v = *(const ck_f16 *)(row + j);
      lanes = v > lanes ? v : lanes;
    }
    const float top = ck_max16(&lanes);
    for (ptrdiff_t j = 0; j < stride; j++) row[j] = ck_exp1((row[j] - top) * scale);
    lanes = 0;
    for (ptrdiff_t j = 0; j < stride; j += 16) lanes += *(const ck_f16 *)(row + j);
    const float share = 1.0f / ck_sum16(&lanes);
    if (threshold) {
      float *restrict to = dropped + r * stride;
      const uint32_t base = first + (uint32_t)(r * stride);
      for (ptrdiff_t j = 0; j < stride; j++) {
        float v = row[j] * share;
        row[j] = v;
        to[j] = v * ck_mask1(key, base + (uint32_t)j, threshold, keep);
      }
    } else {
      for (ptrdiff_t j = 0; j < stride; j++) row[j] *= share;
    }
  }
}

CK_CLONES void ck_attention_drop(
    ptrdiff_t length, ptrdiff_t stride, const float *restrict shares, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *restrict dropped) {
  for (ptrdiff_t i = 0; i < length * stride; i++)
    dropped[i] = shares[i] * ck_mask1(key, first + (uint32_t)i, threshold, keep);
}

// ds = scale·p·(dp − Σ p·dp), dp the gradient before dropout.
CK_CLONES void ck_attention_softmax_backward(
    ptrdiff_t length, ptrdiff_t stride, float scale, const float *restrict shares, uint64_t key,
    uint32_t first, uint32_t threshold, float keep, float *restrict d) {
  for (ptrdiff_t r = 0; r < length; r++) {
    const float *restrict p = shares + r * stride;
    float *restrict row = d + r * stride;
    for (ptrdiff_t j = length; j < stride; j++) row[j] = 0.0f;
    if (threshold) {
      const uint32_t base = first + (uint32_t)(r * stride);
      for (ptrdiff_t j = 0; j < stride; j++) row[j] *= ck_mask1(key, base + (uint32_t)j, threshold, keep);
    }
    ck_f16 lanes = 0;
    for (ptrdiff_t j = 0; j < stride; j += 16) lanes += *(const ck_f16 *)(p + j) * *(const ck_f16 *)(row + j);
    const float mean = ck_sum16(&lanes);
    for (ptrdiff_t j = 0; j < stride; j++) row[j] = scale * (p[j] * (row[j] - mean));
  }
}
