import Support

/// A box of whole pixels.
public struct InkBox: Equatable, Sendable {
  public let columns: Range<Int>
  public let rows: Range<Int>

  /// The smallest box around both.
  func union(_ other: InkBox) -> InkBox {
    InkBox(
      columns: min(
        columns.lowerBound, other.columns.lowerBound)..<max(
          columns.upperBound, other.columns.upperBound),
      rows: min(
        rows.lowerBound, other.rows.lowerBound)..<max(rows.upperBound, other.rows.upperBound))
  }

  /// With a margin, as far as there is picture.
  func grown(by margin: Int, within width: Int, _ height: Int) -> InkBox {
    InkBox(
      columns: max(0, columns.lowerBound - margin)..<min(width, columns.upperBound + margin),
      rows: max(0, rows.lowerBound - margin)..<min(height, rows.upperBound + margin))
  }

  /// In a picture that is larger by a factor.
  func scaled(by factor: Int) -> InkBox {
    InkBox(
      columns: columns.lowerBound * factor..<columns.upperBound * factor,
      rows: rows.lowerBound * factor..<rows.upperBound * factor)
  }

  /// `{"x", "y", "width", "height"}`
  var json: JSONObject {
    [
      "x": .integer(columns.lowerBound), "y": .integer(rows.lowerBound),
      "width": .integer(columns.count), "height": .integer(rows.count),
    ]
  }

  /// The longer side.
  var side: Int { max(columns.count, rows.count) }

  /// Whether it reaches an edge of the box that it lies in.
  func touches(_ frame: InkBox) -> Bool {
    columns.lowerBound == frame.columns.lowerBound || columns.upperBound == frame.columns.upperBound
      || rows.lowerBound == frame.rows.lowerBound || rows.upperBound == frame.rows.upperBound
  }

  /// Whether there is a gap between the two of a tenth of the other's side, along one axis.
  func isBeside(_ other: InkBox) -> Bool {
    let gap = max(1, other.side / 10)
    return columns.upperBound + gap <= other.columns.lowerBound
      || other.columns.upperBound + gap <= columns.lowerBound
      || rows.upperBound + gap <= other.rows.lowerBound
      || other.rows.upperBound + gap <= rows.lowerBound
  }
}

/// Ink in one piece; diagonal neighbours touch.
struct InkPiece {
  /// Its pixels.
  let places: [Int]
  let box: InkBox

  /// Its pixels as a share of another's.
  func share(of other: InkPiece) -> Double {
    Double(places.count) / Double(other.places.count)
  }

  /// The pieces of a mask, in the order of their first pixels.
  static func pieces(of mask: [Bool], width: Int) -> [InkPiece] {
    let height = mask.count / width
    var isLeft = mask
    return mask.indices.compactMap { start in
      guard isLeft[start] else { return nil }
      isLeft[start] = false
      var (places, next) = ([start], 0)
      while next < places.count {
        let (x, y) = (places[next] % width, places[next] / width)
        next += 1
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) where isLeft[row * width + column] {
            isLeft[row * width + column] = false
            places.append(row * width + column)
          }
        }
      }
      return InkPiece(places, width: width)
    }
  }

  private init(_ places: [Int], width: Int) {
    self.places = places
    let (columns, rows) = (places.map { $0 % width }, places.map { $0 / width })
    box = InkBox(
      columns: (columns.min() ?? 0)..<(columns.max() ?? 0) + 1,
      rows: (rows.min() ?? 0)..<(rows.max() ?? 0) + 1)
  }
}
