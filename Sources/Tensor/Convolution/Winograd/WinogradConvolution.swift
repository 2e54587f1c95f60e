/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// By Winograd's algorithm where ``WinogradConvolution/suits(_:)`` says so, else directly.
  case winograd
  /// Every multiply-add of the definition.
  case direct
}

/// A 3 x 3 convolution with stride 1 by Winograd's algorithm, planned: how its outputs are cut into
/// tiles.
///
/// A tile of m x m outputs takes (m + 2)² products for each channel and filter instead of 9 m²: of 4 x
/// 4 a quarter. What it loses is precision: against double precision the mean error is at most 2e-6
/// standard deviations of the result, the largest 5e-5, in each of the three passes
/// (`WinogradConvolutionTests`); directly it is about 5e-7 and 8e-6.
///
/// Winograd, "Arithmetic complexity of computations", 1980; Lavin and Gray, "Fast algorithms for
/// convolutional neural networks", 2016.
public final class WinogradConvolution: Sendable {
  public let geometry: ConvolutionGeometry
  let tiling: WinogradTiling

  /// - Precondition: ``suits(_:)``.
  public init(_ geometry: ConvolutionGeometry) {
    precondition(Self.suits(geometry), "a convolution for Winograd's algorithm")
    self.geometry = geometry
    tiling = WinogradTiling(geometry)
  }

  /// Whether Winograd's algorithm is used for a convolution: where it pays. The rule knows shapes
  /// only, no processor and no batch, so that every machine computes the same bits.
  public static func suits(_ g: ConvolutionGeometry) -> Bool {
    g.kernelSize == 3 && g.stride == 1 && g.padding <= 1 && min(g.outputHeight, g.outputWidth) >= 2
      && g.channels % 16 == 0 && g.filters % 16 == 0 && g.channels * g.filters >= 512
  }

  /// Floats of scratch memory for all passes; 0 where the algorithm is not used.
  static func scratchSize(_ g: ConvolutionGeometry, images: Int, threads: Int) -> Int {
    guard suits(g) else { return 0 }
    // Pooling spreads a gradient, and cuts off what no window has.
    return [g, g.pooled].filter(suits).map { g in
      let convolution = WinogradConvolution(g)
      return max(
        WinogradPanels.size(g)
          + WinogradBlocks(convolution, images: images, threads: threads).scratchSize,
        WinogradBackwardSizes(convolution, images: max(1, images), threads: threads).total)
    }.max() ?? 0
  }
}
