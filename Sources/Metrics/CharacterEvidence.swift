import Support

/// Seventeen numbers by which characters differ from what is none: twelve of the image, five of what a
/// network says about it.
///
/// With `v` the ink of a pixel from 0 to 1, 0 outside of the image, `Δx` and `Δy` the differences
/// to the pixels on the left and above, and `z` the logits, `p` their softmax:
///
///     ink        log(Σ v + 5)
///     across     log(Σ |Δx| + 5)
///     down       log(Σ |Δy| + 5)
///     stroke     (2 Σ v + 1) / (T + 1), with T = Σ √(Δx² + Δy²): how wide strokes are, in pixels
///     softness   (6 Σ v (1 - v) + 1) / (T + 1): how soft their edges are, in pixels
///     bend       (Σ |ΔxΔx v| + Σ |ΔyΔy v| + 1) / (T + 1)
///     margin     Σ v of the two outermost pixels of each side
///     top        the largest logit
///     lead       how far it is above the second
///     mean       Σ z / C
///     spread     the standard deviation of z
///     certainty  Σ p log p
///     euler      (Q1 − Q3 − 2 Qd) / 4: how many pieces of ink there are, less the holes in them
///     rows       the largest Σ |Δx| of a row: how often one row crosses strokes
///     columns    the largest Σ |Δy| of a column
///     core3      log(Σ m + 1), m the least v of each square of 3 × 3 pixels: ink away from edges
///     core4      the same of 4 × 4 pixels: ink too wide for most strokes
///
/// with `Q1` and `Q3` the squares of 2 × 2 pixels of which one and three are ink, `v` above a half, and `Qd`
/// those of which two across from each other are (Gray, "Local properties of binary images in two
/// dimensions", 1971).
public struct CharacterEvidence: Equatable, Sendable {
  /// The names of the numbers, in their order.
  public static let names = [
    "ink", "across", "down", "stroke", "softness", "bend", "margin", "top", "lead", "mean",
    "spread", "certainty", "euler", "rows", "columns", "core3", "core4",
  ]
  /// Numbers that the first scores have; later ones have those up to `euler`, or all.
  static let fewest = 12

  public let values: [Double]

  /// - Parameter values: as many as there are names.
  init(_ values: [Double]) { self.values = values }

  /// - Parameters:
  ///   - pixels: `[H, W]`, row by row.
  ///   - logits: one a class.
  ///   - isInkDark: whether ink is 0 and paper 255.
  public init(
    _ pixels: Span<UInt8>, width: Int, logits: Span<Float>, isInkDark: Bool = false
  ) {
    let ink = FramedInk(pixels, width: width, isInkDark: isInkDark)
    let (measures, euler) = Self.measures(ink)
    values =
      measures + Self.numbers(of: logits) + [euler] + Self.crossings(ink)
      + [Self.core(ink, side: 3), Self.core(ink, side: 4)]
  }

  /// The numbers from `ink` to `margin`, and `euler`.
  private static func measures(_ ink: FramedInk) -> ([Double], euler: Double) {
    let (height, width) = (ink.height, ink.width)
    var (sum, across, down, outline, between, bend, margin) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var squares = 0
    for row in 0...height {
      for column in 0...width {
        let (here, left, above) = (ink(row, column), ink(row, column - 1), ink(row - 1, column))
        let (dx, dy) = (here - left, here - above)
        (across, down) = (across + abs(dx), down + abs(dy))
        outline += (dx * dx + dy * dy).squareRoot()
        let corner = ink(row - 1, column - 1)
        switch [here, left, above, corner].count(where: { $0 > 0.5 }) {
        case 1: squares += 1
        case 3: squares -= 1
        case 2 where (here > 0.5) == (corner > 0.5): squares -= 2
        default: break
        }
        guard row < height, column < width else { continue }
        sum += here
        between += here * (1 - here)
        bend += abs(left - 2 * here + ink(row, column + 1))
        bend += abs(above - 2 * here + ink(row + 1, column))
        if min(row, column, height - 1 - row, width - 1 - column) < 2 { margin += here }
      }
    }
    let measures = [
      logarithm(sum + 5), logarithm(across + 5), logarithm(down + 5),
      (2 * sum + 1) / (outline + 1), (6 * between + 1) / (outline + 1), (bend + 1) / (outline + 1),
      margin,
    ]
    return (measures, Double(squares) / 4)
  }

  /// `rows` and `columns`.
  private static func crossings(_ ink: FramedInk) -> [Double] {
    let (height, width) = (ink.height, ink.width)
    let rows = (0..<height).map { row in
      (0...width).reduce(0) { $0 + abs(ink(row, $1) - ink(row, $1 - 1)) }
    }
    let columns = (0..<width).map { column in
      (0...height).reduce(0) { $0 + abs(ink($1, column) - ink($1 - 1, column)) }
    }
    return [rows.max() ?? 0, columns.max() ?? 0]
  }

  /// `core3` or `core4`, for squares of `side` pixels.
  private static func core(_ ink: FramedInk, side: Int) -> Double {
    var sum = 0.0
    for row in 0..<max(0, ink.height - side + 1) {
      for column in 0..<max(0, ink.width - side + 1) {
        var least = 1.0
        // Most squares hold paper, which is soon found.
        for place in 0..<side * side {
          if least == 0 { break }
          least = min(least, ink(row + place / side, column + place % side))
        }
        sum += least
      }
    }
    return logarithm(sum + 1)
  }

  private static func numbers(of logits: Span<Float>) -> [Double] {
    var (top, second) = (-Double.infinity, -Double.infinity)
    var (sum, squares) = (0.0, 0.0)
    for index in logits.indices {
      let z = Double(logits[index])
      if z > top { (top, second) = (z, top) } else if z > second { second = z }
      (sum, squares) = (sum + z, squares + z * z)
    }
    let count = Double(logits.count)
    var (total, weighted) = (0.0, 0.0)
    for index in logits.indices {
      let distance = Double(logits[index]) - top
      let weight = exponential(distance)
      (total, weighted) = (total + weight, weighted + weight * distance)
    }
    let mean = sum / count
    return [
      top, logits.count > 1 ? top - second : 0, mean,
      max(0, squares / count - mean * mean).squareRoot(), weighted / total - logarithm(total),
    ]
  }
}

/// Ink from 0 to 1 with a border of paper around it, so that differences reach over the edges.
private struct FramedInk {
  let height: Int
  let width: Int
  private var values: [Double]

  init(_ pixels: Span<UInt8>, width: Int, isInkDark: Bool) {
    (self.width, height) = (width, pixels.count / width)
    values = [Double](repeating: 0, count: (height + 2) * (width + 2))
    for row in 0..<height {
      for column in 0..<width {
        let value = pixels[row * width + column]
        values[(row + 1) * (width + 2) + column + 1] = Double(isInkDark ? 255 - value : value) / 255
      }
    }
  }

  func callAsFunction(_ row: Int, _ column: Int) -> Double {
    values[(row + 1) * (width + 2) + column + 1]
  }
}
