// What libheif's functions return by value, and those functions' types: Swift cannot say either.
//
// They are opened at run time; nothing of libheif is needed to build.
#ifndef EMNIST_PICTURES_H
#define EMNIST_PICTURES_H

#include <stddef.h>

/// libheif's `struct heif_error`: 0 for success, and a text that the library owns.
struct heif_result {
  int code;
  int subcode;
  const char *message;
};

/// `heif_context_read_from_memory_without_copy`
typedef struct heif_result (*heif_read_function)(
    void *context, const void *bytes, size_t size, const void *options);

/// `heif_context_get_primary_image_handle`
typedef struct heif_result (*heif_primary_function)(void *context, void **handle);

/// `heif_decode_image`
typedef struct heif_result (*heif_decode_function)(
    void *handle, void **image, int colorspace, int chroma, const void *options);

#endif
