import KernelBodies
import Support

extension Device {
  /// Fills `mask` with 1 where an element is kept, with probability `1 − rate` (a multiple of
  /// 2^-16), else 0. A pure function of seed, step, layer and element.
  public func fillDropoutMask(
    _ mask: Bytes, count: Int, rate: Double, seed: UInt64, step: Int, layer: Int
  ) {
    precondition(count <= mask.count, "a mask of \(mask.count) bytes for \(count) elements")
    let threshold = UInt32((rate * 65536).rounded())
    let philox = Philox(key: seed)
    // 64 mask bytes come from eight blocks; ranges are counted in these groups.
    parallelRanges((count + 63) / 64, grain: 64) { range in
      let counter = SIMD4(
        UInt32(truncatingIfNeeded: range.lowerBound * 8), UInt32(truncatingIfNeeded: layer),
        UInt32(truncatingIfNeeded: step), RandomPurpose.dropout.rawValue)
      kernels.randomMask(
        key: philox.key, counter: counter, threshold: threshold, count: range.count * 64,
        to: mask.pointer + range.lowerBound * 64)
    }
  }

  /// `y = x · factor` where the mask is 1, else 0; `x` and `y` may be the same tensor.
  public func applyMask(_ mask: Bytes, _ x: Tensor, factor: Float, into y: Tensor) {
    precondition(x.count == y.count && x.count <= mask.count, "applyMask: \(x.shape)")
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      kernels.applyMask(
        x.pointer + range.lowerBound, keep: mask.pointer + range.lowerBound, count: range.count,
        factor: factor, to: y.pointer + range.lowerBound)
    }
  }
  /// The same with one byte of the mask for each item of the batch: `x` and `y` are `[N, …]`.
  public func applyItemMask(_ mask: Bytes, _ x: Tensor, factor: Float, into y: Tensor) {
    let items = x.shape[0]
    precondition(x.count == y.count && items <= mask.count, "applyItemMask: \(x.shape)")
    let size = x.count / max(1, items)
    parallelRanges(items, grain: max(1, Self.elementGrain / max(1, size))) { range in
      for item in range {
        let (from, to) = (x.pointer + item * size, y.pointer + item * size)
        if mask.pointer[item] == 0 {
          to.update(repeating: 0, count: size)
        } else {
          kernels.scale(from, count: size, by: factor, to: to)
        }
      }
    }
  }

  /// The same with one byte for each channel of each item: `x` and `y` are `[N, …, C]`.
  public func applyChannelMask(_ mask: Bytes, _ x: Tensor, factor: Float, into y: Tensor) {
    let (rows, channels) = x.shape.asMatrix
    let items = x.shape[0]
    precondition(x.count == y.count && items * channels <= mask.count, "mask of \(x.shape)")
    let rowsInItem = rows / max(1, items)
    parallelRanges(rows, grain: max(1, Self.elementGrain / max(1, channels))) { range in
      for row in range {
        kernels.applyMask(
          x.pointer + row * channels, keep: mask.pointer + row / rowsInItem * channels,
          count: channels, factor: factor, to: y.pointer + row * channels)
      }
    }
  }
}
