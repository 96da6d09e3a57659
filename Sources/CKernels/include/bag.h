#ifndef CK_BAG_H
#define CK_BAG_H
#include <stddef.h>
#include <stdint.h>

// A linear classifier over the weighted mean of feature vectors, one row after another (Joulin et al. 2017).
// `table` is [features, width], `weights` [outputs, width].

/// hidden = Σ shares·table[columns]
void ck_bag_read(
    ptrdiff_t count, const int32_t *columns, const float *shares, const float *table, ptrdiff_t width, float *hidden);
/// answers = softmax(weights·hidden), or each output's sigmoid
void ck_bag_answer(
    ptrdiff_t outputs, ptrdiff_t width, const float *weights, const float *hidden, int is_multi_label, float *answers);
/// A step of gradient descent against `errors`, what is true less what was answered:
///   weights[o] += rate·error[o]·hidden;  table[columns] += rate·share·Σ error[o]·weights[o], with the weights before.
/// `back` is scratch of `width`.
void ck_bag_step(
    ptrdiff_t count, const int32_t *columns, const float *shares, float *table, ptrdiff_t outputs, ptrdiff_t width,
    float *weights, const float *hidden, const float *errors, float rate, float *back);
#endif
