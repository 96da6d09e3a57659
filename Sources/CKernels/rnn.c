#include "include/rnn.h"

#include "vector.h"

CK_INLINE void forward_row(
    ptrdiff_t h, const float *restrict gate, const float *restrict rec, const float *restrict bias,
    float *restrict state, float *restrict out) {
  for (ptrdiff_t j = 0; j < h; j++) {
    float y = ck_tanh1((gate[j] + rec[j]) + bias[j]);
    state[j] = y;
    out[j] = y;
  }
}

CK_CLONES void ck_rnn_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, const float *gates, const float *bias,
    const float *recurrent, float *hidden_state, float *output) {
  for (ptrdiff_t r = 0; r < rows; r++)
    forward_row(
        hidden, gates + tokens[r] * hidden, recurrent + r * hidden, bias, hidden_state + r * hidden,
        output + tokens[r] * hidden);
}

CK_INLINE void backward_row(
    ptrdiff_t h, float *restrict gate, const float *restrict out, const float *restrict dout,
    const float *restrict dhid, float *restrict pack) {
  for (ptrdiff_t j = 0; j < h; j++) {
    float y = out[j];
    float d = (dout[j] + dhid[j]) * (1.0f - y * y);
    gate[j] = d;
    pack[j] = d;
  }
}

CK_CLONES void ck_rnn_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, float *gates, const float *output,
    const float *d_output, const float *d_hidden, const float *zero, float *packed) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t at = tokens[r] * hidden;
    backward_row(
        hidden, gates + at, output + at, d_output ? d_output + at : zero, d_hidden + r * hidden, packed + r * hidden);
  }
}
