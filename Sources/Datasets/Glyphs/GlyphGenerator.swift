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
