import Support

// The layers that have weights, by their definition.

extension GraphConvolution {
  /// - Parameters:
  ///   - shape: of the input, `[H, W, C]`.
  ///   - target: of the output.
  func output(of x: [Float], _ shape: [Int], to target: [Int]) -> [Float] {
    let (height, width) = (shape[0], shape[1])
    var result: [Float] = []
    result.reserveCapacity(target.reduce(1, *))
    for row in 0..<target[0] {
      for column in 0..<target[1] {
        var sums = bias
        for tap in 0..<kernelSize * kernelSize {
          let y = row * stride + tap / kernelSize - padding
          let across = column * stride + tap % kernelSize - padding
          guard (0..<height).contains(y), (0..<width).contains(across) else { continue }
          let start = (y * width + across) * inputs
          add(
            x[start..<start + inputs], weight, from: tap * inputs * outputs, to: &sums)
        }
        result += sums
      }
    }
    return result
  }
}

extension GraphDense {
  /// Of each row of `inputs` numbers.
  func output(of x: [Float]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(x.count / inputs * outputs)
    for start in stride(from: 0, to: x.count, by: inputs) {
      var sums = bias
      add(x[start..<start + inputs], weight, from: 0, to: &sums)
      result += sums
    }
    return result
  }
}

/// Adds to each sum the products of numbers with their rows of weights, the first of which begins at
/// `start`.
private func add(
  _ x: ArraySlice<Float>, _ weights: [Float], from start: Int, to sums: inout [Float]
) {
  let count = sums.count
  var row = start
  for value in x {
    // Behind a ReLU many are.
    if value != 0 {
      let factors = weights.span.extracting(row..<row + count)
      for column in 0..<count { sums[column] += value * factors[column] }
    }
    row += count
  }
}

extension GraphNormalization {
  /// Over each row.
  func output(of x: [Float]) -> [Float] {
    let columns = scale.count
    return stride(from: 0, to: x.count, by: columns).flatMap { start in
      let row = normalized(Array(x[start..<start + columns]))
      return row.indices.map { row[$0] * scale[$0] + shift[$0] }
    }
  }

  /// Over the columns of a group in all rows.
  func output(of x: [Float], groups: Int) -> [Float] {
    let columns = scale.count
    let size = columns / groups
    var result = x
    for group in 0..<groups {
      let places = x.indices.filter { $0 % columns / size == group }
      for (place, value) in zip(places, normalized(places.map { x[$0] })) {
        result[place] = value * scale[place % columns] + shift[place % columns]
      }
    }
    return result
  }

  private func normalized(_ x: [Float]) -> [Float] {
    let mean = x.reduce(0) { $0 + Double($1) } / Double(x.count)
    let variance =
      x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.count)
    let deviation = (variance + Double(epsilon)).squareRoot()
    return x.map { Float((Double($0) - mean) / deviation) }
  }
}

extension GraphAttention {
  /// Of tokens `[T, width]`.
  func output(of x: [Float]) -> [Float] {
    let (tokens, size) = (x.count / width, width / heads)
    let projected = projection.output(of: x)
    var mixed = [Float](repeating: 0, count: x.count)
    func row(_ token: Int, _ part: Int, _ head: Int) -> ArraySlice<Float> {
      let start = (3 * token + part) * width + head * size
      return projected[start..<start + size]
    }
    for head in 0..<heads {
      for token in 0..<tokens {
        let query = row(token, 0, head)
        let scores = (0..<tokens).map { other in
          zip(query, row(other, 1, head)).reduce(0) { $0 + $1.0 * $1.1 }
            / Float(size).squareRoot()
        }
        for (other, weight) in softmax(of: scores).enumerated() {
          for (place, value) in row(other, 2, head).enumerated() {
            mixed[token * width + head * size + place] += weight * value
          }
        }
      }
    }
    return output.output(of: mixed)
  }
}

/// The probabilities that logits stand for.
func softmax(of logits: [Float]) -> [Float] {
  let largest = Double(logits.max() ?? 0)
  let powers = logits.map { exponential(Double($0) - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { Float($0 / sum) }
}
