import KernelBodies
import Support

// Batch normalization over the rows of `[…, C]` (Ioffe and Szegedy, 2015).
//
// Each chunk of rows gives sums of its own; the chunks are added in order, in double precision.

/// Per-channel values that one batch normalization needs between its two passes.
public struct BatchStatistics {
  /// Mean and biased variance of the batch, `[C]`.
  public let mean: Tensor
  public let variance: Tensor
  /// `y = scale · x + shift`, `[C]` each.
  public let scale: Tensor
  public let shift: Tensor
  /// Whether mean and variance are constants; otherwise they are functions of the batch, and its
  /// gradient passes through them as well.
  let areConstant: Bool

  /// Room for `channels` channels.
  public init(channels: Int) {
    self.init(
      mean: Tensor(zeros: [channels]), variance: Tensor(zeros: [channels]), channels: channels,
      areConstant: false)
  }

  /// Statistics that are kept elsewhere, running ones, and room for scale and shift.
  public init(mean: Tensor, variance: Tensor, channels: Int) {
    self.init(mean: mean, variance: variance, channels: channels, areConstant: true)
  }

  private init(mean: Tensor, variance: Tensor, channels: Int, areConstant: Bool) {
    self.mean = mean
    self.variance = variance
    self.areConstant = areConstant
    scale = Tensor(zeros: [channels])
    shift = Tensor(zeros: [channels])
  }

  /// Computes scale and shift from mean and variance.
  public func fold(gamma: Tensor, beta: Tensor, epsilon: Float) {
    for channel in 0..<scale.count {
      let factor = gamma.pointer[channel] / (variance.pointer[channel] + epsilon).squareRoot()
      scale.pointer[channel] = factor
      shift.pointer[channel] = beta.pointer[channel] - mean.pointer[channel] * factor
    }
  }
}

extension Device {
  /// Mean and biased variance of each channel of `x`, `[…, C]`.
  public func moments(_ x: Tensor, into statistics: BatchStatistics) {
    let (rows, channels) = x.shape.asMatrix
    precondition(statistics.mean.count == channels && rows > 0, "moments of \(x.shape)")
    let chunks = RowChunks(rows: rows, columns: channels)
    let means = scratch(2 * chunks.count * channels)
    let squares = means + chunks.count * channels
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      kernels.moments(
        x.pointer + range.lowerBound * channels, Rows(range.count, of: channels),
        mean: means + chunk * channels, squares: squares + chunk * channels)
    }
    // Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
    // variances", 1979.
    for channel in 0..<channels {
      var (count, mean, square) = (0.0, 0.0, 0.0)
      for chunk in 0..<chunks.count {
        let added = Double(chunks.range(chunk).count)
        let delta = Double(means[chunk * channels + channel]) - mean
        square += Double(squares[chunk * channels + channel])
        square += delta * delta * count * added / (count + added)
        count += added
        mean += delta * added / count
      }
      statistics.mean.pointer[channel] = Float(mean)
      statistics.variance.pointer[channel] = Float(square / count)
    }
  }

  /// `y = scale · x + shift`, channel by channel; negative results become zero if `rectifying`.
  public func scaleShift(
    _ x: Tensor, scale: Tensor, shift: Tensor, rectifying: Bool, into y: Tensor
  ) {
    let (rows, channels) = x.shape.asMatrix
    precondition(x.count == y.count && scale.count == channels, "scaleShift: \(x.shape)")
    let chunks = RowChunks(rows: rows, columns: channels)
    let map = ChannelMap(scale: scale.pointer, shift: shift.pointer, rectifying: rectifying)
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let offset = range.lowerBound * channels
      kernels.scaleShiftRows(
        x.pointer + offset, Rows(range.count, of: channels), by: map, to: y.pointer + offset)
    }
  }

  /// The gradients of `y = γ (x − mean) / √(variance + ε) + β`, mean and variance being those of
  /// the batch or constants. With `rectifying`, `dy` is the gradient of `max(0, y)`.
  ///
  /// With `x̂ = (x − mean) / √(variance + ε)` and `m` rows:
  /// `dβ = Σ dy`, `dγ = Σ dy x̂`, `dx = γ / √(variance + ε) · (dy − dβ/m − x̂ dγ/m)`, without the
  /// last two terms if mean and variance are constants. Without a `dx` it is not computed.
  public func batchNormBackward(
    _ dy: Tensor, _ x: Tensor, _ statistics: BatchStatistics, epsilon: Float, rectifying: Bool,
    gammaGradient: Tensor, betaGradient: Tensor, into dx: Tensor?
  ) {
    let (rows, channels) = x.shape.asMatrix
    precondition(x.count == dy.count, "batchNormBackward: \(x.shape)")
    precondition(dx == nil || dx?.count == x.count, "batchNormBackward: dx")
    let chunks = RowChunks(rows: rows, columns: channels)
    let r = BatchNormScratch(scratch(2 * (chunks.count + 1) * channels), chunks.count, channels)
    let s = statistics
    let map = ChannelMap(scale: s.scale.pointer, shift: s.shift.pointer, rectifying: rectifying)
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let start = range.lowerBound * channels
      kernels.batchNormSums(
        BatchNormSums(
          dy: dy.pointer + start, x: x.pointer + start, rows: Rows(range.count, of: channels),
          mean: s.mean.pointer, map: map, sums: r.sums + chunk * channels,
          products: r.products + chunk * channels))
    }
    r.finish(
      s, epsilon: epsilon, rows: rows, gammaGradient: gammaGradient, betaGradient: betaGradient)
    guard let dx else { return }
    parallel(chunks.count) { chunk, _ in
      let range = chunks.range(chunk)
      let start = range.lowerBound * channels
      kernels.batchNormBackward(
        BatchNormGradient(
          dy: dy.pointer + start, x: x.pointer + start, rows: Rows(range.count, of: channels),
          mean: s.mean.pointer, map: map, slope: r.slope, offset: r.offset,
          dx: dx.pointer + start))
    }
  }
}

/// What the two passes of a batch normalization's gradient hand to each other.
struct BatchNormScratch {
  /// `dx = scale · dy + slope · (x − mean) + offset`, `[C]` each.
  let slope: UnsafeMutablePointer<Float>
  let offset: UnsafeMutablePointer<Float>
  /// `Σ dy` and `Σ dy (x − mean)` of each chunk, `[chunks, C]`.
  let sums: UnsafeMutablePointer<Float>
  let products: UnsafeMutablePointer<Float>
  private let chunks: Int
  private let channels: Int

  /// - Parameter room: `2 (chunks + 1) C` floats.
  init(_ room: UnsafeMutablePointer<Float>, _ chunks: Int, _ channels: Int) {
    slope = room
    offset = room + channels
    sums = room + 2 * channels
    products = sums + chunks * channels
    self.chunks = chunks
    self.channels = channels
  }

  /// Adds the chunks in order, and computes from the sums what the second pass needs.
  func finish(
    _ s: BatchStatistics, epsilon: Float, rows: Int, gammaGradient: Tensor, betaGradient: Tensor
  ) {
    for channel in 0..<channels {
      var (sum, product) = (0.0, 0.0)
      for chunk in 0..<chunks {
        sum += Double(sums[chunk * channels + channel])
        product += Double(products[chunk * channels + channel])
      }
      let inverse = 1 / (Double(s.variance.pointer[channel]) + Double(epsilon)).squareRoot()
      betaGradient.pointer[channel] = Float(sum)
      gammaGradient.pointer[channel] = Float(product * inverse)
      let scale = s.areConstant ? 0 : Double(s.scale.pointer[channel])
      slope[channel] = Float(-scale * product * inverse * inverse / Double(rows))
      offset[channel] = Float(-scale * sum / Double(rows))
    }
  }
}
