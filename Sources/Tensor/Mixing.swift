import KernelBodies

extension Device {
  /// `y[i] = share · y[i] + (1 − share) · x[partners[i]]` for each item `i` of `[N, …]`.
  public func blendItems(of x: Tensor, at partners: [Int32], into y: Tensor, share: Float) {
    let size = itemSize(x, partners, y)
    parallelRanges(y.shape[0], grain: 16) { range in
      for i in range {
        kernels.blend(
          x.pointer + Int(partners[i]) * size, count: size, factor: 1 - share,
          into: y.pointer + i * size, rest: share)
      }
    }
  }

  /// Overwrites a box of each image `i` of `[N, H, W, C]` with that of image `partners[i]` of `x`.
  public func pasteBox(
    of x: Tensor, at partners: [Int32], rows: Range<Int>, columns: Range<Int>, into y: Tensor
  ) {
    let size = itemSize(x, partners, y)
    let (width, channels) = (y.shape[2], y.shape[3])
    precondition(rows.upperBound <= y.shape[1] && columns.upperBound <= width, "pasteBox: the box")
    parallelRanges(y.shape[0], grain: 16) { range in
      for i in range {
        for row in rows {
          let place = (row * width + columns.lowerBound) * channels
          (y.pointer + i * size + place).update(
            from: x.pointer + Int(partners[i]) * size + place, count: columns.count * channels)
        }
      }
    }
  }

  private func itemSize(_ x: Tensor, _ partners: [Int32], _ y: Tensor) -> Int {
    precondition(x.shape == y.shape && partners.count >= y.shape[0], "mixing: \(x.shape)")
    return y.shape[0] == 0 ? 0 : y.count / y.shape[0]
  }
}
