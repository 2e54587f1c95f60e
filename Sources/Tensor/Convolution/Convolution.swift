import KernelBodies

/// A convolution, planned for one device: the tables that feed its tiles.
///
/// No column matrix is ever written (that is what "implicit im2col" means). The matrix product of
/// patches and weights is computed from the images as they lie: a row of the product is an output
/// pixel, whose patch begins at `pixelOffsets`; its sum is a run of `kernelSize · C` floats along
/// each kernel row. Padded images are copied once, with their zeros, and serve both passes.
///
///     patch of pixel (y, x) in a padded image, kernelSize 3:
///
///       run 0:  (y·stride + 0, x·stride) ─ 3·C floats ─▶
///       run 1:  (y·stride + 1, x·stride) ─ 3·C floats ─▶
///       run 2:  (y·stride + 2, x·stride) ─ 3·C floats ─▶
///
/// The gradients are two other feedings of the same tile; see their files.
public final class Convolution: Sendable {
  public let geometry: ConvolutionGeometry
  let tileRows: Int
  /// Where the patch of each pixel begins, for as many images as make a whole number of tiles.
  let pixelOffsets: [Int]
  /// The same for pooling: the four pixels of a window follow each other.
  let windowOffsets: [Int]
  /// Images that `pixelOffsets` covers.
  let tableImages: Int
  /// Where each run of a patch begins, relative to the patch.
  let runOffsets: [Int]
  /// Where each element of a patch lies, relative to the patch; rounded up to whole tiles.
  let depthOffsets: [Int]
  /// Where each row of output pixels begins, for `tableImages` images.
  let pixelRowOffsets: [Int]
  /// Images whose pixels make one chain of the weights' gradient: 256 pixels or more.
  let chunkImages: Int
  /// Where there are so few filters that lanes run over pixels.
  let planes: PlaneLayout?

  /// Rows that are whole tiles on every processor, and whole windows of four pixels.
  static let blockRows = 12

  /// Plans a convolution for a device. The tables take a few hundred kilobytes.
  public init(_ geometry: ConvolutionGeometry, on device: Device) {
    self.geometry = geometry
    let g = geometry
    let rows = device.kernels.tileRows
    precondition(Self.blockRows % rows == 0, "tiles of \(rows) rows")
    tileRows = rows
    planes = PlaneLayout(geometry)
    let images = Self.tableImages(g)
    chunkImages = Self.chunkImages(g)
    tableImages = images
    let (row, step) = (g.paddedWidth * g.channels, g.stride * g.channels)
    pixelOffsets = (0..<images).flatMap { image in
      (0..<g.outputHeight).flatMap { y in
        (0..<g.outputWidth).map { x in image * g.paddedSize + y * g.stride * row + x * step }
      }
    }
    windowOffsets =
      !g.pooling
      ? []
      : (0..<images).flatMap { image in
        (0..<g.outputPixels / 4).flatMap { window in
          let (y, x) = window.quotientAndRemainder(dividingBy: g.outputWidth / 2)
          return (0..<4).map { pixel in
            image * g.paddedSize + (2 * y + pixel / 2) * g.stride * row
              + (2 * x + pixel % 2) * step
          }
        }
      }
    runOffsets = (0..<g.kernelSize).map { $0 * row }
    let elements = (0..<g.depth).map { element in
      element / (g.kernelSize * g.channels) * row + element % (g.kernelSize * g.channels)
    }
    depthOffsets = elements + repeatElement(elements[g.depth - 1], count: rows)
    pixelRowOffsets = (0..<images).flatMap { image in
      (0..<g.outputHeight).map { y in image * g.paddedSize + y * g.stride * row }
    }
  }
}

extension Convolution {
  static func chunkImages(_ g: ConvolutionGeometry) -> Int {
    max(1, (256 + g.outputPixels - 1) / max(1, g.outputPixels))
  }

  private static func tableImages(_ g: ConvolutionGeometry) -> Int {
    let period = blockRows / greatestCommonDivisor(g.outputPixels, blockRows)
    return (chunkImages(g) + period - 1) / period * period
  }

  /// Bytes of the tables, about.
  public static func tableSize(_ g: ConvolutionGeometry) -> Int {
    8 * (tableImages(g) * (g.outputPixels + g.outputHeight) + g.depth)
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}

extension Device {
  /// Copies images `[N, H, W, C]` into the middle of padded ones, whose border it sets to zero.
  public func pad(_ x: Tensor, for convolution: Convolution, into padded: Tensor) {
    let g = convolution.geometry
    let images = x.shape[0]
    precondition(x.shape == g.inputShape(images) && padded.shape == g.paddedShape(images))
    parallelRanges(images, grain: 4) { range in
      for image in range {
        padImage(
          g, from: x.pointer + image * g.imageSize, into: padded.pointer + image * g.paddedSize)
      }
    }
  }

  /// The convolution of images `x` with `weight`, whose result begins with `bias` if there is one.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`, padded by ``pad(_:for:into:)`` where the geometry has padding.
  ///   - weight: `[kernelSize, kernelSize, C, filters]`.
  ///   - bias: `[filters]`.
  ///   - rectifying: replaces negative results by zero.
  ///   - y: `[N, outputHeight, outputWidth, filters]`.
  public func convolve(
    _ x: Tensor, _ weight: Tensor, _ convolution: Convolution, bias: Tensor? = nil,
    rectifying: Bool = false, into y: Tensor
  ) {
    let room = threadCount * (convolution.planes?.forwardRoom ?? 0)
    let (panels, rooms) = packedWeights(weight, convolution.geometry, andRoom: room)
    convolve(
      x, panels, convolution, ConvolutionEnd(bias: bias, rectifying: rectifying), rooms: rooms,
      into: y)
  }

  /// The same for weights that are packed already, as those of a trained network are.
  public func convolve(
    _ x: Tensor, _ weight: PackedMatrix, _ convolution: Convolution, bias: Tensor? = nil,
    rectifying: Bool = false, into y: Tensor
  ) {
    convolve(
      x, weight.panels, convolution, ConvolutionEnd(bias: bias, rectifying: rectifying),
      rooms: scratch(threadCount * (convolution.planes?.forwardRoom ?? 0)), into: y)
  }

  private func convolve(
    _ x: Tensor, _ panels: Panels, _ convolution: Convolution, _ end: ConvolutionEnd,
    rooms: UnsafeMutablePointer<Float>, into y: Tensor
  ) {
    let g = convolution.geometry
    let images = x.shape[0]
    precondition(x.shape == g.paddedShape(images), "convolve: input \(x.shape)")
    precondition(y.shape == g.outputShape(images), "convolve: output \(y.shape)")
    precondition(end.bias == nil || end.bias?.count == g.filters, "convolve: bias of \(g.filters)")
    precondition(panels.depth == g.depth && panels.columns == g.filters, "convolve: weight")
    if convolution.planes != nil {
      return convolvePlanes(x, panels, convolution, end, rooms: rooms, into: y)
    }
    var row = TileRow(kernels: kernels, panels: panels)
    row.bias = end.bias.map { UnsafePointer($0.pointer) }
    row.rectifying = end.rectifying
    let tiles = (images * g.outputPixels + kernels.tileRows - 1) / kernels.tileRows
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: row) { row in
      parallelRanges(tiles, grain: 16) { range in
        convolution.forward(
          range, pixels: images * g.outputPixels, x.pointer, row.pointee, y.pointer)
      }
    }
  }

  /// The weights of a convolution in panels, in scratch memory, and more of it behind them.
  func packedWeights(
    _ weight: Tensor, _ g: ConvolutionGeometry, andRoom floats: Int = 0
  ) -> (panels: Panels, room: UnsafeMutablePointer<Float>) {
    precondition(weight.shape == g.weightShape, "convolve: weight \(weight.shape)")
    let size = Panels.size(depth: g.depth, columns: g.filters, lanes: kernels.tileLanes)
    let start = scratch(size + floats)
    let panels = Panels(
      depth: g.depth, columns: g.filters, lanes: kernels.tileLanes, start: start)
    for panel in 0..<panels.count {
      panels.pack(panel, from: weight.pointer, stride: g.filters, transposed: false, with: kernels)
    }
    return (panels, start + size)
  }
}

extension Convolution {
  /// Computes a range of tiles; tile `t` holds the output pixels from `t · tileRows` on.
  fileprivate func forward(
    _ tiles: Range<Int>, pixels: Int, _ x: UnsafePointer<Float>, _ row: TileRow,
    _ y: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let tilesInTable = pixelOffsets.count / tileRows
    withTables { pixelOffsets, runOffsets, rows in
      let (cOffsets, lastOffsets) = (rows, rows + tileRows)
      for i in 0..<tileRows { cOffsets[i] = i * g.filters }
      for tile in tiles {
        let (unit, place) = tile.quotientAndRemainder(dividingBy: tilesInTable)
        let first = tile * tileRows
        let rowCount = min(tileRows, pixels - first)
        var aOffsets = pixelOffsets + place * tileRows
        if rowCount < tileRows {
          // Pixels that do not exist must not be read: the last one stands in for them.
          for i in 0..<tileRows { lastOffsets[i] = aOffsets[min(i, rowCount - 1)] }
          aOffsets = UnsafePointer(lastOffsets)
        }
        for panel in 0..<row.panels.count {
          row.run(
            panel, a: x + unit * tableImages * g.paddedSize, aOffsets: aOffsets,
            runOffsets: runOffsets, runCount: g.kernelSize, runLength: g.kernelSize * g.channels,
            aStep: 1, c: y + first * g.filters, cOffsets: cOffsets, rowCount: rowCount)
        }
      }
    }
  }

  /// Lends the pixel and run tables, and room for two tables of a tile's rows.
  func withTables(
    _ body: (
      _ pixelOffsets: UnsafePointer<Int>, _ runOffsets: UnsafePointer<Int>,
      _ rows: UnsafeMutablePointer<Int>
    ) -> Void
  ) {
    pixelOffsets.withUnsafeBufferPointer { pixels in
      runOffsets.withUnsafeBufferPointer { runs in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * tileRows) { rows in
          guard let p = pixels.baseAddress, let r = runs.baseAddress, let c = rows.baseAddress
          else { return }
          body(p, r, c)
        }
      }
    }
  }
}

private func padImage(
  _ g: ConvolutionGeometry, from image: UnsafePointer<Float>,
  into padded: UnsafeMutablePointer<Float>
) {
  let (row, margin) = (g.width * g.channels, g.padding * g.channels)
  let paddedRow = g.paddedWidth * g.channels
  padded.update(repeating: 0, count: g.padding * paddedRow)
  for y in 0..<g.height {
    let to = padded + (y + g.padding) * paddedRow
    to.update(repeating: 0, count: margin)
    (to + margin).update(from: image + y * row, count: row)
    (to + margin + row).update(repeating: 0, count: margin)
  }
  (padded + (g.height + g.padding) * paddedRow).update(
    repeating: 0, count: g.padding * paddedRow)
}
