#ifndef HUSTINGS_TILES_H
#define HUSTINGS_TILES_H

#include <stddef.h>
#include <stdint.h>

// Float32 matrix products on the matrix tiles of newer x86 processors (AMX), which multiply bfloat16 and add in float32.
//
// Each operand is split into bfloat16 numbers that add up to it: with three parts exactly, and of the nine products of parts
// the six largest are added, so that what is left out is below the rounding of a float32 product; with two parts to 16
// significant bits, and three of the four products are added. (Henry, Tang and Heinecke, "Leveraging the bfloat16
// artificial intelligence datatype for higher-precision computations", 2019.)

/// Whether this processor and this system have matrix tiles; asks the system for them once.
int hustings_tiles_available(void);

size_t hustings_tiles_packed_bytes(int parts, size_t k, size_t n);

void hustings_tiles_pack(int parts, size_t k, size_t n, const float *b, size_t ldb, int transposed, size_t first,
                         size_t last, void *packed);

void hustings_tiles_product(int parts, size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                            int a_transposed, const void *packed, float *c, size_t ldc, int accumulate);

#endif
