// Which groups of instructions this processor offers and this operating system saves.
//
// `__builtin_cpu_supports` looks at both: a feature whose registers the kernel does not save is
// reported as absent.
#ifndef EMNIST_CPU_FEATURES_H
#define EMNIST_CPU_FEATURES_H

#include <stdbool.h>

/// x86-64-v4: AVX-512 F, BW, CD, DQ and VL, and everything of v3.
static inline bool cpu_supports_avx512(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v4");
#else
  return false;
#endif
}

/// VNNI in 512 bits, beside everything of x86-64-v4: sums of products of bytes.
static inline bool cpu_supports_avx512_vnni(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

/// x86-64-v3: AVX2, FMA, BMI1, BMI2, F16C, LZCNT and MOVBE.
static inline bool cpu_supports_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v3");
#else
  return false;
#endif
}

/// Tells the processor that this is a spinning loop.
static inline void cpu_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

#endif
