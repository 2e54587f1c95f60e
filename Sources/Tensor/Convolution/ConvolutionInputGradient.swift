import KernelBodies

// The gradient of the input: every output pixel hands its gradient back to the inputs of its patch.
//
//     for each tap (r, s): dx[y·stride + r, x·stride + s, :] += dy[y, x, :] · W[r, s]ᵀ
//
// A tile is twelve pixels of dy times the transposed weights of one tap; its rows of C lie where
// the tap of each pixel lies in dx, and it adds to what is there. So exactly the multiply-adds of
// the forward pass are done, with any stride, and no zero is multiplied. Taps are the outer loop
// over one image, so that each element of dx is one chain in the order of taps and filters.
//
// Fewer channels than a vector has lanes would waste most of them. Then all taps of a kernel row
// are taken at once, because their channels lie side by side in dx:
//
//     for each r: dx[y·stride + r, x·stride ..< x·stride + kernelSize, :] += dy[y, x, :] · W[r]ᵀ
//
// Neighbours in x now overlap in dx, so the rows of a tile are pixels of one x and different y.

extension Device {
  /// `dx`, the gradient of ``convolve(_:_:_:bias:rectifying:into:)``'s unpadded input, from that of
  /// its output.
  ///
  /// - Parameters:
  ///   - dy: `[N, outputHeight, outputWidth, filters]`.
  ///   - weight: `[kernelSize, kernelSize, C, filters]`.
  ///   - dx: `[N, H, W, C]`, overwritten.
  public func convolveInputGradient(
    _ dy: Tensor, _ weight: Tensor, _ convolution: Convolution, into dx: Tensor
  ) {
    let g = convolution.geometry
    let images = dy.shape[0]
    precondition(dy.shape == g.outputShape(images), "convolveInputGradient: dy \(dy.shape)")
    precondition(dx.shape == g.inputShape(images), "convolveInputGradient: dx \(dx.shape)")
    let taps = TapPanels(g, lanes: kernels.tileLanes)
    let groups = Groups(images: images, largest: convolution.tableImages, threads: threadCount)
    let roomSize = convolution.roomForInputGradient(groups.largest)
    let start = scratch(taps.size + threadCount * roomSize)
    let packed = taps.packed(weight, into: start, on: self)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: packed) { packed in
      parallel(groups.count) { group, worker in
        let range = groups.range(group)
        convolution.writeInputGradient(
          dy.pointer + range.lowerBound * g.outputPixels * g.filters, images: range.count,
          packed.pointee, kernels, room: start + taps.size + worker * roomSize,
          into: dx.pointer + range.lowerBound * g.imageSize)
      }
    }
  }
}

/// The transposed weights, `[filters, columns]` for each tap, in panels: a tap is one position of the
/// kernel with `C` columns, or, of few channels, one row of it with `kernelSize · C`.
struct TapPanels {
  let takesRows: Bool
  let count: Int
  private let geometry: ConvolutionGeometry
  private let columns: Int
  private let lanes: Int
  private var start: UnsafeMutablePointer<Float>?

  init(_ geometry: ConvolutionGeometry, lanes: Int) {
    self.geometry = geometry
    self.lanes = lanes
    takesRows = geometry.hasFewChannels
    count = geometry.kernelSize * (takesRows ? 1 : geometry.kernelSize)
    columns = geometry.channels * (takesRows ? geometry.kernelSize : 1)
  }

  private var tapSize: Int {
    Panels.size(depth: geometry.filters, columns: columns, lanes: lanes)
  }

  /// Floats of all taps.
  var size: Int { count * tapSize }

  /// These panels, filled with the weights `[kernelSize, kernelSize, C, filters]`.
  func packed(
    _ weight: Tensor, into room: UnsafeMutablePointer<Float>, on device: Device
  ) -> TapPanels {
    var taps = self
    taps.start = room
    withUnsafePointer(to: taps) { taps in
      device.parallel(count) { tap, _ in taps.pointee.pack(tap, weight, with: device.kernels) }
    }
    return taps
  }

  private func pack(_ tap: Int, _ weight: Tensor, with kernels: any Kernels.Type) {
    let panels = self[tap]
    for panel in 0..<panels.count {
      panels.pack(
        panel, from: weight.pointer + tap * columns * geometry.filters, stride: geometry.filters,
        transposed: true, with: kernels)
    }
  }

  subscript(tap: Int) -> Panels {
    guard let start else { preconditionFailure("panels without weights") }
    return Panels(
      depth: geometry.filters, columns: columns, lanes: lanes, start: start + tap * tapSize)
  }
}

/// Images dealt to threads in groups small enough for a table and the second-level cache.
private struct Groups {
  let images: Int
  let count: Int

  init(images: Int, largest: Int, threads: Int) {
    self.images = images
    let rounds = max(1, (images + threads * largest - 1) / (threads * largest))
    count = min(images, rounds * threads)
  }

  var largest: Int { count == 0 ? 0 : (images + count - 1) / count }

  func range(_ group: Int) -> Range<Int> { images * group / count..<images * (group + 1) / count }
}

extension Convolution {
  /// Floats that ``writeInputGradient(_:images:_:_:room:into:)`` needs for so many images: nothing
  /// where it can write them in their place. Rows of taps write past their last column.
  func roomForInputGradient(_ images: Int) -> Int {
    geometry.padding == 0 && !geometry.hasFewChannels ? 0 : images * geometry.paddedSize + 64
  }

  /// Overwrites a few images with the gradient of their input.
  func writeInputGradient(
    _ dy: UnsafePointer<Float>, images: Int, _ taps: TapPanels, _ kernels: any Kernels.Type,
    room: UnsafeMutablePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let size = roomForInputGradient(images)
    let padded = size == 0 ? dx : room
    padded.update(repeating: 0, count: size == 0 ? images * geometry.paddedSize : size)
    for tap in 0..<taps.count {
      var row = TileRow(kernels: kernels, panels: taps[tap])
      row.accumulating = true
      if taps.takesRows {
        scatterRow(tap, dy, imageRows: images * geometry.outputHeight, row, padded)
      } else {
        scatter(tap, dy, pixels: images * geometry.outputPixels, row, padded)
      }
    }
    if size > 0 { unpad(geometry, images: images, from: padded, into: dx) }
  }

  /// Adds one kernel row's share of the gradients of `imageRows` rows of outputs.
  private func scatterRow(
    _ r: Int, _ dy: UnsafePointer<Float>, imageRows: Int, _ row: TileRow,
    _ dx: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let start = dx + r * g.paddedWidth * g.channels
    pixelRowOffsets.withUnsafeBufferPointer { pixelRows in
      withTables { _, runOffsets, aOffsets in
        guard let cOffsets = pixelRows.baseAddress else { return }
        for x in 0..<g.outputWidth {
          for first in stride(from: 0, to: imageRows, by: tileRows) {
            let rows = min(tileRows, imageRows - first)
            for i in 0..<tileRows {
              aOffsets[i] = min(i, rows - 1) * g.outputWidth * g.filters
            }
            for panel in 0..<row.panels.count {
              // Columns that do not exist have zeros for weights: they add nothing.
              row.runWhole(
                panel, a: dy + (first * g.outputWidth + x) * g.filters, aOffsets: aOffsets,
                runOffsets: runOffsets, runCount: 1, runLength: g.filters,
                c: start + x * g.stride * g.channels, cOffsets: cOffsets + first, rowCount: rows)
            }
          }
        }
      }
    }
  }

  /// Adds one tap's share of the gradients of `pixels` outputs.
  private func scatter(
    _ tap: Int, _ dy: UnsafePointer<Float>, pixels: Int, _ row: TileRow,
    _ dx: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let (r, s) = tap.quotientAndRemainder(dividingBy: g.kernelSize)
    let tapOffset = (r * g.paddedWidth + s) * g.channels
    withTables { pixelOffsets, runOffsets, aOffsets in
      for panel in 0..<row.panels.count {
        for first in stride(from: 0, to: pixels, by: tileRows) {
          let rows = min(tileRows, pixels - first)
          for i in 0..<tileRows { aOffsets[i] = min(i, rows - 1) * g.filters }
          row.run(
            panel, a: dy + first * g.filters, aOffsets: aOffsets, runOffsets: runOffsets,
            runCount: 1, runLength: g.filters, aStep: 1, c: dx + tapOffset,
            cOffsets: pixelOffsets + first, rowCount: rows)
        }
      }
    }
  }
}

/// Copies the middle of padded images.
func unpad(
  _ g: ConvolutionGeometry, images: Int, from padded: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>
) {
  let row = g.width * g.channels
  for image in 0..<images {
    for y in 0..<g.height {
      let from =
        padded + image * g.paddedSize
        + ((y + g.padding) * g.paddedWidth + g.padding) * g.channels
      (result + image * g.imageSize + y * row).update(from: from, count: row)
    }
  }
}
