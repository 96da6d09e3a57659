#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H
#include <stddef.h>
#include <stdint.h>

// The scores of one sequence and head stand as `length` rows of `stride` floats; stride is length rounded
// up to 16, and the columns past `length` are 0 after the softmax.

/// scores = softmax(scale·scores), each row; with a threshold, `dropped` gets the rows after dropout.
void ck_attention_softmax(
    ptrdiff_t length, ptrdiff_t stride, float scale, float *scores, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *dropped);
/// Repeats the dropout of the forward pass: dropped = shares·mask.
void ck_attention_drop(
    ptrdiff_t length, ptrdiff_t stride, const float *shares, uint64_t key, uint32_t first, uint32_t threshold,
    float keep, float *dropped);
/// d (gradient of the dropped shares) becomes the gradient of the unscaled scores.
void ck_attention_softmax_backward(
    ptrdiff_t length, ptrdiff_t stride, float scale, const float *shares, uint64_t key, uint32_t first,
    uint32_t threshold, float keep, float *d);
#endif
