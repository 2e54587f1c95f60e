import KernelBodies

// The gradients of a convolution by Winograd's algorithm. Both need the gradient of the outputs at
// the points, so they are computed together, some images at a time:
//
//     1. inputs and gradients of the outputs to the points              images are shared out
//     2. at each point the products for the weights and for the inputs  points are shared out
//     3. the gradients of the inputs back from the points               images are shared out
//
// Each point has one sum for the weights, to which the images are added in order: neither the
// threads nor their number change a bit. How many images go together does, and depends on the shapes
// alone.

extension Device {
  /// The gradients of a convolution by Winograd's algorithm, with pooling where its geometry has it.
  ///
  /// - Parameters:
  ///   - dy: of its outputs, masked where it rectified; see ``maskWindows(_:_:)`` for pooled ones.
  ///   - choices: where the geometry has pooling, which pixels were the largest.
  ///   - dW: the gradient of the weights, overwritten.
  ///   - dx: that of the inputs, if it is wanted.
  public func convolveBackward(
    _ dy: Tensor, _ x: Tensor, _ weight: Tensor, _ convolution: WinogradConvolution,
    choices: Bytes? = nil, into dW: Tensor, _ dx: Tensor?
  ) {
    let g = convolution.geometry
    let images = x.shape[0]
    precondition(x.shape == g.inputShape(images), "convolveBackward: x \(x.shape)")
    precondition(
      dy.shape == (g.pooling ? g.pooledShape(images) : g.outputShape(images)),
      "convolveBackward: dy \(dy.shape)")
    precondition(dW.shape == g.weightShape, "convolveBackward: dW \(dW.shape)")
    precondition(dx == nil || dx?.shape == g.inputShape(images), "convolveBackward: dx")
    precondition(!g.pooling || choices != nil, "convolveBackward: choices")
    guard images > 0 else { return dW.fill(0) }
    let sizes = WinogradBackwardSizes(convolution, images: images, threads: threadCount)
    let start = scratch(sizes.total)
    start.update(repeating: 0, count: sizes.zeros)
    let panels = WinogradPanels(
      depth: g.filters, columns: g.channels, start: start + sizes.weightsStart)
    if dx != nil {
      panels.pack(weight, transposed: true, on: self, room: start + sizes.roomsStart)
    }
    let pass = WinogradBackward(
      geometry: g, tiling: convolution.tiling, kernels: kernels, panels: panels, sizes: sizes,
      start: start, dy: dy.pointer, choices: choices?.pointer, x: x.pointer, dx: dx?.pointer)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: pass) { pass in
      for first in stride(from: 0, to: images, by: sizes.images) {
        pass.pointee.add(first..<min(first + sizes.images, images), on: self)
      }
      parallelParts(g.channels, grain: 8) { range, worker in
        pass.pointee.writeWeightGradient(range, dW.pointer, worker)
      }
    }
  }

  /// Makes the gradients of pooled outputs zero that rectifying made zero.
  public func maskWindows(_ dy: Tensor, _ choices: Bytes) {
    parallelRanges(dy.count, grain: Self.elementGrain) { range in
      kernels.maskWindows(
        dy.pointer + range.lowerBound, choice: choices.pointer + range.lowerBound,
        count: range.count)
    }
  }
}

/// The scratch memory of the way back, in its order.
struct WinogradBackwardSizes {
  /// Images that go together.
  let images: Int
  let zeros: Int
  let weights: Int
  let inputs: Int
  let outputs: Int
  /// Floats of one full image whose pooled gradient is spread, and of all that a thread needs.
  let full: Int
  let room: Int
  let tables: Int
  private let threads: Int

  /// Tiles that are multiplied together. Sums of the weights' gradient are over so many, and then over
  /// the sums: the same number on every machine.
  private static let tiles = 192

  init(_ convolution: WinogradConvolution, images: Int, threads: Int) {
    let g = convolution.geometry
    let tiling = convolution.tiling
    self.images = min(images, max(1, Self.tiles / tiling.tiles.count))
    zeros = (g.width * g.channels + 15) / 16 * 16
    weights = WinogradPanels.size(g)
    inputs = WinogradRows.size(tiling, images: self.images, step: g.channels)
    outputs = WinogradRows.size(tiling, images: self.images, step: g.filters)
    // Spreading writes whole vectors.
    full = g.pooling ? g.outputPixels * g.filters + 16 : 0
    room = max(WinogradPass.roomSize + full, WinogradPanels.roomSize)
    tables = 2 * WinogradRows.tableSize(tiling)
    self.threads = threads
  }

  var weightsStart: Int { zeros }
  var sumsStart: Int { weightsStart + weights }
  var inputsStart: Int { sumsStart + weights }
  var outputsStart: Int { inputsStart + inputs }
  var tablesStart: Int { outputsStart + outputs }
  var roomsStart: Int { tablesStart + tables }
  var total: Int { roomsStart + threads * room }
}

private struct WinogradBackward {
  let geometry: ConvolutionGeometry
  let tiling: WinogradTiling
  let kernels: any Kernels.Type
  let panels: WinogradPanels
  let sizes: WinogradBackwardSizes
  let start: UnsafeMutablePointer<Float>
  let dy: UnsafeMutablePointer<Float>
  let choices: UnsafeMutablePointer<UInt8>?
  let x: UnsafeMutablePointer<Float>
  let dx: UnsafeMutablePointer<Float>?

  private var sums: UnsafeMutablePointer<Float> { start + sizes.sumsStart }
  private var inputs: UnsafeMutablePointer<Float> { start + sizes.inputsStart }
  private var outputs: UnsafeMutablePointer<Float> { start + sizes.outputsStart }

  /// Adds the gradients of some images to those of the weights, and writes those of the inputs.
  func add(_ images: Range<Int>, on device: Device) {
    let tables = start + sizes.tablesStart
    let inputRows = WinogradRows(
      tiling, images: images.count, step: geometry.channels, room: tables)
    let outputRows = WinogradRows(
      tiling, images: images.count, step: geometry.filters,
      room: tables + WinogradRows.tableSize(tiling))
    device.parallelParts(images.count, grain: 1) { range, worker in
      transform(range, from: images.lowerBound, inputRows, outputRows, worker)
    }
    device.parallel(WinogradTiling.points) { point, _ in
      multiply(point, inputRows, outputRows, accumulating: images.lowerBound > 0)
    }
    guard let dx else { return }
    device.parallelParts(images.count, grain: 1) { range, worker in
      write(range, from: images.lowerBound, inputRows, dx, worker)
    }
  }

  private func room(_ worker: Int) -> UnsafeMutablePointer<Float> {
    start + sizes.roomsStart + worker * sizes.room
  }

  private func pass(_ rows: WinogradRows, _ worker: Int) -> WinogradPass {
    WinogradPass(
      tiling: tiling, rows: rows, zeros: start, room: room(worker))
  }

  private func transform(
    _ chosen: Range<Int>, from first: Int, _ inputRows: WinogradRows, _ outputRows: WinogradRows,
    _ worker: Int
  ) {
    pass(inputRows, worker).forEachTile(
      chosen, of: .inputs(geometry, x + first * geometry.imageSize), points: inputs
    ) { kernels.winogradInput($0) }
    let pass = pass(outputRows, worker)
    guard let choices else {
      let plane = WinogradPlane.outputs(
        geometry, dy + first * geometry.outputPixels * geometry.filters)
      return pass.forEachTile(chosen, of: plane, points: outputs) { kernels.winogradSpread($0) }
    }
    let full = room(worker) + WinogradPass.roomSize
    for image in chosen {
      spread(first + image, choices, to: full)
      // A plane that has this image alone.
      let plane = WinogradPlane.outputs(
        geometry, full - image * geometry.outputPixels * geometry.filters)
      pass.forEachTile(image..<image + 1, of: plane, points: outputs) { kernels.winogradSpread($0) }
    }
  }

  /// The gradient of an image's full outputs from that of its pooled ones.
  private func spread(
    _ image: Int, _ choices: UnsafePointer<UInt8>, to full: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let from = image * g.outputPixels / 4 * g.filters
    kernels.spreadWindows(
      dy + from, choice: choices + from,
      WindowGrid(height: g.outputHeight / 2, width: g.outputWidth / 2, channels: g.filters),
      to: full)
  }

  /// The products at a point. That for the inputs takes the place of the inputs.
  private func multiply(
    _ point: Int, _ inputRows: WinogradRows, _ outputRows: WinogradRows, accumulating: Bool
  ) {
    let (channels, filters) = (geometry.channels, geometry.filters)
    let sum = sums + point * channels * filters
    // A point that no tile uses has a gradient of zero.
    if inputRows.count(point) == 0 { sum.update(repeating: 0, count: channels * filters) }
    let (input, output) = (
      inputs + inputRows.start(point), outputs + outputRows.start(point)
    )
    StripArguments(
      a: input, aRowStep: 1, aStep: channels, depth: inputRows.count(point), b: output,
      bStep: filters, c: sum, cRowStep: filters, accumulating: accumulating
    ).run(rows: channels, columns: filters, kernels)
    guard dx != nil else { return }
    for panel in 0..<panels.count {
      let width = panels.width(panel)
      StripArguments(
        a: output, aRowStep: filters, aStep: 1, depth: filters, b: panels.pointer(panel, point),
        bStep: width, c: input + panel * WinogradPanels.width, cRowStep: channels
      ).run(rows: outputRows.count(point), columns: width, kernels)
    }
  }

  private func write(
    _ chosen: Range<Int>, from first: Int, _ rows: WinogradRows,
    _ dx: UnsafeMutablePointer<Float>, _ worker: Int
  ) {
    let to = dx + first * geometry.imageSize
    (to + chosen.lowerBound * geometry.imageSize).update(
      repeating: 0, count: chosen.count * geometry.imageSize)
    pass(rows, worker).forEachTile(chosen, of: .inputs(geometry, to), points: inputs) {
      kernels.winogradGather($0)
    }
  }

  /// Brings the gradient of some channels' weights back from the points.
  func writeWeightGradient(
    _ channels: Range<Int>, _ dW: UnsafeMutablePointer<Float>, _ worker: Int
  ) {
    let g = geometry
    var weights = WinogradWeights(
      taps: dW + channels.lowerBound * g.filters, tapStep: g.channels * g.filters,
      rowStep: g.filters, rows: channels.count, width: g.filters,
      points: sums + channels.lowerBound * g.filters, pointStep: g.channels * g.filters,
      pointRowStep: g.filters)
    kernels.winogradWeightGradient(&weights, room: room(worker))
  }
}
