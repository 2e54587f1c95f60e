/// Windows' and OS/2's bitmaps of 1 to 32 bits a pixel, with palettes, masks and run lengths.
///
/// Microsoft, "Bitmap Storage" (BITMAPCOREHEADER to BITMAPV5HEADER).
public enum BMP {
  /// Reads a picture as grey.
  ///
  /// The fourth byte of a pixel is its opacity where the header gives it a mask and not every pixel
  /// has 0 there. Pixels that run lengths leave out have the first colour of the palette.
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``PictureFormatError``.
  public static func decode(_ file: [UInt8], path: String) throws(PictureFormatError) -> GrayPicture
  {
    let header = try BMPHeader(file, path: path)
    let gray: [UInt8]
    switch header.compression {
    case .runs4, .runs8: gray = try BMPRuns(header, file, path: path).colors()
    case .none, .masks:
      let rowSize = (header.width * header.depth + 31) / 32 * 4
      // Some writers leave the padding of the last row away.
      let promised = rowSize * (header.height - 1) + (header.width * header.depth + 7) / 8
      let found = max(0, file.count - header.pixelStart)
      guard header.pixelStart >= 26, found >= promised else {
        throw PictureFormatError(
          path: path, format: "BMP",
          problem: .cutShort(what: "pixels", promised: promised, found: found))
      }
      if header.depth > 8 { return colors(file, header, rowSize: rowSize) }
      gray = indices(file, header, rowSize: rowSize)
    }
    return try picture(gray, header, path)
  }

  /// The colours of the palette, from the uppermost row.
  private static func picture(
    _ indices: [UInt8], _ header: BMPHeader, _ path: String
  ) throws(PictureFormatError) -> GrayPicture {
    let palette = header.paletteGray
    if let wrong = indices.first(where: { $0 >= palette.count }) {
      throw PictureFormatError(
        path: path, format: "BMP",
        problem: .damaged("a pixel has color \(wrong) of a palette of \(palette.count)"))
    }
    return GrayPicture(
      width: header.width, height: header.height, pixels: indices.map { palette[Int($0)] })
  }

  private static func indices(_ file: [UInt8], _ header: BMPHeader, rowSize: Int) -> [UInt8] {
    var indices: [UInt8] = []
    indices.reserveCapacity(header.width * header.height)
    let mask = UInt8(truncatingIfNeeded: 1 << header.depth - 1)
    for row in 0..<header.height {
      let start = header.rowStart(row, size: rowSize)
      for column in 0..<header.width {
        let bit = column * header.depth
        indices.append(file[start + bit / 8] >> UInt8(8 - header.depth - bit % 8) & mask)
      }
    }
    return indices
  }

  private static func colors(_ file: [UInt8], _ header: BMPHeader, rowSize: Int) -> GrayPicture {
    let count = header.width * header.height
    var gray: [UInt8] = []
    gray.reserveCapacity(count)
    var alpha: [UInt8] = []
    if header.masks[3] != 0 { alpha.reserveCapacity(count) }
    let channels = header.masks.map(BMPChannel.init)
    let size = header.depth / 8
    for row in 0..<header.height {
      let start = header.rowStart(row, size: rowSize)
      for place in stride(from: start, to: start + header.width * size, by: size) {
        if size == 3 {
          gray.append(
            GrayPicture.luminance(Int(file[place + 2]), Int(file[place + 1]), Int(file[place])))
          continue
        }
        let word = UInt32(size == 2 ? file.uint16(place) : file.uint32(place))
        gray.append(
          GrayPicture.luminance(channels[0][word], channels[1][word], channels[2][word]))
        if header.masks[3] != 0 { alpha.append(UInt8(channels[3][word])) }
      }
    }
    guard alpha.contains(where: { $0 != 0 }) else {
      return GrayPicture(width: header.width, height: header.height, pixels: gray)
    }
    return GrayPicture(width: header.width, height: header.height, pixels: gray, alpha: alpha)
  }
}

extension PictureFormat {
  static let bmp = PictureFormat(
    name: "BMP",
    isStart: { start in
      // Two letters begin many a text; the headers' size does not.
      start.starts(with: Array("BM".utf8)) && start.count >= 18 && start.uint32(14) <= 124
    },
    read: { try BMP.decode($0, path: $1) })
}

extension BMPHeader {
  /// Where a row begins, counted from the uppermost.
  fileprivate func rowStart(_ row: Int, size: Int) -> Int {
    pixelStart + (isTopDown ? row : height - 1 - row) * size
  }
}

/// The bits of a pixel that are one of its colours.
private struct BMPChannel {
  let mask: UInt32

  /// On the scale from 0 to 255.
  subscript(word: UInt32) -> Int {
    guard mask != 0 else { return 0 }
    let shift = UInt32(mask.trailingZeroBitCount)
    let most = Int(mask >> shift)
    return (Int((word & mask) >> shift) * 255 + most / 2) / most
  }
}
