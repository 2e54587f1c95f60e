import Support

/// Floats of a device's scratch memory that the passes of a layer need at most, for any instruction
/// set: what the memory of a training is estimated with, before there is a device.
public enum ScratchSize {
  // The widest vector and the highest tile.
  fileprivate static let lanes = 16
  private static let tileRows = 12

  /// Of `y = x · W + b` and its gradients: panels of the weights for the forward pass and for the
  /// gradient of the input; a chunk of the output's gradient a thread for that of the weights.
  public static func denseLayer(rows: Int, inputs: Int, outputs: Int, threads: Int) -> Int {
    max(
      panels(depth: inputs, columns: outputs) + packed(rows: rows, depth: inputs, from: outputs),
      panels(depth: outputs, columns: inputs) + packed(rows: rows, depth: outputs, from: inputs),
      boundedProduct(threads, MatrixProduct.chunk, 2 * lanes))
  }

  /// Of a convolution, with pooling or without, and its gradients.
  public static func convolution(_ g: ConvolutionGeometry, images: Int, threads: Int) -> Int {
    let weights = boundedProduct(g.depth, g.filters)
    let chunk = Convolution.chunkImages(g)
    let parts = max(1, min((images + chunk - 1) / chunk, 16, (2 << 20) / max(1, weights)))
    let border = g.padding == 0 && !g.hasFewChannels ? 0 : chunk * g.paddedSize + 64
    // Where a gradient is spread over the windows of a pooling, whole vectors are written.
    let full = boundedProduct(chunk, g.outputPixels, g.filters) + lanes
    let planes = PlaneLayout(g)
    let room = boundedProduct(threads, boundedSum([full, border, planes?.gradientRoom ?? 0]))
    let taps = g.kernelSize * (g.hasFewChannels ? 1 : g.kernelSize)
    let tap = panels(
      depth: g.filters, columns: g.channels * (g.hasFewChannels ? g.kernelSize : 1))
    let forward =
      panels(depth: g.depth, columns: g.filters)
      + boundedProduct(threads, planes?.forwardRoom ?? tileRows * (g.filters + 64))
    return max(
      forward, boundedSum([boundedProduct(taps, tap), boundedProduct(parts, weights), room]),
      WinogradConvolution.scratchSize(g, images: images, threads: threads))
  }

  /// Of an attention and of the products around it.
  public static func attention(_ g: AttentionGeometry, items: Int, threads: Int) -> Int {
    max(
      denseLayer(
        rows: boundedProduct(items, g.tokens), inputs: g.width, outputs: 3 * g.width,
        threads: threads),
      boundedProduct(threads, attentionHead(g)))
  }

  /// Of one head for one item.
  private static func attentionHead(_ g: AttentionGeometry) -> Int {
    boundedSum([
      boundedProduct(2, g.tokens, g.rowStep),
      boundedProduct(max(g.rowStep, 2 * g.tokens), g.widenedHead),
    ])
  }

  /// Of a normalization over rows, batch or layer.
  public static func normalization(rows: Int, columns: Int) -> Int {
    2 * (sums(rows: rows, columns: columns) + columns)
  }

  /// Of the sum of all rows.
  public static func sums(rows: Int, columns: Int) -> Int {
    boundedProduct(RowChunks(rows: rows, columns: columns).count, columns)
  }

  fileprivate static func panels(depth: Int, columns: Int) -> Int {
    boundedProduct((columns + lanes - 1) / lanes * lanes, depth)
  }

  /// Of the rows of A, which are packed where they are a power of two apart.
  private static func packed(rows: Int, depth: Int, from columns: Int) -> Int {
    if depth % 1024 != 0 || columns <= 6 * lanes { return 0 }
    return boundedProduct((rows + tileRows - 1) / tileRows * tileRows, depth)
  }
}

extension PackedMatrix {
  /// Floats of a packed matrix, at most.
  public static func size(rows: Int, columns: Int) -> Int {
    ScratchSize.panels(depth: rows, columns: columns)
  }
}
