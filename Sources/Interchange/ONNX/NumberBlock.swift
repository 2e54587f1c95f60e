/// Numbers in a block of any rank, the last extent innermost, as ONNX's operators take them; images
/// are `[N, C, H, W]`. One image at a time: `N` is 1.
struct NumberBlock: Sendable {
  let shape: [Int]
  let values: [Float]

  func reshaped(_ shape: [Int]) -> NumberBlock { NumberBlock(shape: shape, values: values) }

  /// The shape that a Reshape asks for: 0 takes over an extent, -1 is what is left.
  func shape(asking wanted: [Int]) -> [Int] {
    let known = wanted.enumerated().map { $1 == 0 ? shape[$0] : $1 }
    let rest = values.count / max(1, known.filter { $0 > 0 }.reduce(1, *))
    return known.map { $0 < 0 ? rest : $0 }
  }

  /// How far apart neighbours along each axis lie.
  private var strides: [Int] {
    shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
  }

  /// The places of the numbers of a block of this shape whose neighbours lie so far apart, in order.
  private static func places(_ shape: [Int], _ strides: [Int]) -> [Int] {
    zip(shape, strides).reduce([0]) { places, axis in
      places.flatMap { place in (0..<axis.0).map { place + $0 * axis.1 } }
    }
  }

  func transposed(_ order: [Int]) -> NumberBlock {
    let strides = strides
    let extents = order.map { shape[$0] }
    let places = Self.places(extents, order.map { strides[$0] })
    return NumberBlock(shape: extents, values: places.map { values[$0] })
  }

  /// Each number with its counterpart of a block that is repeated along axes where it has one number
  /// only, and along those that it has not.
  func combined(_ other: NumberBlock, _ body: (Float, Float) -> Float) -> NumberBlock {
    if shape == other.shape {
      return NumberBlock(shape: shape, values: zip(values, other.values).map(body))
    }
    let rank = max(shape.count, other.shape.count)
    let (a, b) = (padded(to: rank), other.padded(to: rank))
    let extents = zip(a.shape, b.shape).map { max($0, $1) }
    let places = [a, b].map { block in
      Self.places(extents, zip(block.shape, block.strides).map { $0 == 1 ? 0 : $1 })
    }
    return NumberBlock(
      shape: extents,
      values: zip(places[0], places[1]).map { body(a.values[$0], b.values[$1]) })
  }

  private func padded(to rank: Int) -> NumberBlock {
    reshaped([Int](repeating: 1, count: rank - shape.count) + shape)
  }

  /// The means along some axes, whose extents become 1.
  func mean(over axes: Set<Int>) -> NumberBlock {
    let target = reshaped(shape.enumerated().map { axes.contains($0) ? 1 : $1 })
    let places = Self.places(
      shape, zip(target.shape.indices, target.strides).map { axes.contains($0) ? 0 : $1 })
    var sums = [Float](repeating: 0, count: target.shape.reduce(1, *))
    for (place, value) in zip(places, values) { sums[place] += value }
    let count = Float(max(1, values.count / max(1, sums.count)))
    return NumberBlock(shape: target.shape, values: sums.map { $0 / count })
  }

  func concatenated(_ other: NumberBlock, axis: Int) -> NumberBlock {
    let counts = [self, other].map { $0.shape[axis...].reduce(1, *) }
    var result: [Float] = []
    for row in 0..<values.count / counts[0] {
      result += values[row * counts[0]..<(row + 1) * counts[0]]
      result += other.values[row * counts[1]..<(row + 1) * counts[1]]
    }
    var extents = shape
    extents[axis] += other.shape[axis]
    return NumberBlock(shape: extents, values: result)
  }

  /// Rows of `count` numbers, each made into others.
  func byRow(of count: Int, _ body: (ArraySlice<Float>) -> [Float]) -> NumberBlock {
    NumberBlock(
      shape: shape,
      values: stride(from: 0, to: values.count, by: count).flatMap {
        body(values[$0..<$0 + count])
      })
  }

  /// Rows of `count` numbers, each with mean 0 and variance 1.
  func normalized(rows count: Int, _ epsilon: Float) -> [Float] {
    byRow(of: count) { row in
      let mean = row.reduce(0) { $0 + Double($1) } / Double(count)
      let variance = row.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      let deviation = (variance / Double(count) + Double(epsilon)).squareRoot()
      return row.map { Float((Double($0) - mean) / deviation) }
    }.values
  }

  /// The products of the last two extents' matrices, one for all or one for each.
  func multiplied(by other: NumberBlock) -> NumberBlock {
    let rank = other.shape.count
    let (depth, columns) = (other.shape[rank - 2], other.shape[rank - 1])
    let rows = shape[shape.count - 2]
    var result: [Float] = []
    result.reserveCapacity(values.count / depth * columns)
    for row in 0..<values.count / depth {
      let matrix = rank == 2 ? 0 : row / rows * depth * columns
      var sums = [Float](repeating: 0, count: columns)
      for place in 0..<depth {
        let value = values[row * depth + place]
        let factors = other.values.span.extracting(
          matrix + place * columns..<matrix + (place + 1) * columns)
        for column in 0..<columns { sums[column] += value * factors[column] }
      }
      result += sums
    }
    return NumberBlock(shape: shape.dropLast() + [columns], values: result)
  }

  /// - Parameter size: rows and columns of a window.
  func pooled(size: Int, _ step: Int, _ body: ([Float]) -> Float) -> NumberBlock {
    let (height, width) = (shape[2], shape[3])
    let extents = [(height - size) / step + 1, (width - size) / step + 1]
    let result = (0..<shape[1] * extents[0] * extents[1]).map { place -> Float in
      let (channel, pixel) = place.quotientAndRemainder(dividingBy: extents[0] * extents[1])
      let top = (channel * height + pixel / extents[1] * step) * width
      let left = pixel % extents[1] * step
      return body((0..<size * size).map { values[top + left + $0 / size * width + $0 % size] })
    }
    return NumberBlock(shape: [1, shape[1]] + extents, values: result)
  }

  /// - Parameter weight: `[K, C, R, S]`.
  func convolved(
    _ weight: NumberBlock, bias: [Float], stride step: Int, padding: Int
  ) -> NumberBlock {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let (filters, size) = (weight.shape[0], weight.shape[2])
    let rows = (height + 2 * padding - size) / step + 1
    let columns = (width + 2 * padding - size) / step + 1
    var result: [Float] = []
    result.reserveCapacity(filters * rows * columns)
    for filter in 0..<filters {
      var plane = [Float](repeating: bias[filter], count: rows * columns)
      for tap in 0..<channels * size * size {
        let factor = weight.values[filter * channels * size * size + tap]
        let (channel, place) = tap.quotientAndRemainder(dividingBy: size * size)
        let (down, right) = (place / size - padding, place % size - padding)
        // The columns whose pixels are within the image.
        let first = max(0, (step - 1 - right) / step)
        let last = min(columns, (width - 1 - right) / step + 1)
        for row in 0..<rows where (0..<height).contains(row * step + down) && first < last {
          let line = (channel * height + row * step + down) * width + right
          for column in first..<last {
            plane[row * columns + column] += factor * values[line + column * step]
          }
        }
      }
      result += plane
    }
    return NumberBlock(shape: [1, filters, rows, columns], values: result)
  }
}
