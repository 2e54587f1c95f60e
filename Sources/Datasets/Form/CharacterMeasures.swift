/// How a character sits in its image: numbers that mean the same at any size, with parts of pixels.
///
/// Lengths are pixels, places are measured from the upper left corner. Ink is 1 on 0; an edge lies
/// where it is half.
public struct CharacterMeasures: Equatable, Sendable {
  /// The box around the ink.
  public let left: Double
  public let right: Double
  public let top: Double
  public let bottom: Double
  /// The centre of mass.
  public let massX: Double
  public let massY: Double
  /// The mean width of the strokes: twice the ink over the length of its outline, which is the
  /// total variation where the ink is as dark everywhere.
  public let stroke: Double
  /// How many pixels it takes from paper to ink, across an edge that rises evenly.
  public let softness: Double

  /// The longer side of the box.
  public var longerSide: Double { max(right - left, bottom - top) }
  /// The middle of the box.
  public var boxX: Double { (left + right) / 2 }
  public var boxY: Double { (top + bottom) / 2 }

  /// Measures `[H, W]` numbers from 0 to 1; `nil` if the ink nowhere reaches a half.
  public init?(_ ink: [Double], width: Int) {
    let height = ink.count / width
    var (rows, columns) = (
      [Double](repeating: 0, count: height), [Double](repeating: 0, count: width)
    )
    var (sum, x, y, between, outline) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in 0..<height {
      for column in 0..<width {
        let value = ink[row * width + column]
        rows[row] = max(rows[row], value)
        columns[column] = max(columns[column], value)
        sum += value
        x += value * (Double(column) + 0.5)
        y += value * (Double(row) + 0.5)
        between += value * (1 - value)
      }
    }
    guard let left = Self.edge(columns), let right = Self.edge(columns.reversed()),
      let top = Self.edge(rows), let bottom = Self.edge(rows.reversed())
    else { return nil }
    outline = Self.outline(ink, width: width, height: height)
    (self.left, self.right) = (left, Double(width) - right)
    (self.top, self.bottom) = (top, Double(height) - bottom)
    (massX, massY) = (x / sum, y / sum)
    stroke = 2 * sum / outline
    // The integral of v(1 - v) over a ramp is a sixth of its length.
    softness = 6 * between / outline
  }

  /// Where a line of numbers first reaches a half, between the middles of two pixels.
  private static func edge(_ line: [Double]) -> Double? {
    guard let place = line.firstIndex(where: { $0 >= 0.5 }) else { return nil }
    guard place > 0 else { return 0 }
    let (before, value) = (line[place - 1], line[place])
    return Double(place) + 0.5 - (value - 0.5) / (value - before)
  }

  /// The total variation: the length of the outline, weighted by how dark the ink in it is. Outside
  /// there is paper.
  private static func outline(_ ink: [Double], width: Int, height: Int) -> Double {
    var sum = 0.0
    for row in -1..<height {
      for column in -1..<width {
        func value(_ row: Int, _ column: Int) -> Double {
          (0..<height).contains(row) && (0..<width).contains(column) ? ink[row * width + column] : 0
        }
        let here = value(row, column)
        let (across, down) = (value(row, column + 1) - here, value(row + 1, column) - here)
        if across != 0 || down != 0 { sum += (across * across + down * down).squareRoot() }
      }
    }
    return sum
  }
}
