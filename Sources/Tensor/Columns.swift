import KernelBodies

// Tensors side by side along their last extent, as a network that concatenates channels has them.

extension Device {
  /// `y = [a, b]` along the last extent: `[…, A]` and `[…, B]` become `[…, A + B]`.
  public func concatenate(_ a: Tensor, _ b: Tensor, into y: Tensor) {
    let (rows, left) = a.shape.asMatrix
    let (bRows, right) = b.shape.asMatrix
    precondition(
      rows == bRows && y.shape.asMatrix == (rows, left + right),
      "concatenate: \(a.shape) and \(b.shape) into \(y.shape)")
    forEachRow(of: rows, columns: left + right) { row in
      let to = y.pointer + row * (left + right)
      to.update(from: a.pointer + row * left, count: left)
      (to + left).update(from: b.pointer + row * right, count: right)
    }
  }

  /// `y = x[…, first ..< first + C]` for a `y` of `[…, C]`.
  public func copyColumns(of x: Tensor, from first: Int, into y: Tensor) {
    let (rows, columns, width) = checkColumns(of: x, from: first, y)
    forEachRow(of: rows, columns: columns) { row in
      (y.pointer + row * columns).update(from: x.pointer + row * width + first, count: columns)
    }
  }

  /// `y += x[…, first ..< first + C]` for a `y` of `[…, C]`.
  public func addColumns(of x: Tensor, from first: Int, to y: Tensor) {
    let (rows, columns, width) = checkColumns(of: x, from: first, y)
    forEachRow(of: rows, columns: columns) { row in
      kernels.add(
        x.pointer + row * width + first, count: columns, to: y.pointer + row * columns)
    }
  }

  private func checkColumns(
    of x: Tensor, from first: Int, _ part: Tensor
  ) -> (rows: Int, columns: Int, width: Int) {
    let (rows, columns) = part.shape.asMatrix
    let (xRows, width) = x.shape.asMatrix
    precondition(
      rows == xRows && first >= 0 && first + columns <= width,
      "columns from \(first) of \(x.shape) as \(part.shape)")
    return (rows, columns, width)
  }

  private func forEachRow(of rows: Int, columns: Int, _ body: (_ row: Int) -> Void) {
    parallelRanges(rows, grain: max(1, Self.elementGrain / max(1, columns))) { range in
      for row in range { body(row) }
    }
  }
}
