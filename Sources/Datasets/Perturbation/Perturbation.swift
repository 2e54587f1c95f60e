import Support

/// A way in which test images are made harder than those that a network was trained on.
///
/// How strong it is is the same for every image; its direction is drawn for each image, from a seed,
/// the same at every strength. What comes in from outside of an image is background.
public enum PerturbationKind: String, CaseIterable, Sendable {
  /// By whole pixels along one of the eight directions: an axis, or both.
  case shift
  /// By degrees about the middle, clockwise or not, interpolated bilinearly.
  case rotate
  /// By a factor of 1 + s or 1 - s about the middle, interpolated bilinearly.
  case scale
  /// Normal noise of this standard deviation, on pixels from 0 to 1, drawn for each pixel.
  case noise
  /// Strokes thicker or thinner by so many pixels on every side.
  case thickness
  /// A Gaussian filter of this standard deviation in pixels; it has no direction.
  case blur

  /// What its strengths are in.
  public var unit: String {
    switch self {
    case .shift: "pixels"
    case .rotate: "degrees"
    case .scale: "share of the size"
    case .noise: "standard deviation of a pixel from 0 to 1"
    case .thickness: "pixels of a stroke's edge"
    case .blur: "standard deviation in pixels"
    }
  }

  /// What help says of it: what is done, in which unit, how far where nobody says.
  public var explanation: String {
    let what =
      switch self {
      case .shift: "shift by whole pixels in one of eight directions"
      case .rotate: "rotate by degrees to one side about the middle, bilinear"
      case .scale: "scale by 1 + s or 1 - s about the middle, bilinear"
      case .noise: "noise, normal, of a standard deviation s on pixels from 0 to 1"
      case .thickness: "thickness by pixels more or less, grey dilation or erosion by 3 x 3"
      case .blur: "blur by a Gaussian filter whose standard deviation is s pixels"
      }
    return "\(what) (\(Self.text(of: standard)))"
  }

  /// A strength as one types it: `15`, `0.2`.
  public static func text(of strength: Double) -> String {
    strength == strength.rounded() ? "\(Int(strength))" : "\(strength)"
  }

  /// The largest strength where nobody gives one.
  public var standard: Double {
    switch self {
    case .shift: 4
    case .rotate: 30
    case .scale, .noise: 0.3
    case .thickness: 1
    case .blur: 2
    }
  }

  /// What a largest strength must not be above.
  public var limit: Double {
    switch self {
    case .shift: 64
    case .rotate: 180
    case .scale: 0.9
    case .noise: 1
    case .thickness, .blur: 8
    }
  }
}

/// The strengths at which a network is tested: from none to a largest one.
public struct PerturbationRange: Equatable, Sendable {
  public let kind: PerturbationKind
  public let largest: Double

  /// - Parameter largest: above 0 and at most the kind's limit, of a shift a whole number; `nil`: the
  ///   kind's standard.
  public init(_ kind: PerturbationKind, largest: Double? = nil) {
    let largest = largest ?? kind.standard
    precondition(
      largest > 0 && largest <= kind.limit && (kind != .shift || largest == largest.rounded()),
      "PerturbationRange: \(kind) of \(largest)")
    (self.kind, self.largest) = (kind, largest)
  }

  /// From 0 to the largest: whole pixels of a shift, at most twelve of them; else six, evenly spaced.
  public var strengths: [Double] {
    if kind == .shift {
      let step = (largest / 10).rounded(.up)
      return Array(stride(from: 0, to: largest, by: step)) + [largest]
    }
    // The nearest number to a decimal fraction is written without a tail.
    return (0...5).map { (largest * Double($0) / 5 * 1e6).rounded() / 1e6 }
  }
}

extension Selection {
  /// The images of the selection, each made harder by so much.
  ///
  /// - Parameters:
  ///   - strength: in the kind's unit; 0 changes nothing.
  ///   - seed: of the directions and the noise; an image of a set has the same in every selection.
  ///   - isInkDark: whether ink is dark in the images.
  public func perturbed(
    by kind: PerturbationKind, strength: Double, seed: UInt64, isInkDark: Bool = false
  ) -> ImageSet {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * images.imageSize)
    let number = PerturbationKind.allCases.firstIndex(of: kind) ?? 0
    for index in indices.map(Int.init) {
      var random = RandomStream(seed: seed, purpose: .perturbation, major: number, minor: index)
      let plane = InkPlane(
        height: images.height, width: images.width,
        pixels: images.pixels[index * images.imageSize..<(index + 1) * images.imageSize],
        isInkDark: isInkDark)
      pixels += plane.perturbed(by: kind, strength, using: &random).pixels(isInkDark: isInkDark)
    }
    return ImageSet(
      height: images.height, width: images.width, pixels: pixels,
      labels: (0..<count).map(label(at:)))
  }
}

extension InkPlane {
  fileprivate static let directions = [
    (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1),
  ]

  func perturbed(
    by kind: PerturbationKind, _ strength: Double, using random: inout RandomStream
  ) -> InkPlane {
    guard strength > 0 else { return self }
    let draw = random.below(8)
    let signed = draw < 4 ? strength : -strength
    switch kind {
    case .shift:
      let (right, down) = Self.directions[draw]
      return shifted(right: right * Int(strength), down: down * Int(strength))
    case .rotate: return turned(by: signed)
    case .scale: return grown(by: 1 + signed)
    case .noise: return withNoise(of: strength, using: &random)
    case .thickness: return thickened(by: signed)
    case .blur: return blurred(by: strength)
    }
  }
}
