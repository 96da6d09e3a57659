#include "include/attention.h"

#include "tiles.h"

// Rows are short, often sixteen: each block of sixteen is one vector, without the compiler's loops for what is
// left over.
#define BLOCKS(j, stride) for (ptrdiff_t j = 0; j < (stride); j += 16)
#define LANES(l) _Pragma("clang loop vectorize_width(16) interleave_count(1) unroll(disable)") \
  for (int l = 0; l < 16; l++)

typedef int32_t ck_i16 __attribute__((ext_vector_type(16)));

/// −1 in the first `count` lanes, 0 in the others. A narrow store before a wide load would stall.
#define first_lanes(count) ((ck_i16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} < (count))

/// Scores of tokens further apart than `window` become far lower than every other: e^ of them is exactly 0.
CK_INLINE void hide_far(ptrdiff_t length, ptrdiff_t stride, ptrdiff_t window, float *restrict scores) {
  for (ptrdiff_t r = 0; r < length; r++) {
    float *restrict row = scores + r * stride;
    for (ptrdiff_t j = 0; j < r - window; j++) row[j] = -1e30f;
    for (ptrdiff_t j = r + window + 1; j < length; j++) row[j] = -1e30f;
  }
}

CK_INLINE void softmax(ptrdiff_t length, ptrdiff_t stride, float scale, float *restrict scores) {
  for (ptrdiff_t r = 0; r < length; r++) {
    float *restrict row = scores + r * stride;
    // What fills the row up is far below every score: e^ of it is exactly 0.
    const ptrdiff_t end = stride - 16;
    ck_f16 tail = *(const ck_f16 *)(row + end);
    tail = first_lanes((int32_t)(length - end)) ? tail : (ck_f16)(-1e30f);
    *(ck_f16 *)(row + end) = tail;
    ck_f16 lanes = tail;
    BLOCKS(j, end) {
      ck_f16 v = *(const ck_f16 *)(row + j);
      lanes = v > lanes ? v : lanes;
    }
    const float top = ck_max16(&lanes);
    BLOCKS(j, stride) LANES(l) row[j + l] = ck_exp1((row[j + l] - top) * scale);
    lanes = 0;
    BLOCKS(j, stride) lanes += *(const ck_f16 *)(row + j);
    const float share = 1.0f / ck_sum16(&lanes);
    BLOCKS(j, stride) *(ck_f16 *)(row + j) *= share;
  }
}

CK_INLINE void drop(
    ptrdiff_t count, const float *restrict shares, uint64_t key, uint32_t first, uint32_t threshold, float keep,
    float *restrict dropped) {
  BLOCKS(i, count) LANES(l)
    dropped[i + l] = shares[i + l] * ck_mask1(key, first + (uint32_t)(i + l), threshold, keep);
}

// ds = scale·p·(dp − Σ p·dp), dp the gradient before dropout.
CK_INLINE void softmax_backward(
    ptrdiff_t length, ptrdiff_t stride, float scale, const float *restrict shares, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *restrict d) {
  for (ptrdiff_t r = 0; r < length; r++) {
    const float *restrict p = shares + r * stride;
    float *restrict row = d + r * stride;
    if (threshold) {
      const uint32_t base = first + (uint32_t)(r * stride);
      BLOCKS(j, stride) LANES(l) row[j + l] *= ck_mask1(key, base + (uint32_t)(j + l), threshold, keep);
    }
    ck_f16 lanes = 0;
    BLOCKS(j, stride) lanes += *(const ck_f16 *)(p + j) * *(const ck_f16 *)(row + j);
    const float mean = ck_sum16(&lanes);
    BLOCKS(j, stride) {
      ck_f16 v = *(const ck_f16 *)(p + j) * (*(const ck_f16 *)(row + j) - mean);
      *(ck_f16 *)(row + j) = scale * v;
    }
  }
}

CK_INLINE ptrdiff_t rounded(ptrdiff_t n) { return (n + 15) / 16 * 16; }

ptrdiff_t ck_attention_scratch(ptrdiff_t longest, ptrdiff_t width) {
  const ptrdiff_t stride = rounded(longest);
  return rounded(width) * stride + 2 * stride * stride + stride * rounded(width);
}

/// Strips of 16 columns of a [length, width] matrix, its last strip whole: where it stands if width allows, else
/// copied and filled up with zeros.
CK_INLINE const float *strips(
    ptrdiff_t length, ptrdiff_t width, const float *a, ptrdiff_t *row, float *copy) {
  if (width % 16 == 0) return a;
  const ptrdiff_t whole = rounded(width);
  memset(copy, 0, (size_t)(length * whole) * sizeof *copy);
  for (ptrdiff_t r = 0; r < length; r++) memcpy(copy + r * whole, a + r * *row, (size_t)width * sizeof *copy);
  *row = whole;
  return copy;
}

CK_CLONES void ck_attention_forward(
    const ck_attention *attention, ptrdiff_t length, const float *qkv, ptrdiff_t at, float *shares, float *y,
    float *scratch) {
  if (length == 0) return;
  const ptrdiff_t width = attention->width, h = attention->heads * width, wide = 3 * h, stride = rounded(length);
  const uint32_t threshold = attention->threshold;
  float *turned = scratch, *scores = turned + rounded(width) * stride, *dropped = scores + stride * stride;
  float *copy = dropped + stride * stride;
  for (ptrdiff_t head = 0; head < attention->heads; head++) {
    const float *q = qkv + head * width, *k = q + h, *v = k + h;
    float *p = shares ? shares + head * length * stride : scores;
    ck_turn(length, width, k, wide, turned, stride);
    if (stride - length >= 8)
      for (ptrdiff_t j = 0; j < width; j++) *(ck_f8 *)(turned + j * stride + stride - 8) = 0;
    ck_tiles(length, stride, width, q, wide, 1, turned, stride, 16, ck_from_zero, p, stride);
    if (attention->window < length - 1) hide_far(length, stride, attention->window, p);
    softmax(length, stride, attention->scale, p);
    const float *used = p;
    if (threshold) {
      const uint32_t first = (uint32_t)(at + head * length * stride);
      drop(length * stride, p, attention->key, first, threshold, attention->keep, dropped);
      used = dropped;
    }
    ptrdiff_t row = wide;
    const float *values = strips(length, width, v, &row, copy);
    ck_tiles(length, width, length, used, stride, 1, values, row, 16, ck_from_zero, y + head * width, h);
  }
}

CK_CLONES void ck_attention_backward(
    const ck_attention *attention, ptrdiff_t length, const float *qkv, ptrdiff_t at, const float *shares,
    const float *dy, float *d_qkv, int accumulate, float *scratch) {
  if (length == 0) return;
  const ptrdiff_t width = attention->width, h = attention->heads * width, wide = 3 * h, stride = rounded(length);
  const uint32_t threshold = attention->threshold;
  const ck_start start = accumulate ? ck_from_c : ck_from_zero;
  float *turned = scratch, *scores = turned + rounded(width) * stride, *dropped = scores + stride * stride;
  float *copy = dropped + stride * stride;
  for (ptrdiff_t head = 0; head < attention->heads; head++) {
    const float *q = qkv + head * width, *k = q + h, *v = k + h, *d = dy + head * width;
    const float *p = shares + head * length * stride;
    float *dq = d_qkv + head * width, *dk = dq + h, *dv = dk + h;
    const uint32_t first = (uint32_t)(at + head * length * stride);
    const float *used = p;
    if (threshold) {
      drop(length * stride, p, attention->key, first, threshold, attention->keep, dropped);
      used = dropped;
    }
    ptrdiff_t row = h;
    const float *b = strips(length, width, d, &row, copy);
    ck_tiles(length, width, length, used, 1, stride, b, row, 16, start, dv, wide);
    ck_turn(length, width, v, wide, turned, stride);
    if (stride - length >= 8)
      for (ptrdiff_t j = 0; j < width; j++) *(ck_f8 *)(turned + j * stride + stride - 8) = 0;
    ck_tiles(length, stride, width, d, h, 1, turned, stride, 16, ck_from_zero, scores, stride);
    softmax_backward(length, stride, attention->scale, p, attention->key, first, threshold, attention->keep, scores);
    row = wide;
    b = strips(length, width, k, &row, copy);
    ck_tiles(length, width, length, scores, stride, 1, b, row, 16, start, dq, wide);
    row = wide;
    b = strips(length, width, q, &row, copy);
    ck_tiles(length, width, length, scores, 1, stride, b, row, 16, start, dk, wide);
  }
}
