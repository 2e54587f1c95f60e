import Formats

/// How numbers become pixels: `(number − offset) · factor`, rounded, on a scale from 0 to 255.
///
/// The training part decides it, and every later part of the same data follows.
public struct PixelScale: Sendable, Hashable, CustomStringConvertible {
  /// The numbers that become 0 and 255.
  public let lowest: Double
  public let highest: Double

  public init(lowest: Double, highest: Double) {
    self.lowest = lowest
    self.highest = highest
  }

  /// Bytes as they are.
  public static let bytes = PixelScale(lowest: 0, highest: 255)

  var factor: Double { 255 / (highest - lowest) }

  /// The scale of numbers by the smallest and the largest of them.
  ///
  /// Of the usual scales the narrowest that holds them all: -0.5 to 0.5 and -1 to 1 if some are
  /// below 0, else 0 to 1, to 16 (four bits a pixel and one more, as scikit-learn's digits have
  /// them), to 255 and to 65535; for signed bytes -128 to 127. Numbers on none of these scales,
  /// such as standardized ones, are spread over what they reach.
  init(of numbers: NumberArray, extent: NumberExtent) {
    let (least, most) = (extent.smallest, extent.largest)
    if numbers.element == .int8, least < 0 {
      self.init(lowest: -128, highest: 127)
      return
    }
    let scales: [(Double, Double)] =
      least < 0 ? [(-0.5, 0.5), (-1, 1)] : [(0, 1), (0, 16), (0, 255), (0, 65_535)]
    // Rounding leaves 1.0000001 of 1.
    let slack = numbers.element.isInteger ? 0 : 1e-3
    if let scale = scales.first(where: { least >= $0.0 - slack && most <= $0.1 + slack }),
      most > 0 || least < 0
    {
      self.init(lowest: scale.0, highest: scale.1)
    } else if most > least, !(least == 0 && most == 0) {
      self.init(lowest: least, highest: most)
    } else {
      self = .bytes
    }
  }

  /// Whether numbers of that extent may be on this scale.
  func holds(_ extent: NumberExtent) -> Bool {
    let slack = (highest - lowest) * 0.5
    return extent.smallest >= lowest - slack && extent.largest <= highest + slack
  }

  public var description: String {
    "numbers from \(Self.text(lowest)) to \(Self.text(highest)) as pixels from 0 to 255"
  }

  private static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\((number * 1e4).rounded() / 1e4)"
  }
}
