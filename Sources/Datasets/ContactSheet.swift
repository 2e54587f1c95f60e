/// Many small grey pictures of one size laid out on a large one, row by row from the top left.
public struct ContactSheet: Sendable {
  /// The pictures in a row.
  public let columns: Int
  /// How many pixels of the sheet one of a picture's becomes, along each axis.
  public let scale: Int
  /// The pixels of the sheet between pictures and around them.
  public let gap: Int
  /// The grey of the gaps.
  public let background: UInt8

  /// A sheet of `columns` pictures a row.
  public init(columns: Int, scale: Int = 1, gap: Int = 1, background: UInt8 = 64) {
    precondition(columns > 0 && scale > 0 && gap >= 0, "a sheet needs a column and a scale")
    self.columns = columns
    self.scale = scale
    self.gap = gap
    self.background = background
  }

  /// A sheet of `count` pictures of `height` × `width` bytes, which `image` gives by number.
  ///
  /// Returns `width` · `height` bytes. A last row that is not full is filled up with background;
  /// with fewer pictures than columns the sheet is as wide as the pictures.
  public func render(
    count: Int, height: Int, width: Int, image: (Int) -> [UInt8]
  ) -> (pixels: [UInt8], width: Int, height: Int) {
    precondition(count > 0 && height > 0 && width > 0, "a sheet shows at least one picture")
    let acrossCount = min(columns, count)
    let downCount = (count + columns - 1) / columns
    let sheetWidth = gap + acrossCount * (width * scale + gap)
    let sheetHeight = gap + downCount * (height * scale + gap)
    var pixels = Array(repeating: background, count: sheetWidth * sheetHeight)
    for number in 0..<count {
      let picture = image(number)
      precondition(picture.count == height * width, "picture \(number) is not of the sheet's size")
      let left = gap + number % columns * (width * scale + gap)
      let top = gap + number / columns * (height * scale + gap)
      for y in 0..<height * scale {
        let row = (top + y) * sheetWidth + left
        for x in 0..<width * scale {
          pixels[row + x] = picture[y / scale * width + x / scale]
        }
      }
    }
    return (pixels, sheetWidth, sheetHeight)
  }

  /// A sheet of `images`, each of `height` × `width` bytes.
  public func render(
    images: [[UInt8]], height: Int, width: Int
  ) -> (pixels: [UInt8], width: Int, height: Int) {
    render(count: images.count, height: height, width: width) { images[$0] }
  }
}
