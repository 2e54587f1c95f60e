import Support
import Tensor

/// Memory that holds nothing beyond one pass. A plan has one piece of it for all its layers: each
/// takes its regions from the same beginning, and a composite layer leaves the rest to those within.
public struct SharedRoom {
  private var rest: Tensor

  /// Room of `size` floats, which ``size(of:)`` and the outlines tell.
  init(size: Int) { rest = Tensor(zeros: [size]) }

  /// Floats that regions of these counts take together: each begins with a cache line and leaves one
  /// behind it free, as tensors of their own do.
  static func size(of counts: [Int]) -> Int {
    boundedSum(counts.map { ($0 + 31) / 16 * 16 })
  }

  /// The next region.
  mutating func take(_ shape: Shape) -> Tensor {
    let size = Self.size(of: [shape.count])
    let region = rest.prefix(shape)
    rest = rest.items(from: size, count: rest.count - size)
    return region
  }
}
