// Sums of products of small whole numbers, for which Swift's vectors have no operation: one
// instruction each, inlined into the kernels of the module that is compiled for it.
//
// None saturates: what does, as `vpmaddubsw` and `vpdpbusds`, gives other sums than a plain loop.
#ifndef EMNIST_DOT_PRODUCTS_H
#define EMNIST_DOT_PRODUCTS_H

#if defined(__x86_64__)
#include <immintrin.h>

typedef int emnist_int4 __attribute__((vector_size(16)));
typedef int emnist_int8 __attribute__((vector_size(32)));
typedef int emnist_int16 __attribute__((vector_size(64)));

/// In each lane `sum` and the products of two signed numbers of 16 bits.
static inline emnist_int4 dot_pairs_4(emnist_int4 sum, emnist_int4 x, emnist_int4 w) {
  return sum + (emnist_int4)_mm_madd_epi16((__m128i)x, (__m128i)w);
}

#if defined(__AVX2__)
/// The same in eight lanes.
static inline emnist_int8 dot_pairs_8(emnist_int8 sum, emnist_int8 x, emnist_int8 w) {
  return sum + (emnist_int8)_mm256_madd_epi16((__m256i)x, (__m256i)w);
}
#endif

#if defined(__AVX512BW__)
/// The same in sixteen lanes.
static inline emnist_int16 dot_pairs_16(emnist_int16 sum, emnist_int16 x, emnist_int16 w) {
  return sum + (emnist_int16)_mm512_madd_epi16((__m512i)x, (__m512i)w);
}
#endif

#if defined(__AVX512VNNI__)
/// In each lane `sum` and the products of four unsigned bytes of `x` and signed ones of `w`.
static inline emnist_int16 dot_bytes_16(emnist_int16 sum, emnist_int16 x, emnist_int16 w) {
  return (emnist_int16)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)x, (__m512i)w);
}
#endif
#endif

#endif
