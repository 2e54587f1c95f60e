import Support
import Tensor

/// Draws synthetic handwriting: characters of 28 × 28 pixels that look like EMNIST's, white ink
/// (up to 255) on black, upright, the inked box centred.
///
/// A sample is a pure function of seed, character and index, so that any thread can draw any
/// sample in any order. Skeletons of pen strokes are jittered, bent (elastic distortion after
/// Simard, Steinkraus and Platt, "Best practices for convolutional neural networks", 2003),
/// slanted and inked with a pen of varying width, then blurred.
public struct GlyphGenerator: Sendable {
  /// The number of pixels along each side.
  public static let side = 28

  /// The 62 characters, in the order of EMNIST's `byclass`: digits, capitals, small letters.
  public static let characters: [Character] = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  /// The seed all samples depend on.
  public let seed: UInt64
  /// How much the samples vary.
  public let style: GlyphStyle

  /// A generator whose samples are a function of `seed` and `style`.
  public init(seed: UInt64, style: GlyphStyle = GlyphStyle()) {
    self.seed = seed
    self.style = style
  }

  /// The place of `character` among `characters`; nil if it is none of them.
  static func index(of character: Character) -> Int? {
    guard let code = character.asciiValue else { return nil }
    switch code {
    case 48...57: return Int(code) - 48
    case 65...90: return Int(code) - 65 + 10
    case 97...122: return Int(code) - 97 + 36
    default: return nil
    }
  }

  /// Draws sample `index` of `character`, which is one of `characters`, into `pixels` from
  /// place `first` on: 28 × 28 bytes, row by row from the top.
  public func draw(
    _ character: Character, index: Int, into pixels: inout [UInt8], from first: Int = 0
  ) {
    guard let place = Self.index(of: character) else {
      preconditionFailure("no skeleton for '\(character)'")
    }
    precondition(pixels.count >= first + Self.side * Self.side, "a glyph has 28 × 28 pixels")
    var random = RandomStream(seed: seed, purpose: .glyphs, major: place, minor: index)
    let skeleton = GlyphAlphabet.standard.choose(place, using: &random)
    var hand = Handwriting(style: style, random: random)
    var canvas = InkCanvas(side: Self.side)
    for stroke in hand.write(skeleton, side: Float(Self.side)) { canvas.draw(stroke) }
    canvas.blur(share: hand.random.uniform(style.blur))
    canvas.develop(
      level: hand.random.uniform(style.ink), noise: style.noise, using: &hand.random,
      into: &pixels, from: first)
  }
}

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
