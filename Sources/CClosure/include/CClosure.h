// A Swift closure as its two words, so that a loop's body can be handed to other threads without
// being copied to the heap, which is the only way the language has.
//
// A closure is passed as a function and a context; the function takes its arguments and, in the
// register set aside for it, the context (Swift's docs/ABI/CallingConvention.rst). The context of a
// closure that does not escape lies on the stack of whoever made it, and must not outlive the call
// that it is an argument of.
#ifndef EMNIST_CCLOSURE_H
#define EMNIST_CCLOSURE_H

/// The two words of a closure `(Int, Int) -> Void`.
typedef struct {
  const void *function;
  void *context;
} closure_words;

/// Calls the closure.
static inline void closure_call(closure_words closure, long first, long second) {
  typedef __attribute__((swiftcall)) void (*body)(
      long, long, __attribute__((swift_context)) void *);
  ((body)closure.function)(first, second, closure.context);
}

/// Takes a closure apart. For Swift it has the signature
/// `(_ body: (Int, Int) -> Void, _ words: UnsafeMutablePointer<closure_words>)`.
__attribute__((swiftcall)) void closure_take_apart(
    const void *function, void *context, closure_words *words);

#endif
