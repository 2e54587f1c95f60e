import KernelBodies

// A convolution with 2 x 2 max pooling, and a ReLU if wanted, in one pass.
//
// Pixels are computed window by window: the rows of a tile are the four pixels of a window, then
// those of the next. A block of whole windows and whole tiles is pooled while it is in the
// first-level cache, so the full image is never written, and pixels outside every window are never
// computed. What the backward pass needs of them is one byte a window.

extension Device {
  /// The max-pooled convolution of images; see ``convolve(_:_:_:bias:rectifying:into:)``.
  ///
  /// - Parameters:
  ///   - choices: for each output the number of its pixel in the window, row by row, or 4 where
  ///     rectifying made it zero.
  ///   - y: `[N, outputHeight / 2, outputWidth / 2, filters]`.
  public func convolveMaxPool(
    _ x: Tensor, _ weight: Tensor, _ convolution: Convolution, bias: Tensor? = nil,
    rectifying: Bool, choices: Bytes?, into y: Tensor
  ) {
    let size = PooledPass.roomSize(convolution, kernels)
    let (panels, rooms) = packedWeights(weight, convolution.geometry, andRoom: threadCount * size)
    convolveMaxPool(
      x, panels, convolution, bias: bias, rectifying: rectifying, choices: choices, rooms: rooms,
      into: y)
  }

  /// The same for weights that are packed already, as those of a trained network are.
  public func convolveMaxPool(
    _ x: Tensor, _ weight: PackedMatrix, _ convolution: Convolution, bias: Tensor? = nil,
    rectifying: Bool, choices: Bytes?, into y: Tensor
  ) {
    let size = PooledPass.roomSize(convolution, kernels)
    convolveMaxPool(
      x, weight.panels, convolution, bias: bias, rectifying: rectifying, choices: choices,
      rooms: scratch(threadCount * size), into: y)
  }

  private func convolveMaxPool(
    _ x: Tensor, _ panels: Panels, _ convolution: Convolution, bias: Tensor?, rectifying: Bool,
    choices: Bytes?, rooms: UnsafeMutablePointer<Float>, into y: Tensor
  ) {
    let g = convolution.geometry
    let images = x.shape[0]
    precondition(g.pooling, "convolveMaxPool: the geometry has no pooling")
    precondition(x.shape == g.paddedShape(images), "convolveMaxPool: input \(x.shape)")
    precondition(y.shape == g.pooledShape(images), "convolveMaxPool: output \(y.shape)")
    precondition(choices.map { $0.count >= y.count } ?? true, "convolveMaxPool: choices")
    precondition(bias == nil || bias?.count == g.filters, "convolveMaxPool: bias")
    precondition(panels.depth == g.depth && panels.columns == g.filters, "convolveMaxPool: weight")
    if convolution.planes != nil {
      let end = ConvolutionEnd(bias: bias, rectifying: rectifying, choices: choices)
      return convolvePlanes(x, panels, convolution, end, rooms: rooms, into: y)
    }
    var row = TileRow(kernels: kernels, panels: panels)
    row.bias = bias.map { UnsafePointer($0.pointer) }
    let pass = PooledPass(
      convolution: convolution, row: row, rectifying: rectifying, windows: y.count / g.filters,
      x: x.pointer, y: y.pointer, choices: choices?.pointer, rooms: rooms)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: pass) { pass in
      parallelParts(pass.pointee.blocks, grain: 8) { pass.pointee.run(blocks: $0, worker: $1) }
    }
  }
}

private struct PooledPass {
  let convolution: Convolution
  let row: TileRow
  let rectifying: Bool
  let windows: Int
  let x: UnsafePointer<Float>
  let y: UnsafeMutablePointer<Float>
  let choices: UnsafeMutablePointer<UInt8>?
  /// A block for each thread.
  let rooms: UnsafeMutablePointer<Float>

  /// Pixels of a block.
  private static let pixels = Convolution.blockRows

  var blocks: Int { (windows * 4 + Self.pixels - 1) / Self.pixels }

  /// Floats from one pixel of a block to the next: a whole number of tiles, so that none is written
  /// aside.
  private static func stride(_ g: ConvolutionGeometry, _ kernels: any Kernels.Type) -> Int {
    let width = 2 * kernels.tileLanes
    return (g.filters + width - 1) / width * width
  }

  /// Floats of a block, and of its windows beside it, with their choices and what pooling writes
  /// behind them.
  static func blockSize(_ g: ConvolutionGeometry, _ kernels: any Kernels.Type) -> Int {
    pixels * stride(g, kernels) + 2 * (pixels / 4 * g.filters + 16)
  }

  /// Floats that a thread needs, whichever way the convolution is computed.
  static func roomSize(_ convolution: Convolution, _ kernels: any Kernels.Type) -> Int {
    convolution.planes?.forwardRoom ?? blockSize(convolution.geometry, kernels)
  }

  func run(blocks: Range<Int>, worker: Int) {
    let g = convolution.geometry
    let stride = Self.stride(g, row.kernels)
    let block = rooms + worker * Self.blockSize(g, row.kernels)
    convolution.windowOffsets.withUnsafeBufferPointer { offsets in
      convolution.runOffsets.withUnsafeBufferPointer { runs in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * Self.pixels) { tables in
          guard let offsets = offsets.baseAddress, let runs = runs.baseAddress,
            let rows = tables.baseAddress
          else { return }
          for i in 0..<Self.pixels { rows[i] = i * stride }
          for index in blocks {
            run(index, offsets, runs, block, stride, rows, spare: rows + Self.pixels)
          }
        }
      }
    }
  }

  /// Computes and pools one block.
  private func run(
    _ index: Int, _ windowOffsets: UnsafePointer<Int>, _ runs: UnsafePointer<Int>,
    _ block: UnsafeMutablePointer<Float>, _ stride: Int, _ rows: UnsafePointer<Int>,
    spare: UnsafeMutablePointer<Int>
  ) {
    let g = convolution.geometry
    let tileRows = convolution.tileRows
    let (unit, place) = (index * Self.pixels).quotientAndRemainder(
      dividingBy: convolution.windowOffsets.count)
    let pixels = min(Self.pixels, windows * 4 - index * Self.pixels)
    var aOffsets = windowOffsets + place
    if pixels < Self.pixels {
      // Pixels that do not exist must not be read: the last one stands in for them.
      for i in 0..<Self.pixels { spare[i] = aOffsets[min(i, pixels - 1)] }
      aOffsets = UnsafePointer(spare)
    }
    for first in Swift.stride(from: 0, to: Self.pixels, by: tileRows) {
      for panel in 0..<row.panels.count {
        row.runWhole(
          panel, a: x + unit * convolution.tableImages * g.paddedSize,
          aOffsets: aOffsets + first, runOffsets: runs, runCount: g.kernelSize,
          runLength: g.kernelSize * g.channels, c: block, cOffsets: rows + first,
          rowCount: min(tileRows, Self.pixels - first))
      }
    }
    pool(block, stride, windows: pixels / 4, first: index * (Self.pixels / 4))
  }

  /// Pools the windows of a block. Where they are not whole vectors they are made aside, because
  /// more is written than they have.
  private func pool(
    _ block: UnsafeMutablePointer<Float>, _ stride: Int, windows: Int, first: Int
  ) {
    let filters = convolution.geometry.filters
    let (to, chosen) = (y + first * filters, choices.map { $0 + first * filters })
    var arguments = WindowArguments(
      x: block, stride: stride, windows: windows, channels: filters, rectifying: rectifying, y: to,
      choice: chosen)
    guard filters % 16 != 0 else { return row.kernels.poolWindows(arguments) }
    let count = windows * filters
    let aside = block + Self.pixels * stride
    let bytes = UnsafeMutableRawPointer(aside + Self.pixels / 4 * filters + 16)
      .assumingMemoryBound(to: UInt8.self)
    arguments.y = aside
    if chosen != nil { arguments.choice = bytes }
    row.kernels.poolWindows(arguments)
    to.update(from: aside, count: count)
    chosen?.update(from: bytes, count: count)
  }
}
