/// Which pixels of a picture are ink, and how dark each is, whatever the light it was taken in.
///
/// Paper is a plane fitted to the border's brightness, so that light from one side does no harm.
/// Ink is what lies beyond the threshold that parts the rest best into two (Nobuyuki Otsu, "A
/// Threshold Selection Method from Gray-Level Histograms", 1979). Pieces of less than a 25th of
/// the largest are dirt; the dot of an i is not.
struct InkMask {
  let width: Int
  let height: Int
  /// From 0, paper, to 1, ink; 0 in dirt.
  private(set) var values: [Double]
  /// The pixels that are ink for certain.
  private(set) var isInk: [Bool]

  /// The size that a piece must have, as a share of the largest.
  private static let leastPiece = 0.04

  /// - Parameters:
  ///   - ink: brighter where there is ink, row by row.
  init(_ ink: [Double], width: Int, height: Int) {
    self.width = width
    self.height = height
    let paper = PaperPlane(borderOf: ink, width: width, height: height)
    let relief = ink.indices.map { max(0, ink[$0] - paper[$0 % width, $0 / width]) }
    let parts = OtsuThreshold(relief)
    values = relief.map { parts.share(of: $0) }
    isInk = relief.map { $0 > parts.threshold }
    removeDirt()
  }

  /// The smallest box around the ink; `nil` if there is none.
  var box: (columns: Range<Int>, rows: Range<Int>)? {
    let places = isInk.indices.filter { isInk[$0] }
    guard let first = places.first, let last = places.last else { return nil }
    let columns = places.map { $0 % width }
    let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
    return (left..<right + 1, first / width..<last / width + 1)
  }

  /// Takes away small pieces, and what is faint and not at the edge of a kept one.
  private mutating func removeDirt() {
    let pieces = connectedPieces
    let largest = pieces.map(\.count).max() ?? 0
    isInk = [Bool](repeating: false, count: isInk.count)
    for piece in pieces where Double(piece.count) >= Self.leastPiece * Double(largest) {
      for place in piece { isInk[place] = true }
    }
    let kept = grown(grown(isInk))
    for place in values.indices where !kept[place] { values[place] = 0 }
  }

  /// The ink in pieces; diagonal neighbours touch.
  private var connectedPieces: [[Int]] {
    var isLeft = isInk
    var pieces: [[Int]] = []
    for start in isInk.indices where isLeft[start] {
      isLeft[start] = false
      var piece = [start]
      var next = 0
      while next < piece.count {
        forEachNeighbor(of: piece[next]) { place in
          guard isLeft[place] else { return }
          isLeft[place] = false
          piece.append(place)
        }
        next += 1
      }
      pieces.append(piece)
    }
    return pieces
  }

  /// With all neighbours.
  private func grown(_ mask: [Bool]) -> [Bool] {
    var grown = mask
    for place in mask.indices where mask[place] {
      forEachNeighbor(of: place) { grown[$0] = true }
    }
    return grown
  }

  private func forEachNeighbor(of place: Int, _ body: (Int) -> Void) {
    let (x, y) = (place % width, place / width)
    for row in max(0, y - 1)...min(height - 1, y + 1) {
      for column in max(0, x - 1)...min(width - 1, x + 1) { body(row * width + column) }
    }
  }
}

/// The threshold that parts values into two groups with the least spread inside them.
struct OtsuThreshold {
  /// What is above it belongs to the upper group.
  let threshold: Double
  /// The groups' means.
  let lower: Double
  let upper: Double

  /// - Parameter values: from 0 to 255, at least one.
  init(_ values: [Double]) {
    var counts = [Int](repeating: 0, count: 256)
    for value in values { counts[Int(min(max(value, 0), 255).rounded())] += 1 }
    let total = Double(values.count)
    let sum = counts.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) }
    var best = (between: -1.0, threshold: 0, lower: 0.0, upper: 0.0)
    var (below, belowSum) = (0.0, 0.0)
    for (value, count) in counts.enumerated() where count > 0 {
      below += Double(count)
      belowSum += Double(count * value)
      let above = total - below
      let lower = belowSum / below
      let upper = above > 0 ? (sum - belowSum) / above : lower
      let between = below * above * (upper - lower) * (upper - lower)
      if between > best.between { best = (between, value, lower, upper) }
    }
    (threshold, lower, upper) = (Double(best.threshold) + 0.5, best.lower, best.upper)
  }

  /// 0 at the lower group's mean and below, 1 at the upper one's and above.
  func share(of value: Double) -> Double {
    guard upper > lower else { return 0 }
    return min(max((value - lower) / (upper - lower), 0), 1)
  }
}
