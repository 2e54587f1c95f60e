import KernelBodies
import Platform
import Support

/// Where tensors are computed: the kernels of one instruction set and a pool of threads.
///
/// Every operation on tensors is a method of a device and writes into a tensor it is given. The
/// number of threads never changes a result. A device is used by one thread at a time, for its
/// operations share scratch memory; trials that run side by side have a device each.
public final class Device {
  /// The instruction set in use.
  public let level: SIMDLevel
  /// How whole numbers of eight bits are multiplied.
  public let byteLevel: ByteLevel
  /// The caches by which products are cut into blocks.
  public let caches: CacheSizes
  /// The threads that compute.
  public var threadCount: Int { pool.threadCount }
  let kernels: any Kernels.Type
  let byteKernels: any ByteKernels.Type
  let pool: ThreadPool
  private var scratch: Tensor

  /// A device with the given instruction set and number of threads.
  ///
  /// - Parameter byteLevel: the widest that the instruction set has, if none is given.
  public init(
    level: SIMDLevel = .widest, threads: Int = Device.processorCount,
    caches: CacheSizes = .current, byteLevel: ByteLevel? = nil
  ) {
    let byteLevel = byteLevel ?? ByteLevel(widestOf: level)
    precondition(level.isUsable, "\(level.rawValue) cannot be used on this processor")
    precondition(byteLevel.isUsable, "\(byteLevel) cannot be used on this processor")
    self.level = level
    self.byteLevel = byteLevel
    self.caches = caches
    kernels = level.kernels
    byteKernels = byteLevel.kernels
    pool = ThreadPool(threads: threads)
    scratch = Tensor(zeros: [0])
  }

  /// The same, or an error where the system gives fewer threads.
  ///
  /// - Throws: ``DeviceError``.
  public convenience init(
    starting threads: Int, level: SIMDLevel = .widest, caches: CacheSizes = .current
  ) throws {
    self.init(level: level, threads: threads, caches: caches)
    guard threadCount == max(1, threads) else {
      throw DeviceError(wanted: threads, started: threadCount)
    }
  }

  /// The processors that this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Floats that hold nothing from one operation to the next. Grows when an operation needs more
  /// than any before it, which is in the first step.
  func scratch(_ count: Int) -> UnsafeMutablePointer<Float> {
    if scratch.count < count {
      // Not both at a time: of the largest layers each takes gigabytes.
      scratch = Tensor(zeros: [0])
      scratch = Tensor(zeros: [count])
    }
    return scratch.pointer
  }

  /// Floats of scratch memory so far.
  var scratchCount: Int { scratch.count }

  /// Calls `body` for each index below `count`, on all threads.
  func parallel(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    pool.run(count, body)
  }

  /// Calls `body` for ranges that together cover `0 ..< count`, about as long as `grain` or longer.
  /// Small loops stay on one thread.
  func parallelRanges(_ count: Int, grain: Int, _ body: (_ range: Range<Int>) -> Void) {
    parallelParts(count, grain: grain) { range, _ in body(range) }
  }

  /// The same, and says which of the threads is at work.
  func parallelParts(
    _ count: Int, grain: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void
  ) {
    let parts = min(threadCount * 4, (count + grain - 1) / grain)
    guard parts > 1, threadCount > 1 else {
      return pool.run(min(count, 1)) { _, worker in body(0..<count, worker) }
    }
    pool.run(parts) { part, worker in
      body(count * part / parts..<count * (part + 1) / parts, worker)
    }
  }
}

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

/// Threads that the system does not give.
public struct DeviceError: UserError, Equatable {
  public let wanted: Int
  public let started: Int

  public var exitCode: ExitCode { .unavailable }
  public var description: String {
    "only \(started) of \(wanted) threads could be started; ask for fewer, or raise the limits on "
      + "memory and processes (ulimit -v, ulimit -u)"
  }
}
