#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdbool.h>

/// Whether allocations can be counted: only where glibc is the C library.
bool allocation_count_is_available(void);

/// From now on counts what any thread of the process allocates on the heap.
void allocation_count_begin(void);

/// Stops counting and returns the number of allocations since then.
long allocation_count_end(void);

/// Writes to a file descriptor where they were made: up to 32 different stacks of mangled names.
void allocation_count_show(int file);

#endif
