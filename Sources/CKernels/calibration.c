// The yardstick of recorded times: a batch's time divided by this work's time can be compared from night to night.
// Never change it, and use nothing here from the other kernels: a yardstick that shrinks with what it measures
// measures nothing. It has the three things a model's time is made of: products, memory, and branches on data.
#include "calibration.h"

enum { side = 64, table = CK_CALIBRATION_FLOATS };

static void multiply(const float *a, const float *b, float *c) {
    for (int i = 0; i < side; i++) {
        float row[side];
        for (int j = 0; j < side; j++) row[j] = 0.0f;
        for (int k = 0; k < side; k++) {
            const float factor = a[i * side + k];
            for (int j = 0; j < side; j++) row[j] += factor * b[k * side + j];
        }
        for (int j = 0; j < side; j++) c[i * side + j] = row[j];
    }
}

uint64_t ck_calibrate(float *scratch) {
    uint64_t state = 0x9e3779b97f4a7c15u;
    // Memory: every value written, then added up.
    for (int i = 0; i < table; i++) scratch[i] = (float)((i * 37) & 255) * 0.00390625f;
    float sum = 0.0f;
    for (int pass = 0; pass < 2; pass++) {
        float lanes[16] = {0};
        for (int i = 0; i < table; i += 16) {
            for (int lane = 0; lane < 16; lane++) lanes[lane] += scratch[i + lane] * 0.25f;
        }
        for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
    }
    // Products: each reads what the one before wrote.
    float *a = scratch, *b = scratch + side * side, *c = scratch + 2 * side * side;
    for (int turn = 0; turn < 10; turn++) {
        multiply(a, b, c);
        for (int i = 0; i < side * side; i++) a[i] = c[i] * 0.03125f;
    }
    // Branches and places that depend on data.
    uint64_t odd = 0;
    for (int step = 0; step < 40000; step++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const float value = scratch[3 * side * side + (state & 65535)];
        if (value > 0.5f) odd += state & 3; else state += odd;
    }
    return state ^ odd ^ (uint64_t)(int64_t)(sum + c[side] * 65536.0f);
}
