/// Whether the tests are compiled with optimization. Without it Swift boxes what generic code passes
/// on, and limits of time mean nothing.
public let isOptimized: Bool = {
  #if DEBUG
    false
  #else
    true
  #endif
}()
