/// Bytes that belong to the elements of a tensor: dropout masks, choices of a pooling window.
public final class Bytes {
  let pointer: UnsafeMutablePointer<UInt8>
  /// The number of bytes.
  public let count: Int

  /// `count` zeros, and room up to a multiple of 64 that kernels may write into.
  public init(count: Int) {
    self.count = count
    pointer = .allocate(capacity: (count + 127) / 64 * 64)
    pointer.initialize(repeating: 0, count: (count + 127) / 64 * 64)
  }

  deinit { pointer.deallocate() }

  /// The bytes as an array.
  public var values: [UInt8] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
