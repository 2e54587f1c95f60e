// Counts heap allocations: defines the allocating functions of the C library for the program it is
// linked into, which forward to glibc's own. Memory is freed by glibc as ever.

#include "AllocationCount.h"

#if defined(__linux__)
#include <features.h>
#endif

// The sanitizers have allocating functions of their own, which must not be replaced.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define is_sanitized 1
#else
#define is_sanitized 0
#endif

#if defined(__GLIBC__) && !is_sanitized

#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum { kept_stacks = 32, kept_frames = 16 };

static atomic_bool counting;
static atomic_long count;
/// One thread at a time keeps its stack.
static atomic_flag keeping = ATOMIC_FLAG_INIT;
static void *stacks[kept_stacks][kept_frames];
static int depths[kept_stacks];
static int kept;

static bool is_kept(void *const *stack, int depth) {
  for (int i = 0; i < kept; i++) {
    if (depths[i] == depth && memcmp(stacks[i], stack, depth * sizeof *stack) == 0) return true;
  }
  return false;
}

static void keep_stack(void) {
  void *stack[kept_frames];
  int depth = backtrace(stack, kept_frames);
  while (atomic_flag_test_and_set(&keeping)) {
  }
  if (kept < kept_stacks && !is_kept(stack, depth)) {
    memcpy(stacks[kept], stack, sizeof stack);
    depths[kept++] = depth;
  }
  atomic_flag_clear(&keeping);
}

static void note(void) {
  if (!atomic_load_explicit(&counting, memory_order_relaxed)) return;
  atomic_fetch_add(&count, 1);
  keep_stack();
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
  note();
  return __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size) {
  note();
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *result = memalign(alignment, size);
  if (result == NULL) return ENOMEM;
  *memory = result;
  return 0;
}

bool allocation_count_is_available(void) { return true; }

void allocation_count_begin(void) {
  // The first backtrace loads a library, which allocates.
  void *frame[1];
  backtrace(frame, 1);
  atomic_store(&count, 0);
  kept = 0;
  atomic_store(&counting, true);
}

long allocation_count_end(void) {
  atomic_store(&counting, false);
  return atomic_load(&count);
}

void allocation_count_show(int file) {
  for (int i = 0; i < kept; i++) {
    // The first two frames are these functions.
    backtrace_symbols_fd(stacks[i] + 2, depths[i] - 2, file);
    (void)!write(file, "\n", 1);
  }
}

#else

bool allocation_count_is_available(void) { return false; }
void allocation_count_begin(void) {}
long allocation_count_end(void) { return 0; }
void allocation_count_show(int file) { (void)file; }

#endif
