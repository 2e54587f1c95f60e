import Platform

/// A library of the system that is opened when it is first needed, so that neither the build nor the
/// program depends on it.
struct SystemLibrary: @unchecked Sendable {
  // Unchecked: the handle is only looked up in, which the dynamic loader allows from any thread.
  private let handle: UnsafeMutableRawPointer

  /// - Parameter name: as the loader looks for it, with the number of its interface:
  ///   `libwebp.so.7`.
  /// - Returns: `nil` if it is not there.
  init?(_ name: String) {
    guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    self.handle = handle
  }

  /// A function of the library, or `nil` if it has none of that name.
  ///
  /// - Parameter type: a `@convention(c)` type that is the function's own.
  func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
    guard let symbol = dlsym(handle, name) else { return nil }
    return unsafeBitCast(symbol, to: type)
  }
}
