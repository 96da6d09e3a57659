#include "include/pooling.h"

#include "vector.h"

CK_CLONES void ck_mean_pool(
    ptrdiff_t sequences, const ptrdiff_t *restrict offsets, ptrdiff_t width, const float *restrict x,
    float *restrict y) {
  for (ptrdiff_t s = 0; s < sequences; s++, y += width) {
    memset(y, 0, (size_t)width * sizeof *y);
    ptrdiff_t length = offsets[s + 1] - offsets[s];
    if (length == 0) continue;
    for (ptrdiff_t r = offsets[s]; r < offsets[s + 1]; r++)
      for (ptrdiff_t j = 0; j < width; j++) y[j] += x[r * width + j];
    float share = 1.0f / (float)length;
    for (ptrdiff_t j = 0; j < width; j++) y[j] *= share;
  }
}

CK_CLONES void ck_mean_pool_backward(
    ptrdiff_t sequences, const ptrdiff_t *restrict offsets, ptrdiff_t width, const float *restrict dy,
    float *restrict dx, int accumulate) {
  for (ptrdiff_t s = 0; s < sequences; s++, dy += width) {
    float share = 1.0f / (float)(offsets[s + 1] - offsets[s]);
    for (ptrdiff_t r = offsets[s]; r < offsets[s + 1]; r++) {
      float *restrict to = dx + r * width;
      if (accumulate)
        for (ptrdiff_t j = 0; j < width; j++) to[j] += share * dy[j];
      else
        for (ptrdiff_t j = 0; j < width; j++) to[j] = share * dy[j];
    }
  }
}

CK_CLONES void ck_max_pool(
    ptrdiff_t sequences, const ptrdiff_t *restrict offsets, ptrdiff_t width, const float *restrict x,
    float *restrict y, int32_t *restrict where) {
  for (ptrdiff_t s = 0; s < sequences; s++, y += width, where += width) {
    ptrdiff_t first = offsets[s];
    if (first == offsets[s + 1]) {
      memset(y, 0, (size_t)width * sizeof *y);
      for (ptrdiff_t j = 0; j < width; j++) where[j] = -1;
      continue;
    }
    memcpy(y, x + first * width, (size_t)width * sizeof *y);
    for (ptrdiff_t j = 0; j < width; j++) where[j] = (int32_t)first;
    for (ptrdiff_t r = first + 1; r < offsets[s + 1]; r++) {
      const float *restrict row = x + r * width;
      for (ptrdiff_t j = 0; j < width; j++) {
        // A NaN is taken over, so that it shows.
        int above = (row[j] > y[j]) | (row[j] != row[j]);
        y[j] = above ? row[j] : y[j];
        where[j] = above ? (int32_t)r : where[j];
      }
    }
  }
}

void ck_max_pool_backward(
    ptrdiff_t sequences, ptrdiff_t width, const int32_t *restrict where, const float *restrict dy,
    float *restrict dx) {
  for (ptrdiff_t s = 0; s < sequences; s++, where += width, dy += width)
    for (ptrdiff_t j = 0; j < width; j++)
      if (where[j] >= 0) dx[(ptrdiff_t)where[j] * width + j] += dy[j];
}

CK_CLONES void ck_attention_pool(
    ptrdiff_t sequences, const ptrdiff_t *restrict offsets, ptrdiff_t width, const float *restrict x,
    const float *restrict scores, float *restrict shares, float *restrict y) {
  for (ptrdiff_t s = 0; s < sequences; s++, y += width) {
    memset(y, 0, (size_t)width * sizeof *y);
    ptrdiff_t first = offsets[s], end = offsets[s + 1];
    if (first == end) continue;
    float top = scores[first], total = 0;
    for (ptrdiff_t r = first + 1; r < end; r++) top = scores[r] > top ? scores[r] : top;
    for (ptrdiff_t r = first; r < end; r++) total += shares[r] = ck_exp1(scores[r] - top);
    for (ptrdiff_t r = first; r < end; r++) {
      float share = shares[r] / total;
      shares[r] = share;
      for (ptrdiff_t j = 0; j < width; j++) y[j] += share * x[r * width + j];
    }
  }
}

CK_CLONES void ck_attention_pool_backward(
    ptrdiff_t sequences, const ptrdiff_t *restrict offsets, ptrdiff_t width, const float *restrict x,
    const float *restrict shares, const float *restrict dy, float *restrict dx, float *restrict dscores) {
  for (ptrdiff_t s = 0; s < sequences; s++, dy += width) {
    ptrdiff_t first = offsets[s], end = offsets[s + 1];
    if (dx)
      for (ptrdiff_t r = first; r < end; r++)
        for (ptrdiff_t j = 0; j < width; j++) dx[r * width + j] += shares[r] * dy[j];
    if (!dscores) continue;
    // y·dy = Σ share·(x·dy): computed first, so that no room is needed for the dot products.
    float mean = 0;
    for (int pass = 0; pass < 2; pass++)
      for (ptrdiff_t r = first; r < end; r++) {
        const float *row = x + r * width;
        ck_f16 lanes = 0;
        ptrdiff_t j = 0;
        for (; j + 16 <= width; j += 16) lanes += *(const ck_f16 *)(row + j) * *(const ck_f16 *)(dy + j);
        float dot = ck_sum16(&lanes);
        for (; j < width; j++) dot += row[j] * dy[j];
        if (pass == 0)
          mean += shares[r] * dot;
        else
          dscores[r] += shares[r] * (dot - mean);
      }
  }
}
