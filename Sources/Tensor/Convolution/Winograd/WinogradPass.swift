import KernelBodies

/// Images or gradients of images `[H, W, C]` whose tiles are brought to the points, or back.
struct WinogradPlane {
  let start: UnsafeMutablePointer<Float>
  let height: Int
  let width: Int
  let channels: Int
  /// What lies before the first row and column of outputs: the padding of inputs, nothing of outputs.
  let margin: Int
  /// How many more rows and columns than outputs a tile has of it: two of inputs, none of outputs.
  let overlap: Int
  /// Outputs along an axis that make one pixel of it: two where they are pooled.
  var outputsOfPixel = 1

  static func inputs(_ g: ConvolutionGeometry, _ x: UnsafeMutablePointer<Float>) -> WinogradPlane {
    WinogradPlane(
      start: x, height: g.height, width: g.width, channels: g.channels, margin: g.padding,
      overlap: 2)
  }

  static func outputs(_ g: ConvolutionGeometry, _ y: UnsafeMutablePointer<Float>) -> WinogradPlane {
    WinogradPlane(
      start: y, height: g.outputHeight, width: g.outputWidth, channels: g.filters, margin: 0,
      overlap: 0)
  }

  /// The largest of 2 x 2 outputs each.
  static func pooled(_ g: ConvolutionGeometry, _ y: UnsafeMutablePointer<Float>) -> WinogradPlane {
    WinogradPlane(
      start: y, height: g.outputHeight / 2, width: g.outputWidth / 2, channels: g.filters,
      margin: 0, overlap: 0, outputsOfPixel: 2)
  }

  var imageSize: Int { height * width * channels }
}

/// The tiles of some images, one after the other.
struct WinogradPass {
  let tiling: WinogradTiling
  let rows: WinogradRows
  /// Zeros, a row of pixels.
  let zeros: UnsafeMutablePointer<Float>
  /// Room for the transform of a tile.
  let room: UnsafeMutablePointer<Float>

  /// Floats of `room`.
  static let roomSize = WinogradTiling.points * 16

  /// Calls `body` for each tile of some of the images.
  ///
  /// - Parameters:
  ///   - chosen: which of the images that `rows` are of.
  ///   - plane: where the first of these lies.
  ///   - points: what they are at the points.
  func forEachTile(
    _ chosen: Range<Int>, of plane: WinogradPlane, points: UnsafeMutablePointer<Float>,
    _ body: (_ tile: UnsafePointer<WinogradTile>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Target.self, capacity: 6) { pixelRows in
      guard let pixelRows = pixelRows.baseAddress else { return }
      for (index, tileClass) in tiling.classes.enumerated() {
        for image in chosen {
          for number in 0..<tileClass.count {
            var tile = self.tile(number, of: tileClass, plane, pixelRows)
            tile.points = points + (image * tileClass.count + number) * rows.step
            tile.offsets = rows.offsets(index)
            let place = tiling.tiles[tileClass.first + number]
            let first = place.row / plane.outputsOfPixel - plane.margin
            let pixels = plane.start + image * plane.imageSize
            for row in 0..<tileClass.rows / plane.outputsOfPixel + plane.overlap {
              pixelRows[row] =
                tile.existingRows.contains(row)
                ? pixels + (first + row) * plane.width * plane.channels : zeros
            }
            body(&tile)
          }
        }
      }
    }
  }

  /// A tile of any image, without its points and rows of pixels.
  private func tile(
    _ number: Int, of tileClass: WinogradTiling.Class, _ plane: WinogradPlane,
    _ pixelRows: UnsafeMutablePointer<Target>
  ) -> WinogradTile {
    let place = tiling.tiles[tileClass.first + number]
    let scale = plane.outputsOfPixel
    let firstColumn = place.column / scale - plane.margin
    return WinogradTile(
      rows: tileClass.rows, columns: tileClass.columns, channels: plane.channels,
      pixelRows: pixelRows, firstColumn: firstColumn,
      existingRows: existing(
        from: place.row / scale - plane.margin, tileClass.rows / scale + plane.overlap,
        of: plane.height),
      existingColumns: existing(
        from: firstColumn, tileClass.columns / scale + plane.overlap, of: plane.width),
      points: room, offsets: rows.offsets(0), room: room)
  }

  /// Which of `count` places from `first` on lie within an extent.
  private func existing(from first: Int, _ count: Int, of extent: Int) -> Range<Int> {
    max(0, -first)..<min(count, extent - first)
  }
}
