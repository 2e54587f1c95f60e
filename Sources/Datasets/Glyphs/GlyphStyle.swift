/// How far the samples of a character differ from its skeleton and from each other.
///
/// Lengths are fractions of the glyph's longer side unless they say pixels; a `…Deviation` is the
/// standard deviation of a normal distribution. The defaults were set by comparing contact sheets,
/// pen widths and grey-level histograms with those of EMNIST.
public struct GlyphStyle: Sendable, Equatable {
  /// How far each point of the skeleton strays.
  public var nodeDeviation: Float = 0.028
  /// How far each stroke strays as a whole, which makes bars overshoot or miss their stems.
  public var strokeDeviation: Float = 0.024
  /// How far a stroke's ends are drawn out (or fall short) along its direction.
  public var overshootDeviation: Float = 0.04
  /// The probability of a small hook at an end of a stroke, where the pen lands or leaves.
  public var hookChance: Float = 0.1
  /// How often a polyline of pixel-long steps is smoothed: rounds corners like a hasty hand.
  public var roundness: ClosedRange<Int> = 0...4
  /// The largest displacement by the elastic distortion.
  public var elasticity: Float = 0.1
  /// The mean slant, as the tangent of its angle to the right.
  public var slant: Float = 0.15
  /// How the slant varies.
  public var slantDeviation: Float = 0.22
  /// How the base line's direction varies, in radians.
  public var rotationDeviation: Float = 0.08
  /// The mean ratio of width to height, relative to the skeleton's.
  public var aspect: Float = 1.18
  /// How the ratio of width to height varies, relative to itself.
  public var aspectDeviation: Float = 0.2
  /// The longer side of the inked box, in pixels of the 28.
  public var size: ClosedRange<Float> = 21...23.7
  /// How far the box's centre strays from the image's, in pixels along each axis.
  public var shift: Float = 0.5
  /// The pen's mean width, in pixels.
  public var penWidth: Float = 2.55
  /// How the pen's width varies from image to image, relative to itself; it stays within 0.45 to
  /// 1.6 times the mean.
  public var penWidthDeviation: Float = 0.3
  /// How the width varies along a stroke, relative to itself.
  public var pressureDeviation: Float = 0.1
  /// How much a broad nib's width depends on its direction, relative to itself, at most.
  public var nibContrast: Float = 0.3
  /// How much thinner than its middle a stroke ends, at most.
  public var taper: Float = 0.5
  /// How far the edge is off at each step of the pen, at most, in pixels.
  public var roughness: Float = 0.22
  /// The share of a pixel's ink that blurring gives to each neighbour, along each axis.
  public var blur: ClosedRange<Float> = 0.04...0.17
  /// The ink of the darkest pixel; what is above 1 is cut, which hardens the edges.
  public var ink: ClosedRange<Float> = 0.95...1.2
  /// The largest relative error of a pixel's ink; bare paper stays black.
  public var noise: Float = 0.02

  /// The style that looks like EMNIST.
  public init() {}
}
