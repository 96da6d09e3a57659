#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H
#include <stddef.h>
#include <stdint.h>

// Attention within each sequence: qkv [n, 3h] holds q | k | v, in each the heads side by side. The shares of one
// sequence and head stand as `length` rows of `stride` floats; stride is length rounded up to 16, and the columns past
// `length` are 0. Heads stand one after another within a sequence.

/// What all sequences have in common. Element i of all shares survives dropout where hash(key, i) ≥ threshold.
typedef struct {
  ptrdiff_t heads;
  /// Columns of a head.
  ptrdiff_t width;
  float scale;
  uint64_t key;
  uint32_t threshold;
  float keep;
  /// Tokens further apart than this do not see each other.
  ptrdiff_t window;
} ck_attention;

/// Floats of scratch memory for sequences of up to `longest` tokens.
ptrdiff_t ck_attention_scratch(ptrdiff_t longest, ptrdiff_t width);
/// y = dropout(softmax(scale·q·kᵀ))·v for every head of one sequence; y [length, h]. `at` is the place of the
/// sequence's first share among all. `shares` gets the shares of all its heads, or is NULL where none are kept.
void ck_attention_forward(
    const ck_attention *attention, ptrdiff_t length, const float *qkv, ptrdiff_t at, float *shares, float *y,
    float *scratch);
/// The gradient: d_qkv = or += (`accumulate`) from dy.
void ck_attention_backward(
    const ck_attention *attention, ptrdiff_t length, const float *qkv, ptrdiff_t at, const float *shares,
    const float *dy, float *d_qkv, int accumulate, float *scratch);
#endif
