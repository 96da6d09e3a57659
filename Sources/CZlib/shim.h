#include <zlib.h>

// A macro of zlib that Swift does not see: raw deflate, without zlib's own head and checksum.
static inline int zlib_begin_raw_inflate(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
