#include "include/normalization.h"

#include <math.h>

#include "vector.h"

CK_CLONES void ck_layer_norm(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict x, const float *restrict residual,
    const float *restrict gain, const float *restrict bias, float epsilon, uint64_t key, uint32_t threshold,
    float keep, float *restrict y, float *restrict normal, float *restrict scales) {
  const float share = 1.0f / (float)width;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *restrict from = x + r * width;
    float *restrict to = y + r * width;
    const uint32_t base = (uint32_t)(r * width);
    // The row z is kept in y, in the first-level cache, until it is overwritten.
    if (threshold && residual) {
      const float *restrict other = residual + r * width;
      for (ptrdiff_t j = 0; j < width; j++)
        to[j] = from[j] * ck_mask1(key, base + (uint32_t)j, threshold, keep) + other[j];
    } else if (threshold) {
      for (ptrdiff_t j = 0; j < width; j++)
        to[j] = from[j] * ck_mask1(key, base + (uint32_t)j, threshold, keep);
    } else if (residual) {
      const float *restrict other = residual + r * width;
      for (ptrdiff_t j = 0; j < width; j++) to[j] = from[j] + other[j];
    } else {
      memcpy(to, from, (size_t)width * sizeof *to);
    }

    ck_f16 lanes = 0;
    ptrdiff_t j = 0;
    for (; j + 16 <= width; j += 16) lanes += *(const ck_f16 *)(to + j);
    float sum = ck_sum16(&lanes);
    for (; j < width; j++) sum += to[j];
    const float mean = sum * share;

    // The variance about the mean: E[z²] − mean² would cancel.
    lanes = 0;
    j = 0;
    for (; j + 16 <= width; j += 16) {
      ck_f16 d = *(const ck_f16 *)(to + j) - mean;
      lanes += d * d;
    }
    float squares = ck_sum16(&lanes);
    for (; j < width; j++) squares += (to[j] - mean) * (to[j] - mean);
    const float scale = 1.0f / ck_sqrt(squares * share + epsilon);

    if (normal) {
      float *restrict keeps = normal + r * width;
      for (j = 0; j < width; j++) {
        float z = (to[j] - mean) * scale;
        keeps[j] = z;
        to[j] = z * gain[j] + bias[j];
      }
      scales[r] = scale;
    } else {
      for (j = 0; j < width; j++) to[j] = ((to[j] - mean) * scale) * gain[j] + bias[j];
    }
  }
}

// dz = scale·(g − mean(g) − z·mean(g·z)) with g = dy·gain and z the normalised row.
CK_CLONES void ck_layer_norm_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *restrict dy, const float *restrict normal,
    const float *restrict scales, const float *restrict gain, uint64_t key, uint32_t threshold, float keep,
    float *restrict dgain, float *restrict dbias, float *restrict dx, float *restrict dresidual,
    int accumulate) {
  const float share = 1.0f / (float)width;
  if (!(accumulate & 1)) {
    memset(dgain, 0, (size_t)width * sizeof *dgain);
    memset(dbias, 0, (size_t)width * sizeof *dbias);
  }
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *restrict d = dy + r * width;
    const float *restrict z = normal + r * width;
    ck_f16 plain = 0, times = 0;
    ptrdiff_t j = 0;
    for (; j + 16 <= width; j += 16) {
      ck_f16 dv = *(const ck_f16 *)(d + j), zv = *(const ck_f16 *)(z + j);
      ck_f16 g = dv * *(const ck_f16 *)(gain + j), dz = dv * zv;
      plain += g;
      times += g * zv;
      *(ck_f16 *)(dgain + j) += dz;
      *(ck_f16 *)(dbias + j) += dv;
    }
    float sum = ck_sum16(&plain), product = ck_sum16(&times);
    for (; j < width; j++) {
      float g = d[j] * gain[j];
      sum += g;
      product += g * z[j];
      dgain[j] += d[j] * z[j];
      dbias[j] += d[j];
    }
    sum *= share;
    product *= share;
    const float scale = scales[r];
    const uint32_t base = (uint32_t)(r * width);

    if (dresidual) {
      float *restrict to = dresidual + r * width;
      if (accumulate & 4)
        for (j = 0; j < width; j++) to[j] += scale * (d[j] * gain[j] - sum - z[j] * product);
      else
        for (j = 0; j < width; j++) to[j] = scale * (d[j] * gain[j] - sum - z[j] * product);
    }
    if (dx) {
      float *restrict to = dx + r * width;
      if (threshold) {
        for (j = 0; j < width; j++) {
          float v = scale * (d[j] * gain[j] - sum - z[j] * product);
          v *= ck_mask1(key, base + (uint32_t)j, threshold, keep);
          to[j] = accumulate & 2 ? to[j] + v : v;
        }
      } else {
        for (j = 0; j < width; j++) {
          float v = scale * (d[j] * gain[j] - sum - z[j] * product);
          to[j] = accumulate & 2 ? to[j] + v : v;
        }
      }
    }
  }
}
