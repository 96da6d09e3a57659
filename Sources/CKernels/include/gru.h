#ifndef CK_GRU_H
#define CK_GRU_H
#include <stddef.h>
#include <stdint.h>

// Gate order r, z, n (Cho et al. 2014; the reset gate on the product, as in PyTorch). Rows as in lstm.h.

/// One time step over the active sequences.
///   r, z = σ(gates + recurrent + bias);  m = recurrent + bias of n;  n = tanh(gates + bias + r·m);  h = n + z·(h − n)
/// `bias` is r, z (both biases added), n of the inputs, n of the state: 4 × hidden. Writes h to `hidden_state` and to
/// output[token]. With `side` (training) also the activated gates back into `gates`, and m into the last third of
/// side[token]; NULL in evaluation.
void ck_gru_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, float *gates, const float *bias,
    const float *recurrent, float *hidden_state, float *output, float *side);
/// The same step backwards: the activated gates become the gradients before activation, in `gates` those of the
/// inputs' product, in `side` and, packed, in `packed` those of the state's. `previous` is the token one step earlier
/// or −1; `zero` is a row of zeros; d_output may be NULL. d_hidden is read, and left with the share that passes by the
/// product.
void ck_gru_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, const ptrdiff_t *previous, float *gates, float *side,
    const float *output, const float *d_output, float *d_hidden, const float *zero, float *packed);
#endif
