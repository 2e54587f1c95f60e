import KernelBodies

// Images as sequences of patches, and means over sequences.

/// Square patches that an image `[H, W, C]` is cut into, row by row, none left over.
public struct PatchGeometry: Equatable, Sendable {
  public let height: Int
  public let width: Int
  public let channels: Int
  public let size: Int

  /// - Precondition: `size` divides both sides.
  public init(height: Int, width: Int, channels: Int, size: Int) {
    precondition(size > 0 && height % size == 0 && width % size == 0, "patches of \(size)")
    (self.height, self.width, self.channels, self.size) = (height, width, channels, size)
  }

  /// How many patches there are.
  public var count: Int { (height / size) * (width / size) }
  /// Numbers in a patch.
  public var patchSize: Int { size * size * channels }
}

extension Device {
  /// Cuts images `[N, H, W, C]` into patches `[N, T, p · p · C]`, each row by row.
  public func cutPatches(_ x: Tensor, _ g: PatchGeometry, into y: Tensor) {
    forEachPatchRow(of: x, g, y) { pixels, patch, count in
      patch.update(from: pixels, count: count)
    }
  }

  /// Puts patches together again.
  public func joinPatches(_ y: Tensor, _ g: PatchGeometry, into x: Tensor) {
    forEachPatchRow(of: x, g, y) { pixels, patch, count in
      pixels.update(from: patch, count: count)
    }
  }

  private func forEachPatchRow(
    of images: Tensor, _ g: PatchGeometry, _ patches: Tensor,
    _ body: (_ pixels: Target, _ patch: Target, _ count: Int) -> Void
  ) {
    precondition(
      images.count == patches.count
        && images.shape == Shape(images.shape[0], g.height, g.width, g.channels),
      "patches of \(images.shape)")
    let count = g.size * g.channels
    let across = g.width / g.size
    parallelRanges(images.shape[0], grain: 1) { range in
      for item in range {
        let pixels = images.pointer + item * g.height * g.width * g.channels
        let start = patches.pointer + item * g.count * g.patchSize
        for row in 0..<g.height {
          let (line, inside) = row.quotientAndRemainder(dividingBy: g.size)
          for column in 0..<across {
            body(
              pixels + (row * across + column) * count,
              start + (line * across + column) * g.patchSize + inside * count, count)
          }
        }
      }
    }
  }

  /// The mean over the rows of each item: `[N, T, C]` becomes `[N, C]`.
  public func meanOfRows(_ x: Tensor, into y: Tensor) {
    let (items, rows, columns) = (x.shape[0], x.shape[1], x.shape[2])
    precondition(y.count == items * columns, "meanOfRows: \(x.shape) into \(y.shape)")
    parallelRanges(items, grain: max(1, Self.elementGrain / max(1, rows * columns))) { range in
      for item in range {
        let to = y.pointer + item * columns
        kernels.sumRows(
          x.pointer + item * rows * columns, Rows(rows, of: columns), into: to, accumulating: false)
        kernels.scale(to, count: columns, by: 1 / Float(rows), to: to)
      }
    }
  }

  /// The gradient of ``meanOfRows(_:into:)``'s input; `dx` is overwritten.
  public func meanOfRowsBackward(_ dy: Tensor, into dx: Tensor) {
    let (items, rows, columns) = (dx.shape[0], dx.shape[1], dx.shape[2])
    precondition(dy.count == items * columns, "meanOfRowsBackward: \(dy.shape)")
    parallelRanges(items, grain: max(1, Self.elementGrain / max(1, rows * columns))) { range in
      for row in range.lowerBound * rows..<range.upperBound * rows {
        kernels.scale(
          dy.pointer + row / rows * columns, count: columns, by: 1 / Float(rows),
          to: dx.pointer + row * columns)
      }
    }
  }

  /// `y += x` for each item: `x` is `[…]`, `y` `[N, …]`.
  public func addToItems(_ x: Tensor, to y: Tensor) {
    precondition(y.count == y.shape[0] * x.count, "addToItems: \(x.shape) to \(y.shape)")
    parallelRanges(y.shape[0], grain: max(1, Self.elementGrain / max(1, x.count))) { range in
      for item in range {
        kernels.add(x.pointer, count: x.count, to: y.pointer + item * x.count)
      }
    }
  }
}
