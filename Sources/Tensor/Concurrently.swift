/// Calls `body` for each index below `count`, each on a thread of its own, the caller's among them,
/// and waits for all. For long work; what is done on tensors goes through a ``Device``.
public func concurrently(_ count: Int, _ body: @Sendable (_ index: Int) -> Void) {
  let pool = ThreadPool(threads: count)
  pool.run(count) { index, _ in body(index) }
}
