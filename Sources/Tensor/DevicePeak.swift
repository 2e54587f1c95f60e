import KernelBodies

extension Device {
  /// Does nothing but multiply and add, on all threads, as fast as the processor can: the limit
  /// that everything else is compared with.
  ///
  /// Every chain of multiply-adds is `x = x / 2 + 1` and begins with 0. After 30 steps it is 2, to
  /// the last bit.
  ///
  /// - Parameter steps: the steps of every chain, at least 240. 100,000 take some tenths of a
  ///   millisecond on each thread.
  /// - Returns: floating-point operations done, two a multiply-add, or `nil` if a result is wrong.
  public func runMultiplyAdds(steps: Int) -> Int? {
    let room = 24 * kernels.tileLanes
    let parts = 8 * threadCount
    let chains = scratch(parts * room)
    chains.update(repeating: 0, count: parts * room)
    parallel(parts) { part, _ in
      kernels.multiplyAddChains(steps: steps / 8, a: 0.5, b: 1, chains + part * room)
    }
    let used = (0..<room).count { chains[$0] != 0 }
    for part in 0..<parts {
      for i in 0..<used where chains[part * room + i] != 2 { return nil }
    }
    return 2 * used * parts * (steps / 8)
  }
}
