#include "include/attention.h"

#include "vector.h"

// Rows are short, often sixteen: each block of sixteen is one vector, without the compiler's loops for what is
// left over.
#define BLOCKS(j, stride) for (ptrdiff_t j = 0; j < (stride); j += 16)
#define LANES(l) _Pragma("clang loop vectorize_width(16) interleave_count(1) unroll(disable)") \
  for (int l = 0; l < 16; l++)

typedef int32_t ck_i16 __attribute__((ext_vector_type(16)));

/// −1 in the first `count` lanes, 0 in the others. A narrow store before a wide load would stall.
#define first_lanes(count) ((ck_i16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} < (count))

CK_CLONES void ck_attention_softmax(
    ptrdiff_t length, ptrdiff_t stride, float scale, float *restrict scores, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *restrict dropped) {
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
    if (threshold) {
      float *restrict to = dropped + r * stride;
      const uint32_t base = first + (uint32_t)(r * stride);
      BLOCKS(j, stride) LANES(l)
        to[j + l] = row[j + l] * ck_mask1(key, base + (uint32_t)(j + l), threshold, keep);
    }
  }
}

CK_CLONES void ck_attention_drop(
    ptrdiff_t length, ptrdiff_t stride, const float *restrict shares, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *restrict dropped) {
  BLOCKS(i, length * stride) LANES(l)
    dropped[i + l] = shares[i + l] * ck_mask1(key, first + (uint32_t)(i + l), threshold, keep);
}

// ds = scale·p·(dp − Σ p·dp), dp the gradient before dropout.
CK_CLONES void ck_attention_softmax_backward(
    ptrdiff_t length, ptrdiff_t stride, float scale, const float *restrict shares, uint64_t key,
    uint32_t first, uint32_t threshold, float keep, float *restrict d) {
  for (ptrdiff_t r = 0; r < length; r++) {
    const float *restrict p = shares + r * stride;
    float *restrict row = d + r * stride;
    const ptrdiff_t end = stride - 16;
    ck_f16 tail = *(const ck_f16 *)(row + end);
    *(ck_f16 *)(row + end) = first_lanes((int32_t)(length - end)) ? tail : (ck_f16)(0.0f);
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
