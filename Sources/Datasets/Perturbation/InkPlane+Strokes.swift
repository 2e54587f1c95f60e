import Support

// What changes ink where it is.
extension InkPlane {
  /// Thicker strokes, or thinner ones if `amount` is below 0: grey dilation and erosion by the 3 × 3
  /// pixels around each. A whole number is how often that is done; of a fraction each pixel goes that
  /// share of the last way.
  func thickened(by amount: Double) -> InkPlane {
    var (plane, rest) = (self, abs(amount))
    while rest > 0 {
      plane = plane.movedTowardsExtremes(by: min(rest, 1), isDilated: amount > 0)
      rest -= 1
    }
    return plane
  }

  private func movedTowardsExtremes(by share: Double, isDilated: Bool) -> InkPlane {
    map { row, column in
      let own = value(row, column)
      var extreme = own
      for r in row - 1...row + 1 {
        for c in column - 1...column + 1 {
          extreme = isDilated ? max(extreme, value(r, c)) : min(extreme, value(r, c))
        }
      }
      return share == 1 ? extreme : own + share * (extreme - own)
    }
  }

  /// Out of focus: a Gaussian filter whose standard deviation is so many pixels, cut off at four of
  /// them.
  func blurred(by deviation: Double) -> InkPlane {
    guard deviation > 0 else { return self }
    let radius = Int((4 * deviation + 0.5).rounded(.down))
    let bell = (-radius...radius).map {
      exponential(-Double($0 * $0) / (2 * deviation * deviation))
    }
    let sum = bell.reduce(0, +)
    let weights = bell.map { $0 / sum }
    func filtered(_ plane: InkPlane, _ step: (row: Int, column: Int)) -> InkPlane {
      plane.map { row, column in
        weights.enumerated().reduce(0) { total, weight in
          let offset = weight.offset - radius
          return total
            + weight.element
            * plane.value(row + offset * step.row, column + offset * step.column)
        }
      }
    }
    return filtered(filtered(self, (1, 0)), (0, 1))
  }

  /// With numbers from the normal distribution of mean 0 and this standard deviation added.
  func withNoise(of deviation: Double, using random: inout RandomStream) -> InkPlane {
    guard deviation > 0 else { return self }
    var result = self
    for index in values.indices { result.values[index] += deviation * Double(random.normal()) }
    return result
  }
}
