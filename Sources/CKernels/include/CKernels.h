#ifndef CKERNELS_H
#define CKERNELS_H
// One header a kernel family; this umbrella is what Swift imports.
#endif
