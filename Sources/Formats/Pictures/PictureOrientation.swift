/// How a camera was held, as EXIF has it.
///
/// CIPA DC-008, "Exchangeable image file format for digital still cameras", tag 0x0112.
enum PictureOrientation {
  /// The number from 1 (upright) to 8 in EXIF data, which are a TIFF file's, or 1 if they have none:
  /// what is damaged there does not keep a picture from being read.
  static func number(inEXIF bytes: ArraySlice<UInt8>) -> Int {
    let file = Array(bytes.starts(with: Array("Exif\0\0".utf8)) ? bytes.dropFirst(6) : bytes)
    let isBigEndian = file.starts(with: Array("MM\0*".utf8))
    guard isBigEndian || file.starts(with: Array("II*\0".utf8)), file.count >= 8 else { return 1 }
    func number(_ place: Int, _ size: Int) -> Int {
      let bytes = file[place..<place + size]
      return isBigEndian ? Int(bigEndian: bytes) : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let start = number(4, 4)
    guard start <= file.count - 2 else { return 1 }
    for entry in 0..<number(start, 2) {
      let place = start + 2 + 12 * entry
      guard place <= file.count - 12 else { return 1 }
      // A single number of 16 bits.
      if number(place, 2) == 0x0112, number(place + 2, 2) == 3, number(place + 4, 4) == 1 {
        let value = number(place + 8, 2)
        return (1...8).contains(value) ? value : 1
      }
    }
    return 1
  }
}

extension GrayPicture {
  /// The picture as it was seen, given EXIF's number of how it lies.
  func upright(from orientation: Int) -> GrayPicture {
    guard orientation > 1 else { return self }
    // 5 to 8 lie on their side; of each four two are mirrored.
    let isOnSide = orientation > 4
    let fromRight = [2, 3, 7, 8].contains(orientation)
    let fromBelow = [3, 4, 6, 7].contains(orientation)
    let (newWidth, newHeight) = isOnSide ? (height, width) : (width, height)
    var turned: [UInt8] = []
    turned.reserveCapacity(pixels.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (column, row) = isOnSide ? (y, x) : (x, y)
        turned.append(
          pixels[
            (fromBelow ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column)
          ])
      }
    }
    return GrayPicture(width: newWidth, height: newHeight, pixels: turned)
  }
}
