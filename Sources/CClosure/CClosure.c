#include "CClosure.h"

__attribute__((swiftcall)) void closure_take_apart(
    const void *function, void *context, closure_words *words) {
  words->function = function;
  words->context = context;
}
