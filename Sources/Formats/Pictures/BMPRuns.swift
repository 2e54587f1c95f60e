/// A bitmap's pixels as runs of a colour, pieces as they are, and jumps.
struct BMPRuns {
  private let header: BMPHeader
  private let file: [UInt8]
  private let path: String
  private var place: Int
  private var row = 0
  private var column = 0
  /// Of each pixel.
  private var numbers: [UInt8]

  init(_ header: BMPHeader, _ file: [UInt8], path: String) {
    self.header = header
    self.file = file
    self.path = path
    place = header.pixelStart
    numbers = [UInt8](repeating: 0, count: header.width * header.height)
  }

  /// The numbers of the colours from the uppermost row.
  consuming func colors() throws(PictureFormatError) -> [UInt8] {
    while true {
      let (count, value) = (try byte(), try byte())
      if count > 0 {
        try put(count) {
          $0 % 2 == 0 ? value >> 4 : value & 15
        } whole: { _ in
          value
        }
        continue
      }
      switch value {
      case 0: (row, column) = (row + 1, 0)
      case 1: return numbers
      case 2: (column, row) = (column + Int(try byte()), row + Int(try byte()))
      default: try takePiece(Int(value))
      }
      // The end of the last row may be said before that of the picture.
      guard row <= header.height, column <= header.width else { throw leftBehind() }
    }
  }

  private mutating func takePiece(_ count: Int) throws(PictureFormatError) {
    let size = header.compression == .runs8 ? count : (count + 1) / 2
    guard place <= file.count - size else { throw ended() }
    let start = place
    let file = file
    try put(UInt8(count)) { index in
      index % 2 == 0 ? file[start + index / 2] >> 4 : file[start + index / 2] & 15
    } whole: {
      file[start + $0]
    }
    // Pieces end at even places.
    place += size + size % 2
  }

  private mutating func put(
    _ count: UInt8, half: (Int) -> UInt8, whole: (Int) -> UInt8
  ) throws(PictureFormatError) {
    guard row < header.height, column + Int(count) <= header.width else { throw leftBehind() }
    let line = (header.isTopDown ? row : header.height - 1 - row) * header.width
    for index in 0..<Int(count) {
      numbers[line + column + index] =
        header.compression == .runs8 ? whole(index) : half(index)
    }
    column += Int(count)
  }

  private mutating func byte() throws(PictureFormatError) -> UInt8 {
    guard file.indices.contains(place) else { throw ended() }
    place += 1
    return file[place - 1]
  }

  private func ended() -> PictureFormatError {
    PictureFormatError(
      path: path, format: "BMP",
      problem: .damaged("its run lengths end in row \(row) without the mark of the end"))
  }

  private func leftBehind() -> PictureFormatError {
    PictureFormatError(
      path: path, format: "BMP", problem: .damaged("its run lengths leave row \(row)"))
  }
}
