#ifndef CK_RNN_H
#define CK_RNN_H
#include <stddef.h>
#include <stdint.h>

// A simple recurrent network (Elman 1990). Rows as in lstm.h.

/// One time step over the active sequences: h = tanh(gates + recurrent + bias), to `hidden_state` and output[token].
void ck_rnn_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, const float *gates, const float *bias,
    const float *recurrent, float *hidden_state, float *output);
/// The same step backwards: the gradient before activation, in `gates` and, packed, in `packed`. `zero` is a row of
/// zeros; d_output may be NULL.
void ck_rnn_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, float *gates, const float *output,
    const float *d_output, const float *d_hidden, const float *zero, float *packed);
#endif
