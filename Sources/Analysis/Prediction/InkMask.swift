/// The ink of one character of a picture, and nothing else.
struct InkMask {
  let width: Int
  let height: Int
  /// From 0, paper, to 1, ink; 0 in what is left out.
  let values: [Double]
  /// What is to be known about it.
  private(set) var remarks: [PictureRemark] = []

  /// The size that a piece must have, as a share of the largest. The dot of an i has more.
  private static let leastPiece = 0.04
  /// How dark it must be on the mean, likewise.
  private static let leastDarkness = 0.5

  /// The ink of a picture's only character. Left out are dirt, marks much fainter than the largest
  /// piece, as of a watermark, and strokes that come in from the border beside it, as a neighbour's.
  init(_ relief: InkRelief) {
    let main = relief.pieces.max { $0.places.count < $1.places.count }
    let mainDarkness = main.map(relief.darkness) ?? 0
    let frame = InkBox(columns: 0..<relief.width, rows: 0..<relief.height)
    var (pieces, remarks) = ([InkPiece](), [PictureRemark]())
    for piece in relief.pieces {
      guard let main, piece.share(of: main) >= Self.leastPiece else { continue }
      if relief.darkness(of: piece) < Self.leastDarkness * mainDarkness {
        remarks.append(.faintMarks)
      } else if piece.box.touches(frame), !main.box.touches(frame), piece.box.isBeside(main.box) {
        remarks.append(.strokesAtBorder)
      } else {
        pieces.append(piece)
      }
    }
    if pieces.contains(where: { $0.box.touches(frame) }) { remarks.append(.touchesBorder) }
    let characters = PageSegmentation(pieces).wholeCharacters
    if characters > 1 { remarks.append(.characters(characters)) }
    self.init(relief, pieces: pieces, box: frame)
    for remark in remarks where !self.remarks.contains(remark) { self.remarks.append(remark) }
  }

  /// The ink of some pieces of a picture, cut out with what is at their edges.
  init(_ relief: InkRelief, of character: SegmentedCharacter) {
    self.init(
      relief, pieces: character.pieces,
      box: character.box.grown(by: Self.edge + 1, within: relief.width, relief.height))
  }

  /// Faint pixels belong to a piece as far as this.
  private static let edge = 2

  private init(_ relief: InkRelief, pieces: [InkPiece], box: InkBox) {
    (width, height) = (box.columns.count, box.rows.count)
    var kept = [Bool](repeating: false, count: width * height)
    for piece in pieces {
      for place in piece.places {
        let (x, y) = (place % relief.width, place / relief.width)
        for row in max(
          box.rows.lowerBound, y - Self.edge)...min(box.rows.upperBound - 1, y + Self.edge)
        {
          let start = (row - box.rows.lowerBound) * width - box.columns.lowerBound
          for column in max(
            box.columns.lowerBound, x - Self.edge)...min(box.columns.upperBound - 1, x + Self.edge)
          {
            kept[start + column] = true
          }
        }
      }
    }
    var values = [Double](repeating: 0, count: kept.count)
    for place in kept.indices where kept[place] {
      let (row, column) = (
        place / width + box.rows.lowerBound, place % width + box.columns.lowerBound
      )
      values[place] = relief.values[row * relief.width + column]
    }
    self.values = values
  }
}

/// What is to be known about a picture beside its class.
public enum PictureRemark: Equatable, Sendable {
  /// The character may be cut off.
  case touchesBorder
  /// Strokes that come in from the border were left out.
  case strokesAtBorder
  /// Marks much fainter than the character were left out.
  case faintMarks
  /// There seem to be this many characters.
  case characters(Int)

  public var description: String {
    switch self {
    case .touchesBorder: "ink touches the border, so the character may be cut off"
    case .strokesAtBorder: "strokes that come in from the border were left out"
    case .faintMarks: "faint marks were left out"
    case .characters(let count): "\(count) characters seem to stand in it, and one is named"
    }
  }
}
