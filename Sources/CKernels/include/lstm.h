#ifndef CK_LSTM_H
#define CK_LSTM_H
#include <stddef.h>
#include <stdint.h>

// Gate order i, f, g, o (Hochreiter and Schmidhuber 1997, forget gate of Gers et al. 2000). Rows of
// `gates` and of all that is saved stand by token; rows of the running state stand by sequence, longest first.

/// One time step over the active sequences.
///   gates[token] (from the inputs) + recurrent + bias → i, f, g, o;  c = f·c + i·g;  h = o·tanh c
/// Writes h to `hidden_state` and to output[token]. With `cells` (training) also the activated gates back
/// into `gates` and c to cells[token]; NULL in evaluation.
void ck_lstm_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, float *gates, const float *bias,
    const float *recurrent, float *cell_state, float *hidden_state, float *output, float *cells);
/// The same step backwards: the activated gates become the gradients before activation, in `gates` and,
/// packed, in `packed`. `previous` is the token one step earlier or −1; `zero` is a row of zeros;
/// d_output may be NULL. d_cell is both read and written.
void ck_lstm_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, const ptrdiff_t *previous, float *gates,
    const float *cells, const float *d_output, const float *d_hidden, float *d_cell, const float *zero,
    float *packed);
#endif
