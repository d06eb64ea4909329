#ifndef HUSTINGS_TILES_H
#define HUSTINGS_TILES_H

#include <stddef.h>
#include <stdint.h>

// Float32 matrix products on the matrix tiles of newer x86 processors (AMX), which multiply and add whole numbers of 8 bits.
//
// Every row of the left operand and every column of the right one is scaled by a power of two and rounded to whole numbers
// of 24 bits, each of three signed digits to the base 256. Of the nine products of digits the six with the highest weights are
// summed, exactly, in 32-bit whole numbers. So an element of a product of k terms is off by a few times 2^-24 of k times the
// largest of its row times the largest of its column at most, and by about as much as a chain of float32 additions where
// numbers are of one size. (Ootomo, Ozaki and Yokota, "DGEMM on integer matrix multiplication unit", 2024, for float64.)

/// Whether this processor and this system have matrix tiles; asks the system for them once.
int hustings_tiles_available(void);

/// Bytes of a right operand b[k×n] packed.
size_t hustings_tiles_packed_bytes(size_t k, size_t n);

/// How many units packing b[k×n] falls into, which threads can share out.
size_t hustings_tiles_pack_units(size_t k, size_t n, int transposed);

/// largest[n]: the bits, without the sign, of the largest magnitude of each column of b[k×n], its row p times factor[p] first
/// where there are factors. Row p of b is `b + ldb·rows[p]`.
void hustings_tiles_largest(size_t k, size_t n, const float *b, size_t ldb, const int32_t *rows, const float *factor,
                            uint32_t *largest);

/// scale[n]: the power of two by which each column is made whole numbers, where largest[parts×n] are those of all its parts; not a
/// number for a column with one that is not finite.
void hustings_tiles_scales(size_t n, size_t parts, const uint32_t *largest, float *scale);

/// Packs the units `first` ..< `last` of b[k×n], by factor[k] and scale[n] as above, or of the transpose of a stored [n×k],
/// which takes neither, to `packed`, aligned to 64 bytes. With `left` and neither of the two, the transpose of b is a left operand.
void hustings_tiles_pack(size_t k, size_t n, const float *b, size_t ldb, const int32_t *rows, int transposed, int left,
                         const float *factor, const float *scale, size_t first, size_t last, void *packed);

/// A right operand of `rows` rows whose digits a product writes on the way, its own rows from `first`, a multiple of 4; none when
/// `packed` is NULL.
typedef struct {
  void *packed;
  size_t rows, first;
} hustings_tiles_kept;

/// Readies a right operand [k×n] by these scales whose digits products keep.
void hustings_tiles_adopt(size_t k, size_t n, const float *scale, void *packed);

/// c[m×n] = (accumulate ? c : 0) + a·b, b[k×n] packed. Row i of a[m×k] is `a + lda·rows[i]`. Where there is a scale of each of
/// its columns, b was packed with the inverses as factors, and a's digits are kept.
void hustings_tiles_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const int32_t *rows,
                            const float *scale, hustings_tiles_kept kept, const void *packed, float *c, size_t ldc,
                            int accumulate);

/// c[n×m] = (accumulate ? c : 0) + bᵀ·a, its rows `first` ..< `last`: b[k×n] packed as a right operand, a[k×m] as a left one.
void hustings_tiles_outer(size_t m, size_t n, size_t k, const void *left, const void *right, size_t first, size_t last,
                          float *c, size_t ldc, int accumulate);

#endif
