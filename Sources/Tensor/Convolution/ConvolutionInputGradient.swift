import KernelBodies

// The gradient of the input: every output pixel hands its gradient back to the inputs of its patch.
//
//     for each tap (r, s): dx[y·stride + r, x·stride + s, :] += dy[y, x, :] · W[r, s]ᵀ
//
// A tile is twelve pixels of dy times the transposed weights of one tap; its rows of C lie where
// the tap of each pixel lies in dx, and it adds to what is there. So exactly the multiply-adds of
// the forward pass are done, with any stride, and no zero is multiplied. Taps are the outer loop
// over one image, so that each element of dx is one chain in the order of taps and filters.

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
    let taps = g.kernelSize * g.kernelSize
    let tapSize = Panels.size(depth: g.filters, columns: g.channels, lanes: kernels.tileLanes)
    let groups = Groups(images: images, largest: convolution.tableImages, threads: threadCount)
    let paddedSize = g.padding == 0 ? 0 : groups.largest * g.paddedSize
    let start = scratch(taps * tapSize + threadCount * paddedSize)
    let paddedStart = start + taps * tapSize
    let tapPanels = TapPanels(g, lanes: kernels.tileLanes, start: start)
    parallel(taps) { tap, _ in tapPanels.pack(tap, weight, with: kernels) }
    parallel(groups.count) { group, worker in
      let range = groups.range(group)
      let result = dx.pointer + range.lowerBound * g.imageSize
      let to = g.padding == 0 ? result : paddedStart + worker * paddedSize
      convolution.writeInputGradient(
        dy.pointer + range.lowerBound * g.outputPixels * g.filters, images: range.count,
        tapPanels, kernels, padded: to)
      if g.padding > 0 { unpad(g, images: range.count, from: to, into: result) }
    }
  }
}

/// The transposed weights of each tap, `[filters, C]`, in panels.
struct TapPanels {
  private let geometry: ConvolutionGeometry
  private let lanes: Int
  private let start: UnsafeMutablePointer<Float>

  init(_ geometry: ConvolutionGeometry, lanes: Int, start: UnsafeMutablePointer<Float>) {
    self.geometry = geometry
    self.lanes = lanes
    self.start = start
  }

  subscript(tap: Int) -> Panels {
    let (depth, columns) = (geometry.filters, geometry.channels)
    return Panels(
      depth: depth, columns: columns, lanes: lanes,
      start: start + tap * Panels.size(depth: depth, columns: columns, lanes: lanes))
  }

  func pack(_ tap: Int, _ weight: Tensor, with kernels: KernelTable) {
    let panels = self[tap]
    for panel in 0..<panels.count {
      panels.pack(
        panel, from: weight.pointer + tap * geometry.channels * geometry.filters,
        stride: geometry.filters, transposed: true, with: kernels)
    }
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
  /// Overwrites a few padded images with the gradient of their input.
  func writeInputGradient(
    _ dy: UnsafePointer<Float>, images: Int, _ tapPanels: TapPanels, _ kernels: KernelTable,
    padded: UnsafeMutablePointer<Float>
  ) {
    padded.update(repeating: 0, count: images * geometry.paddedSize)
    for tap in 0..<geometry.kernelSize * geometry.kernelSize {
      var row = TileRow(kernels: kernels, panels: tapPanels[tap])
      row.accumulating = true
      scatter(tap, dy, pixels: images * geometry.outputPixels, row, padded)
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
