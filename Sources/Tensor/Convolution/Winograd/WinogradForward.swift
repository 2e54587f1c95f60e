import KernelBodies
import Support

// A convolution by Winograd's algorithm. A task brings the tiles of a few images to the points; then,
// a panel of filters at a time, multiplies at each point the matrix of tiles and channels with that
// of channels and filters, and brings the products back to outputs while they are in the cache.

extension Device {
  /// The convolution of images with `weight`, and 2 x 2 max pooling where the geometry has it.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`, without padding.
  ///   - weight: `[3, 3, C, filters]`.
  ///   - y: `[N, outputHeight, outputWidth, filters]`, each half as long where it is pooled.
  public func convolve(
    _ x: Tensor, _ weight: Tensor, _ convolution: WinogradConvolution,
    end: ConvolutionEnd = ConvolutionEnd(), into y: Tensor
  ) {
    let g = convolution.geometry
    precondition(weight.shape == g.weightShape, "convolve: weight \(weight.shape)")
    let size = WinogradPanels.size(g)
    let blocks = WinogradBlocks(
      convolution, images: x.shape[0], threads: threadCount, caches: caches)
    let start = scratch(size + blocks.scratchSize)
    let panels = WinogradPanels(depth: g.channels, columns: g.filters, start: start)
    panels.pack(weight, transposed: false, on: self, room: start + size)
    convolve(x, panels, blocks, end: end, room: start + size, into: y)
  }

  /// The same for weights that are at the points already, as those of a trained network are.
  public func convolve(
    _ x: Tensor, _ filters: WinogradFilters, _ convolution: WinogradConvolution,
    end: ConvolutionEnd = ConvolutionEnd(), into y: Tensor
  ) {
    let blocks = WinogradBlocks(
      convolution, images: x.shape[0], threads: threadCount, caches: caches)
    convolve(
      x, filters.panels, blocks, end: end, room: scratch(blocks.scratchSize), into: y)
  }

  private func convolve(
    _ x: Tensor, _ panels: WinogradPanels, _ blocks: WinogradBlocks, end: ConvolutionEnd,
    room: UnsafeMutablePointer<Float>, into y: Tensor
  ) {
    let g = blocks.geometry
    precondition(x.shape == g.inputShape(blocks.images), "convolve: input \(x.shape)")
    let shape = g.pooling ? g.pooledShape(blocks.images) : g.outputShape(blocks.images)
    precondition(y.shape == shape, "convolve: output \(y.shape)")
    precondition(end.bias == nil || end.bias?.count == g.filters, "convolve: bias of \(g.filters)")
    precondition(end.choices.map { $0.count >= y.count } ?? true, "convolve: choices")
    room.update(repeating: 0, count: blocks.zeroCount)
    let pass = WinogradForward(
      blocks: blocks, kernels: kernels, panels: panels,
      bias: end.bias.map { UnsafePointer($0.pointer) }, rectifying: end.rectifying,
      choices: end.choices?.pointer, x: x.pointer, y: y.pointer, zeros: room,
      rooms: room + blocks.zeroCount)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: pass) { pass in
      parallel(blocks.count * blocks.panelParts(panels.count)) { task, worker in
        pass.pointee.run(task, worker)
      }
    }
  }
}

/// Images dealt to tasks. How many are in a block changes no result.
struct WinogradBlocks {
  let geometry: ConvolutionGeometry
  let tiling: WinogradTiling
  let images: Int
  private let threads: Int
  private let imagesOfBlock: Int
  /// Floats of a block's inputs at the points, and of a panel of its products.
  let inputSize: Int
  let panelSize: Int

  /// Tiles that are multiplied together: enough for the weights of a point to be read seldom, few
  /// enough to stay in the second-level cache.
  private static func tiles(_ channels: Int, _ caches: CacheSizes?) -> Int {
    guard let caches else { return mostTiles }
    let bytes = 4 * WinogradTiling.points * channels
    return min(mostTiles, max(fewestTiles, caches.level2Bytes / bytes))
  }

  private static let mostTiles = 96
  private static let fewestTiles = 24

  /// - Parameter caches: those of a device; without them there are as many tiles as there can be.
  init(_ convolution: WinogradConvolution, images: Int, threads: Int, caches: CacheSizes? = nil) {
    geometry = convolution.geometry
    tiling = convolution.tiling
    self.images = images
    self.threads = threads
    let enough = max(1, Self.tiles(geometry.channels, caches) / tiling.tiles.count)
    imagesOfBlock = min(enough, max(1, images / threads))
    // Kept, because a task asks for them at every point.
    inputSize = WinogradRows.size(tiling, images: imagesOfBlock, step: geometry.channels)
    panelSize = WinogradRows.size(tiling, images: imagesOfBlock, step: WinogradPanels.width)
  }

  var count: Int { (images + imagesOfBlock - 1) / imagesOfBlock }

  func images(_ block: Int) -> Range<Int> {
    block * imagesOfBlock..<min((block + 1) * imagesOfBlock, images)
  }

  /// Where there are fewer blocks than threads several share a block, with some of the panels each.
  func panelParts(_ panels: Int) -> Int {
    count >= threads ? 1 : min(panels, (threads + count - 1) / max(1, count))
  }

  /// Floats of a row of zeros.
  var zeroCount: Int { (geometry.width * geometry.channels + 15) / 16 * 16 }
  /// Floats of zeros and of all threads, for the packing of weights too.
  var scratchSize: Int { zeroCount + threads * max(roomSize, WinogradPanels.roomSize) }
  /// Floats that a thread needs.
  var roomSize: Int { tableStart + 2 * WinogradRows.tableSize(tiling) }
  var tableStart: Int { inputSize + panelSize + WinogradPass.roomSize }
}

private struct WinogradForward {
  let blocks: WinogradBlocks
  let kernels: any Kernels.Type
  let panels: WinogradPanels
  let bias: UnsafePointer<Float>?
  let rectifying: Bool
  let choices: UnsafeMutablePointer<UInt8>?
  let x: UnsafeMutablePointer<Float>
  let y: UnsafeMutablePointer<Float>
  let zeros: UnsafeMutablePointer<Float>
  let rooms: UnsafeMutablePointer<Float>

  func run(_ task: Int, _ worker: Int) {
    let parts = blocks.panelParts(panels.count)
    let (block, part) = task.quotientAndRemainder(dividingBy: parts)
    let images = blocks.images(block)
    let room = rooms + worker * blocks.roomSize
    let inputRows = WinogradRows(
      blocks.tiling, images: images.count, step: panels.depth, room: room + blocks.tableStart)
    transform(images, inputRows, room)
    let panelRows = WinogradRows(
      blocks.tiling, images: images.count, step: WinogradPanels.width,
      room: room + blocks.tableStart + WinogradRows.tableSize(blocks.tiling))
    for panel in panels.count * part / parts..<panels.count * (part + 1) / parts {
      multiply(panel, inputRows, panelRows, room)
      write(panel, images, panelRows, room)
    }
  }

  /// Brings the inputs to the points.
  private func transform(
    _ images: Range<Int>, _ rows: WinogradRows, _ room: UnsafeMutablePointer<Float>
  ) {
    let g = blocks.geometry
    let pass = WinogradPass(
      tiling: blocks.tiling, rows: rows, zeros: zeros,
      room: room + blocks.inputSize + blocks.panelSize)
    pass.forEachTile(
      0..<images.count, of: .inputs(g, x + images.lowerBound * g.imageSize), points: room
    ) { kernels.winogradInput($0) }
  }

  /// Multiplies with a panel of the weights at each point.
  private func multiply(
    _ panel: Int, _ inputRows: WinogradRows, _ panelRows: WinogradRows,
    _ room: UnsafeMutablePointer<Float>
  ) {
    let width = panels.width(panel)
    for point in 0..<WinogradTiling.points {
      StripArguments(
        a: room + inputRows.start(point), aRowStep: panels.depth, aStep: 1, depth: panels.depth,
        b: panels.pointer(panel, point), bStep: width,
        c: room + blocks.inputSize + panelRows.start(point), cRowStep: WinogradPanels.width
      ).run(rows: inputRows.count(point), columns: width, kernels)
    }
  }

  /// Brings a panel back from the points.
  private func write(
    _ panel: Int, _ images: Range<Int>, _ rows: WinogradRows, _ room: UnsafeMutablePointer<Float>
  ) {
    let g = blocks.geometry
    let first = panel * WinogradPanels.width
    let pass = WinogradPass(
      tiling: blocks.tiling, rows: rows, zeros: zeros,
      room: room + blocks.inputSize + blocks.panelSize)
    let (width, bias) = (panels.width(panel), bias.map { $0 + first })
    let points = room + blocks.inputSize
    guard g.pooling else {
      let plane = WinogradPlane.outputs(g, y + images.lowerBound * g.outputPixels * g.filters)
      return pass.forEachTile(0..<images.count, of: plane, points: points) {
        kernels.winogradOutput(
          $0, panel: first, width: width, bias: bias, rectifying: rectifying)
      }
    }
    let plane = WinogradPlane.pooled(g, y + images.lowerBound * g.outputPixels / 4 * g.filters)
    pass.forEachTile(0..<images.count, of: plane, points: points) {
      kernels.winogradPooledOutput(
        $0, panel: first, width: width, bias: bias, rectifying: rectifying, y: y, choice: choices)
    }
  }
}
