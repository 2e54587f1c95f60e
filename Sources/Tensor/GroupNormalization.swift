import KernelBodies
import Support

// Group normalization of `[N, …, C]` (Wu and He, "Group normalization", 2018): mean and variance are
// those of one item's channels of one group, at all its places.
//
// To the kernels an item is a batch of its own: those of batch normalization give sums for each
// channel, which are added up to those of its group, in double precision and in order. So an item is
// one task, and the number of threads changes nothing.

/// The extents of a group normalization.
public struct GroupNormGeometry: Equatable, Sendable {
  /// The places of an item that have channels: `H · W` of an image, 1 of a row of features.
  public let places: Int
  public let channels: Int
  public let groups: Int

  /// - Precondition: `groups` divides `channels`.
  public init(places: Int, channels: Int, groups: Int) {
    precondition(groups > 0 && channels % groups == 0, "\(groups) groups of \(channels) channels")
    (self.places, self.channels, self.groups) = (places, channels, groups)
  }

  /// What a pass leaves for the way back: see ``GroupStatistics``.
  public func statisticsShape(_ count: Int) -> Shape { Shape(count, 4, channels) }

  fileprivate var itemSize: Int { places * channels }
  fileprivate var channelsOfAGroup: Int { channels / groups }
  fileprivate var rows: Rows { Rows(places, of: channels) }

  fileprivate func range(_ group: Int) -> Range<Int> {
    group * channelsOfAGroup..<(group + 1) * channelsOfAGroup
  }
}

/// Of each channel of an item: the mean of its group, what its deviations are divided by, and
/// `y = scale · x + shift`.
private struct GroupStatistics {
  let mean: Target
  let inverse: Target
  let scale: Target
  let shift: Target

  init(_ statistics: Target, _ item: Int, _ g: GroupNormGeometry) {
    mean = statistics + 4 * item * g.channels
    inverse = mean + g.channels
    scale = inverse + g.channels
    shift = scale + g.channels
  }

  /// From the channels' own means, and from the sums of their squared deviations in `inverse`.
  func finish(_ g: GroupNormGeometry, gamma: Source, beta: Source, epsilon: Float) {
    for group in 0..<g.groups {
      let range = g.range(group)
      let center = range.reduce(0.0) { $0 + Double(mean[$1]) } / Double(range.count)
      var squares = 0.0
      for channel in range {
        let delta = Double(mean[channel]) - center
        squares += Double(inverse[channel]) + delta * delta * Double(g.places)
      }
      let variance = squares / Double(range.count * g.places)
      let factor = 1 / (variance + Double(epsilon)).squareRoot()
      for channel in range {
        mean[channel] = Float(center)
        inverse[channel] = Float(factor)
        scale[channel] = Float(Double(gamma[channel]) * factor)
        shift[channel] = Float(Double(beta[channel]) - center * Double(gamma[channel]) * factor)
      }
    }
  }
}

extension Device {
  /// Group normalization of `x`, `[N, …, C]`: `y = γ (x − mean) / √(variance + ε) + β`.
  ///
  /// - Parameters:
  ///   - gamma: `[C]`, like `beta`.
  ///   - rectifying: replaces negative results by zero.
  ///   - statistics: ``GroupNormGeometry/statisticsShape(_:)`` or more, overwritten with what the
  ///     backward pass needs.
  public func groupNorm(
    _ x: Tensor, _ g: GroupNormGeometry, gamma: Tensor, beta: Tensor, epsilon: Float,
    rectifying: Bool, statistics: Tensor, into y: Tensor
  ) {
    let items = x.shape[0]
    precondition(x.count == items * g.itemSize && y.count == x.count, "groupNorm: \(x.shape)")
    precondition(gamma.count == g.channels && beta.count == g.channels, "groupNorm: \(gamma.shape)")
    precondition(statistics.count >= 4 * items * g.channels, "groupNorm: \(statistics.shape)")
    parallelRanges(items, grain: max(1, Self.elementGrain / max(1, g.itemSize))) { range in
      for item in range {
        let s = GroupStatistics(statistics.pointer, item, g)
        let start = item * g.itemSize
        kernels.moments(x.pointer + start, g.rows, mean: s.mean, squares: s.inverse)
        s.finish(g, gamma: gamma.pointer, beta: beta.pointer, epsilon: epsilon)
        kernels.scaleShiftRows(
          x.pointer + start, g.rows,
          by: ChannelMap(scale: s.scale, shift: s.shift, rectifying: rectifying),
          to: y.pointer + start)
      }
    }
  }

  /// The gradients of ``groupNorm(_:_:gamma:beta:epsilon:rectifying:statistics:into:)``,
  /// overwritten; `dx` may be `dy`.
  ///
  /// With `x̂ = (x − mean) / √(variance + ε)` and `h = γ dy`: `dβ = Σ dy`, `dγ = Σ dy x̂` over items
  /// and places, `dx = (h − mean(h) − x̂ mean(h x̂)) / √(variance + ε)` with means over a group.
  public func groupNormBackward(
    _ dy: Tensor, _ x: Tensor, _ g: GroupNormGeometry, gamma: Tensor, rectifying: Bool,
    statistics: Tensor, gammaGradient: Tensor, betaGradient: Tensor, into dx: Tensor?
  ) {
    let items = x.shape[0]
    precondition(x.count == items * g.itemSize && dy.count == x.count, "groupNormBackward: rows")
    precondition(dx == nil || dx?.count == x.count, "groupNormBackward: \(x.shape)")
    let room = scratch(4 * items * g.channels)
    parallelRanges(items, grain: max(1, Self.elementGrain / max(1, g.itemSize))) { range in
      for item in range {
        let s = GroupStatistics(statistics.pointer, item, g)
        let part = GroupGradient(room, item, g)
        let start = item * g.itemSize
        kernels.batchNormSums(
          BatchNormSums(
            dy: dy.pointer + start, x: x.pointer + start, rows: g.rows, mean: s.mean,
            map: ChannelMap(scale: s.scale, shift: s.shift, rectifying: rectifying),
            sums: part.sums, products: part.products))
        guard let dx else { continue }
        part.finish(g, s, gamma: gamma.pointer)
        kernels.batchNormBackward(
          BatchNormGradient(
            dy: dy.pointer + start, x: x.pointer + start, rows: g.rows, mean: s.mean,
            map: ChannelMap(scale: s.scale, shift: s.shift, rectifying: rectifying),
            slope: part.slope, offset: part.offset, dx: dx.pointer + start))
      }
    }
    for channel in 0..<g.channels {
      var (product, sum) = (0.0, 0.0)
      for item in 0..<items {
        let part = GroupGradient(room, item, g)
        let inverse = GroupStatistics(statistics.pointer, item, g).inverse[channel]
        product += Double(part.products[channel]) * Double(inverse)
        sum += Double(part.sums[channel])
      }
      gammaGradient.pointer[channel] = Float(product)
      betaGradient.pointer[channel] = Float(sum)
    }
  }
}

/// Of each channel of an item: `Σ dy`, `Σ dy (x − mean)`, and
/// `dx = scale · dy + slope · (x − mean) + offset`.
private struct GroupGradient {
  let sums: Target
  let products: Target
  let slope: Target
  let offset: Target

  init(_ room: Target, _ item: Int, _ g: GroupNormGeometry) {
    sums = room + 4 * item * g.channels
    products = sums + g.channels
    slope = products + g.channels
    offset = slope + g.channels
  }

  func finish(_ g: GroupNormGeometry, _ s: GroupStatistics, gamma: Source) {
    for group in 0..<g.groups {
      let range = g.range(group)
      var (sum, product) = (0.0, 0.0)
      for channel in range {
        sum += Double(gamma[channel]) * Double(sums[channel])
        product += Double(gamma[channel]) * Double(products[channel])
      }
      let inverse = Double(s.inverse[range.lowerBound])
      let share = inverse / Double(range.count * g.places)
      for channel in range {
        slope[channel] = Float(-share * inverse * inverse * product)
        offset[channel] = Float(-share * sum)
      }
    }
  }
}
