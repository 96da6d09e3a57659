#include "include/lstm.h"

#include "vector.h"

// A row of each quarter of the gates as an argument of its own: `restrict` counts for arguments only, and
// without it the compiler does not see that the quarters do not overlap.

CK_INLINE void forward_row(
    ptrdiff_t h, float *restrict gi, float *restrict gf, float *restrict gg, float *restrict go,
    const float *restrict ri, const float *restrict rf, const float *restrict rg, const float *restrict ro,
    const float *restrict bi, const float *restrict bf, const float *restrict bg, const float *restrict bo,
    float *restrict state, float *restrict now, float *restrict out, float *restrict saved) {
  for (ptrdiff_t j = 0; j < h; j++) {
    float i = ck_sigmoid1((gi[j] + ri[j]) + bi[j]);
    float f = ck_sigmoid1((gf[j] + rf[j]) + bf[j]);
    float g = ck_tanh1((gg[j] + rg[j]) + bg[j]);
    float o = ck_sigmoid1((go[j] + ro[j]) + bo[j]);
    float c = f * state[j] + i * g;
    float y = o * ck_tanh1(c);
    state[j] = c;
    now[j] = y;
    out[j] = y;
    if (saved) {
      gi[j] = i;
      gf[j] = f;
      gg[j] = g;
      go[j] = o;
      saved[j] = c;
    }
  }
}

CK_CLONES void ck_lstm_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, float *gates, const float *bias,
    const float *recurrent, float *cell_state, float *hidden_state, float *output, float *cells) {
  const ptrdiff_t h = hidden;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t token = tokens[r];
    float *gate = gates + token * 4 * h;
    const float *rec = recurrent + r * 4 * h;
    float *state = cell_state + r * h, *now = hidden_state + r * h, *out = output + token * h;
    if (cells)
      forward_row(
          h, gate, gate + h, gate + 2 * h, gate + 3 * h, rec, rec + h, rec + 2 * h, rec + 3 * h, bias, bias + h,
          bias + 2 * h, bias + 3 * h, state, now, out, cells + token * h);
    else
      forward_row(
          h, gate, gate + h, gate + 2 * h, gate + 3 * h, rec, rec + h, rec + 2 * h, rec + 3 * h, bias, bias + h,
          bias + 2 * h, bias + 3 * h, state, now, out, NULL);
  }
}

// `before` and `dout` may be the same row of zeros: both are only read.
CK_INLINE void backward_row(
    ptrdiff_t h, float *restrict gi, float *restrict gf, float *restrict gg, float *restrict go,
    const float *restrict cell, const float *restrict before, const float *restrict dout,
    const float *restrict dhid, float *restrict dstate, float *restrict pi, float *restrict pf,
    float *restrict pg, float *restrict po) {
  for (ptrdiff_t j = 0; j < h; j++) {
    float i = gi[j], f = gf[j], g = gg[j], o = go[j];
    float t = ck_tanh1(cell[j]);
    float dh = dout[j] + dhid[j];
    float dc = dstate[j] + dh * o * (1.0f - t * t);
    float di = dc * g * (i * (1.0f - i));
    float df = dc * before[j] * (f * (1.0f - f));
    float dg = dc * i * (1.0f - g * g);
    float dd = dh * t * (o * (1.0f - o));
    dstate[j] = dc * f;
    gi[j] = di;
    gf[j] = df;
    gg[j] = dg;
    go[j] = dd;
    pi[j] = di;
    pf[j] = df;
    pg[j] = dg;
    po[j] = dd;
  }
}

CK_CLONES void ck_lstm_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, const ptrdiff_t *previous, float *gates,
    const float *cells, const float *d_output, const float *d_hidden, float *d_cell, const float *zero,
    float *packed) {
  const ptrdiff_t h = hidden;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t token = tokens[r];
    float *gate = gates + token * 4 * h, *pack = packed + r * 4 * h;
    backward_row(
        h, gate, gate + h, gate + 2 * h, gate + 3 * h, cells + token * h,
        previous[r] < 0 ? zero : cells + previous[r] * h, d_output ? d_output + token * h : zero, d_hidden + r * h,
        d_cell + r * h, pack, pack + h, pack + 2 * h, pack + 3 * h);
  }
}
