import CZlib
import Support

extension PNG {
  /// The bytes that every PNG file starts with.
  public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Reads a picture of any colour type, depth and interlacing, as grey.
  ///
  /// Samples of 16 bits are rounded to 8, those of fewer are spread over 0 to 255. Colours become
  /// grey as ITU-R BT.601 weighs them, in Pillow's whole numbers. What is transparent becomes paper
  /// (``GrayPicture``). Every checksum is checked; gamma and colour profiles are left aside.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``PNGError``.
  public static func decode(_ file: [UInt8], path: String) throws(PNGError) -> GrayPicture {
    let chunks = try PNGChunks(file, path: path)
    let data = try inflated(chunks, path: path)
    var canvas = PNGCanvas(chunks)
    var start = 0
    for pass in chunks.header.passes {
      let rowSize = chunks.header.rowSize(pass.width)
      var before = [UInt8](repeating: 0, count: rowSize)
      for row in 0..<pass.height {
        var line = Array(data[start + 1..<start + 1 + rowSize])
        guard unfilter(&line, data[start], before: before, pixelSize: chunks.header.pixelSize)
        else { throw PNGError(path: path, problem: .filter(row: row, value: data[start])) }
        if let (column, index) = canvas.draw(line, row, of: pass) {
          throw PNGError(
            path: path,
            problem: .paletteIndex(
              row: pass.y + row * pass.stepY, column: pass.x + column * pass.stepX, index: index,
              count: chunks.palette.count / 3))
        }
        before = line
        start += 1 + rowSize
      }
    }
    return canvas.picture
  }

  private static func inflated(_ chunks: PNGChunks, path: String) throws(PNGError) -> [UInt8] {
    let promised = chunks.header.dataSize
    // No deflate stream expands more than 1032 times; more is not worth allocating.
    guard promised <= 1032 * (chunks.data.count + 1) else {
      throw PNGError(
        path: path, problem: .damagedData(reason: "\(chunks.data.count) bytes are too few"))
    }
    var (status, found, used) = (Z_OK, uLong(promised), uLong(chunks.data.count))
    // zlib writes no more than was promised, and says how much.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: promised) { buffer, count in
      status = unsafe uncompress2(buffer.baseAddress, &found, chunks.data, &used)
      count = status == Z_OK ? Int(found) : 0
    }
    switch status {
    case Z_OK where bytes.count == promised: return bytes
    case Z_OK:
      throw PNGError(path: path, problem: .dataLength(promised: promised, found: bytes.count))
    case Z_BUF_ERROR: throw PNGError(path: path, problem: .dataTooLong(promised: promised))
    default:
      throw PNGError(
        path: path,
        problem: .damagedData(
          reason: "damaged or cut off after \(used) of \(chunks.data.count) bytes"))
    }
  }

  /// Turns a filtered row back into samples; `false` if there is no such filter.
  private static func unfilter(
    _ line: inout [UInt8], _ filter: UInt8, before: [UInt8], pixelSize: Int
  ) -> Bool {
    guard filter <= 4 else { return false }
    if filter == 0 { return true }
    for index in line.indices {
      let hasLeft = index >= pixelSize
      let left = hasLeft ? Int(line[index - pixelSize]) : 0
      let above = Int(before[index])
      let prediction =
        switch filter {
        case 1: left
        case 2: above
        case 3: (left + above) / 2
        default: paeth(left, above, hasLeft ? Int(before[index - pixelSize]) : 0)
        }
      line[index] &+= UInt8(prediction)
    }
    return true
  }

  /// Of left, above and above left the one nearest to left + above - above left.
  private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> Int {
    let (toLeft, toAbove) = (abs(above - corner), abs(left - corner))
    let toCorner = abs(left + above - 2 * corner)
    if toLeft <= toAbove && toLeft <= toCorner { return left }
    return toAbove <= toCorner ? above : corner
  }
}

/// The grey picture that becomes of a PNG's rows.
private struct PNGCanvas {
  private let header: PNGHeader
  private var gray: [UInt8]
  /// Empty if nothing is transparent.
  private var alpha: [UInt8]
  /// Of each colour of the palette.
  private let paletteGray: [UInt8]
  private let paletteAlpha: [UInt8]
  /// The samples of the colour that counts as transparent.
  private let transparentColor: [Int]

  init(_ chunks: PNGChunks) {
    header = chunks.header
    let count = header.width * header.height
    gray = [UInt8](repeating: 0, count: count)
    let isOpaque = chunks.transparency.isEmpty && ![.grayAlpha, .rgba].contains(header.color)
    alpha = isOpaque ? [] : [UInt8](repeating: 255, count: count)
    let (palette, transparency) = (chunks.palette, chunks.transparency)
    paletteGray = stride(from: 0, to: palette.count, by: 3).map { color in
      GrayPicture.luminance(Int(palette[color]), Int(palette[color + 1]), Int(palette[color + 2]))
    }
    guard header.color != .palette else {
      let opaque = paletteGray.count - transparency.count
      paletteAlpha = transparency + [UInt8](repeating: 255, count: opaque)
      transparentColor = []
      return
    }
    paletteAlpha = []
    transparentColor = stride(from: 0, to: transparency.count, by: 2).map { place in
      Int(bigEndian: transparency[place..<place + 2])
    }
  }

  var picture: GrayPicture {
    alpha.isEmpty
      ? GrayPicture(width: header.width, height: header.height, pixels: gray)
      : GrayPicture(width: header.width, height: header.height, pixels: gray, alpha: alpha)
  }

  /// Puts a row of a pass where it belongs.
  ///
  /// - Returns: the first pixel whose colour is not in the palette, and that colour.
  mutating func draw(_ line: [UInt8], _ row: Int, of pass: PNGPass) -> (column: Int, index: Int)? {
    let start = (pass.y + row * pass.stepY) * header.width + pass.x
    for column in 0..<pass.width {
      let place = start + column * pass.stepX
      let first = column * header.color.channels
      func raw(_ channel: Int) -> Int { sample(line, first + channel) }
      func byte(_ channel: Int) -> Int { scaled(raw(channel)) }
      switch header.color {
      case .gray, .grayAlpha: gray[place] = UInt8(byte(0))
      case .rgb, .rgba: gray[place] = GrayPicture.luminance(byte(0), byte(1), byte(2))
      case .palette:
        let index = raw(0)
        guard index < paletteGray.count else { return (column, index) }
        gray[place] = paletteGray[index]
        if !alpha.isEmpty { alpha[place] = paletteAlpha[index] }
      }
      if header.color == .grayAlpha || header.color == .rgba {
        alpha[place] = UInt8(byte(header.color.channels - 1))
      } else if !transparentColor.isEmpty,
        transparentColor.indices.allSatisfy({ raw($0) == transparentColor[$0] })
      {
        alpha[place] = 0
      }
    }
    return nil
  }

  /// A sample with all its bits.
  private func sample(_ line: [UInt8], _ index: Int) -> Int {
    switch header.depth {
    case 8: return Int(line[index])
    case 16: return Int(line[2 * index]) << 8 | Int(line[2 * index + 1])
    default:
      let bit = index * header.depth
      return Int(line[bit / 8]) >> (8 - header.depth - bit % 8) & (1 << header.depth - 1)
    }
  }

  /// On the scale from 0 to 255.
  private func scaled(_ sample: Int) -> Int {
    let most = 1 << header.depth - 1
    return header.depth == 8 ? sample : (sample * 255 + most / 2) / most
  }
}

extension PictureFormat {
  static let png = PictureFormat(
    name: "PNG", isStart: { $0.starts(with: PNG.signature.prefix(4)) },
    read: { try PNG.decode($0, path: $1) })
}
