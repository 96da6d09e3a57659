#include "include/lstm.h"

#include "vector.h"

CK_CLONES void ck_lstm_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *restrict tokens, float *restrict gates,
    const float *restrict bias, const float *restrict recurrent, float *restrict cell_state,
    float *restrict hidden_state, float *restrict output, float *restrict cells) {
  const ptrdiff_t h = hidden;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t token = tokens[r];
    float *restrict gate = gates + token * 4 * h;
    const float *restrict rec = recurrent + r * 4 * h;
    float *restrict state = cell_state + r * h;
    float *restrict now = hidden_state + r * h;
    float *restrict out = output + token * h;
    if (cells) {
      float *restrict saved = cells + token * h;
      for (ptrdiff_t j = 0; j < h; j++) {
        float i = ck_sigmoid1((gate[j] + rec[j]) + bias[j]);
        float f = ck_sigmoid1((gate[h + j] + rec[h + j]) + bias[h + j]);
        float g = ck_tanh1((gate[2 * h + j] + rec[2 * h + j]) + bias[2 * h + j]);
        float o = ck_sigmoid1((gate[3 * h + j] + rec[3 * h + j]) + bias[3 * h + j]);
        float c = f * state[j] + i * g;
        float y = o * ck_tanh1(c);
        gate[j] = i;
        gate[h + j] = f;
        gate[2 * h + j] = g;
        gate[3 * h + j] = o;
        state[j] = c;
        saved[j] = c;
        now[j] = y;
        out[j] = y;
      }
    } else {
      for (ptrdiff_t j = 0; j < h; j++) {
        float i = ck_sigmoid1((gate[j] + rec[j]) + bias[j]);
        float f = ck_sigmoid1((gate[h + j] + rec[h + j]) + bias[h + j]);
        float g = ck_tanh1((gate[2 * h + j] + rec[2 * h + j]) + bias[2 * h + j]);
        float o = ck_sigmoid1((gate[3 * h + j] + rec[3 * h + j]) + bias[3 * h + j]);
        float c = f * state[j] + i * g;
        float y = o * ck_tanh1(c);
        state[j] = c;
        now[j] = y;
        out[j] = y;
      }
    }
  }
}

CK_CLONES void ck_lstm_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *restrict tokens, const ptrdiff_t *restrict previous,
    float *restrict gates, const float *restrict cells, const float *restrict d_output,
    const float *restrict d_hidden, float *restrict d_cell, const float *restrict zero,
    float *restrict packed) {
  const ptrdiff_t h = hidden;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t token = tokens[r];
    float *restrict gate = gates + token * 4 * h;
    float *restrict pack = packed + r * 4 * h;
    const float *restrict cell = cells + token * h;
    const float *restrict before = previous[r] < 0 ? zero : cells + previous[r] * h;
    const float *restrict dout = d_output ? d_output + token * h : zero;
    const float *restrict dhid = d_hidden + r * h;
    float *restrict dstate = d_cell + r * h;
    for (ptrdiff_t j = 0; j < h; j++) {
      float i = gate[j], f = gate[h + j], g = gate[2 * h + j], o = gate[3 * h + j];
      float t = ck_tanh1(cell[j]);
      float dh = dout[j] + dhid[j];
      float dc = dstate[j] + dh * o * (1.0f - t * t);
      float di = dc * g * (i * (1.0f - i));
      float df = dc * before[j] * (f * (1.0f - f));
      float dg = dc * i * (1.0f - g * g);
      float dd = dh * t * (o * (1.0f - o));
      dstate[j] = dc * f;
      gate[j] = di;
      gate[h + j] = df;
      gate[2 * h + j] = dg;
      gate[3 * h + j] = dd;
      pack[j] = di;
      pack[h + j] = df;
      pack[2 * h + j] = dg;
      pack[3 * h + j] = dd;
    }
  }
}
