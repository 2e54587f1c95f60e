import Support
import Tensor

/// One way of writing a character: the path of the pen, without thickness.
///
/// A path in text form is a list of points `x,y`, y downwards; the pen runs through them in a
/// smooth curve, turns sharply at a point marked `!`, and is lifted at `/`. Two points in a row
/// that are unmarked ends or corners are joined by a straight line. A capital is about 100
/// high; a parsed skeleton is centred at the origin, with its longer side of length 1.
struct GlyphSkeleton: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    var point: SIMD2<Float>
    var isCorner: Bool
  }

  /// How often this way is chosen, relative to the other ways of writing the same character.
  let share: Int
  private(set) var strokes: [[Node]]
  /// The longer side before it was made 1, in hundredths: a capital's height is about 1.
  private(set) var size: Float = 1

  /// Reads a share and a path. The text is part of the program: a malformed one traps.
  init(share: Int, path: Substring) {
    precondition(share > 0, "a way of writing needs a share above 0")
    self.share = share
    strokes = path.split(separator: "/").map { $0.split(separator: " ").map(Self.node) }
    precondition(
      !strokes.isEmpty && strokes.allSatisfy { $0.count >= 2 },
      "a stroke has at least two points: \(path)")
    normalize()
  }

  private static func node(_ text: Substring) -> Node {
    let isCorner = text.hasSuffix("!")
    let numbers = (isCorner ? text.dropLast() : text).split(separator: ",").map { Float($0) }
    guard numbers.count == 2, let x = numbers[0], let y = numbers[1] else {
      preconditionFailure("not a point of a skeleton: \(text)")
    }
    return Node(point: SIMD2(x, y), isCorner: isCorner)
  }

  private mutating func normalize() {
    let points = strokes.joined().map(\.point)
    let low = points.reduce(points[0], pointwiseMin)
    let high = points.reduce(points[0], pointwiseMax)
    let center = (low + high) / 2
    let longer = (high - low).max()
    size = longer / 100
    for s in strokes.indices {
      for n in strokes[s].indices {
        strokes[s][n].point = (strokes[s][n].point - center) / longer
      }
    }
  }
}

/// The ways of writing each of the 62 characters.
struct GlyphAlphabet: Sendable {
  private(set) var skeletons: [[GlyphSkeleton]]

  /// All that ships, parsed on first use.
  static let standard = GlyphAlphabet(
    tables: [digitSkeletons, uppercaseSkeletons, lowercaseSkeletons])

  /// Reads tables whose lines are a character, a share and a path.
  init(tables: [String]) {
    skeletons = Array(repeating: [], count: GlyphGenerator.characters.count)
    for line in tables.joined(separator: "\n").split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2)
      guard fields.count == 3, let character = fields[0].first, let share = Int(fields[1]),
        let index = GlyphGenerator.index(of: character)
      else { preconditionFailure("not a line of a skeleton table: \(line)") }
      skeletons[index].append(GlyphSkeleton(share: share, path: fields[2]))
    }
    precondition(skeletons.allSatisfy { !$0.isEmpty }, "a character has no skeleton")
  }

  /// A way of writing the character at `index`, chosen by share.
  func choose(_ index: Int, using random: inout RandomStream) -> GlyphSkeleton {
    let ways = skeletons[index]
    var rest = random.below(ways.reduce(0) { $0 + $1.share })
    for way in ways {
      if rest < way.share { return way }
      rest -= way.share
    }
    preconditionFailure("shares do not add up")
  }
}
