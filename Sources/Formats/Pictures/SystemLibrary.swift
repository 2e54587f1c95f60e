import Platform

/// A library of the system that is opened when it is first needed, so that neither the build nor the
/// program depends on it.
///
/// Safe to have, because it is never closed; what is not is to take a function for one of another
/// type, which nothing can check.
@safe struct SystemLibrary: @unchecked Sendable {
  // Unchecked: the handle is only looked up in, which the dynamic loader allows from any thread.
  private let handle: UnsafeMutableRawPointer

  /// - Parameter name: as the loader looks for it, with the number of its interface:
  ///   `libwebp.so.7`.
  /// - Returns: `nil` if it is not there.
  init?(_ name: String) {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    unsafe self.handle = handle
  }

  /// A function of the library, or `nil` if it has none of that name.
  ///
  /// - Parameter type: a `@convention(c)` type that is the function's own.
  @unsafe func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
    guard let symbol = unsafe dlsym(handle, name) else { return nil }
    return unsafe unsafeBitCast(symbol, to: type)
  }
}
