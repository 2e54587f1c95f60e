/// A character on a page: the pieces of ink that belong to it.
struct SegmentedCharacter: Sendable {
  fileprivate(set) var pieces: [InkPiece]
  fileprivate(set) var box: InkBox

  fileprivate init(_ piece: InkPiece) { (pieces, box) = ([piece], piece.box) }

  fileprivate mutating func take(_ other: SegmentedCharacter) {
    pieces += other.pieces
    box = box.union(other.box)
  }
}

/// Separate characters on a page, line by line, each line from the left.
///
/// Ink that hangs together is a piece. Pieces are joined that stand above each other, as the dot of
/// an i and its stem, or that are parted by a gap much narrower than characters are, as a stroke the
/// pen left out. A line is what overlaps in height from one character to the next, so that lines may
/// run aslant. All lengths are in units of the usual size of a character, which is the side of the
/// piece that half of the ink is in smaller ones than.
struct PageSegmentation {
  private(set) var lines: [[SegmentedCharacter]] = []
  /// The usual side of a character, in pixels.
  let size: Int

  /// The largest are looked at; a page of handwriting has fewer.
  private static let mostPieces = 4000
  /// Smaller pieces are dirt.
  private static let leastSide = 0.07
  /// The side of what cannot be a character of its own: a dot, a piece of a stroke.
  private static let partSide = 0.4
  /// The gap in a stroke.
  private static let strokeGap = 0.1
  /// How far beside and above a stem its dot may be.
  private static let dotShift = 0.3
  private static let dotGap = 0.8

  init(_ pieces: [InkPiece]) {
    size = Self.usualSide(pieces)
    let size = Double(size)
    let leastSide = max(2, Self.leastSide * size)
    var characters = pieces.filter { Double($0.box.side) >= leastSide }
      .sorted { $0.places.count > $1.places.count }.prefix(Self.mostPieces)
      .map { SegmentedCharacter($0) }
    Self.join(&characters) { Self.areOneAbove($0, $1, size) }
    Self.join(&characters) { Self.areParted($0, $1, size) }
    Self.joinDots(&characters, size)
    layOut(characters)
  }

  /// How many of the characters are not much smaller than the largest.
  var wholeCharacters: Int {
    let sides = lines.joined().map(\.box.side)
    return sides.count { 2 * $0 > sides.max() ?? 0 }
  }

  /// The side of the piece at which half of the ink is reached, from the smallest on.
  private static func usualSide(_ pieces: [InkPiece]) -> Int {
    let sorted = pieces.sorted { $0.box.side < $1.box.side }
    let half = sorted.reduce(0) { $0 + $1.places.count } / 2
    var ink = 0
    for piece in sorted {
      ink += piece.places.count
      if ink > half { return piece.box.side }
    }
    return 1
  }

  /// Joins characters of which two belong together, until there are none.
  private static func join(
    _ characters: inout [SegmentedCharacter],
    _ areOne: (SegmentedCharacter, SegmentedCharacter) -> Bool
  ) {
    characters.sort { $0.box.columns.lowerBound < $1.box.columns.lowerBound }
    var place = 0
    while place < characters.count {
      // What is joined may now belong to others too.
      if let other = characters.indices.first(where: {
        $0 != place && areOne(characters[place], characters[$0])
      }) {
        characters[min(place, other)].take(characters[max(place, other)])
        characters.remove(at: max(place, other))
        place = min(place, other)
      } else {
        place += 1
      }
    }
  }

  /// Whether most of the narrower one stands above or below the other, not as far as another line.
  private static func areOneAbove(
    _ a: SegmentedCharacter, _ b: SegmentedCharacter, _ size: Double
  ) -> Bool {
    let across = overlap(a.box.columns, b.box.columns)
    guard 2 * across > min(a.box.columns.count, b.box.columns.count) else { return false }
    // Two whole characters are two lines' unless they nearly touch.
    let areWhole = Double(min(a.box.side, b.box.side)) > 0.7 * size
    let gap = Double(-overlap(a.box.rows, b.box.rows))
    return gap < (areWhole ? strokeGap : 0.35) * size
      && Double(a.box.union(b.box).side) < 1.8 * size
  }

  /// Whether the two are parts of a stroke that the pen left out between them.
  private static func areParted(
    _ a: SegmentedCharacter, _ b: SegmentedCharacter, _ size: Double
  ) -> Bool {
    let (across, down) = (overlap(a.box.columns, b.box.columns), overlap(a.box.rows, b.box.rows))
    let gap = Double(max(-across, -down))
    guard gap < strokeGap * size else { return false }
    let box = a.box.union(b.box)
    let isPart = Double(min(a.box.side, b.box.side)) < partSide * size
    return Double(box.columns.count) < (isPart ? 1.3 : 1.1) * size
      && Double(box.rows.count) < 1.8 * size
  }

  /// Gives every dot to the nearest stem below it.
  private static func joinDots(_ characters: inout [SegmentedCharacter], _ size: Double) {
    let dots = characters.filter { Double($0.box.side) < partSide * size }
    characters.removeAll { Double($0.box.side) < partSide * size }
    for dot in dots {
      let x = Double(dot.box.columns.lowerBound + dot.box.columns.upperBound) / 2
      let below = characters.indices.filter { place in
        let box = characters[place].box
        let gap = Double(box.rows.lowerBound - dot.box.rows.upperBound)
        return gap > -0.3 * size && gap < dotGap * size
          && x > Double(box.columns.lowerBound) - dotShift * size
          && x < Double(box.columns.upperBound) + dotShift * size
      }
      func distance(_ place: Int) -> Double {
        let columns = characters[place].box.columns
        return abs(x - Double(columns.lowerBound + columns.upperBound) / 2)
      }
      if let stem = below.min(by: { distance($0) < distance($1) }) {
        characters[stem].take(dot)
      } else {
        characters.append(dot)
      }
    }
  }

  /// Sorts characters into lines, and lines from the top.
  private mutating func layOut(_ characters: [SegmentedCharacter]) {
    for character in characters.sorted(by: { $0.box.columns.lowerBound < $1.box.columns.lowerBound }
    ) {
      // The nearest characters on the left say where a line runs here.
      let fitting = lines.indices.map { line in
        (line: line, share: Self.sharedHeight(character.box, lines[line].suffix(2).map(\.box)))
      }.max { $0.share < $1.share }
      if let fitting, fitting.share > 0.3 {
        lines[fitting.line].append(character)
      } else {
        lines.append([character])
      }
    }
    lines.sort { Self.middle(of: $0) < Self.middle(of: $1) }
    for line in lines.indices {
      lines[line].sort {
        $0.box.columns.lowerBound + $0.box.columns.upperBound
          < $1.box.columns.lowerBound + $1.box.columns.upperBound
      }
    }
  }

  /// The share of the lower of two heights that overlaps, at most over `boxes`.
  private static func sharedHeight(_ box: InkBox, _ boxes: [InkBox]) -> Double {
    boxes.map {
      Double(overlap(box.rows, $0.rows)) / Double(min(box.rows.count, $0.rows.count))
    }.max() ?? 0
  }

  private static func middle(of line: [SegmentedCharacter]) -> Double {
    line.reduce(0) { $0 + Double($1.box.rows.lowerBound + $1.box.rows.upperBound) }
      / Double(line.count)
  }

  /// How far two ranges overlap; the gap between them, negative, if they do not.
  private static func overlap(_ a: Range<Int>, _ b: Range<Int>) -> Int {
    min(a.upperBound, b.upperBound) - max(a.lowerBound, b.lowerBound)
  }
}
