import Datasets
import Support
import Tensor

/// How training images are varied: a policy, and what is chosen instead of its single strengths.
///
/// `nil` means that the policy decides.
public struct AugmentationOptions: Equatable, Sendable {
  public var policy = AugmentationPolicy.none
  public var shift: Double?
  public var rotate: Double?
  public var scale: Double?
  public var shear: Double?
  public var perspective: Double?
  public var elastic: Double?
  public var elasticSigma: Double?
  public var thickness: Double?
  public var noise: Double?
  public var erase: Double?
  public var probability: Double?
  /// The share of the epochs, from the first, in which images are varied.
  public var until: Double?

  public init() {}

  /// The strengths that all this comes to.
  public var augmentation: Augmentation {
    var result = policy.augmentation
    result.shift = shift ?? result.shift
    result.rotate = rotate ?? result.rotate
    result.scale = scale ?? result.scale
    result.shear = shear ?? result.shear
    result.perspective = perspective ?? result.perspective
    result.elastic = elastic ?? result.elastic
    result.elasticSigma = elasticSigma ?? result.elasticSigma
    result.thickness = thickness ?? result.thickness
    result.noise = noise ?? result.noise
    result.erase = erase ?? result.erase
    result.probability = probability ?? result.probability
    return result
  }

  /// Checks that images can be varied, if they are to be.
  ///
  /// - Throws: ``AugmentationError``.
  public func check(_ images: ImageSet) throws {
    if !augmentation.isIdentity { try Augmenter.check(images) }
  }

  /// What varies `images`, which were checked, in a training of so many epochs; `nil` if nothing
  /// does.
  public func augmenter(
    for images: ImageSet, seed: UInt64, epochs: Int, on device: Device
  ) -> Augmenter? {
    let augmentation = augmentation
    guard !augmentation.isIdentity else { return nil }
    return Augmenter(
      augmentation, height: images.height, width: images.width, seed: seed,
      epochs: 0..<Int((Double(epochs) * (until ?? 1)).rounded()), on: device)
  }
}

extension LayeredConfiguration {
  /// Checks that what is said about a variation is said about one that there is.
  ///
  /// - Throws: ``ConfigurationError/missingPartner(given:needed:)``.
  func validateAugmentation() throws {
    let augmentation = configuration.augmentation.augmentation
    if augmentation.elastic == 0, let given = location(of: "augment_elastic_sigma") {
      throw ConfigurationError.missingPartner(
        given: given, needed: ConfigurationOption.known("augment_elastic").flag)
    }
    for name in ["augment_probability", "augment_until"] {
      if augmentation.isIdentity, augmentation.probability > 0, let given = location(of: name) {
        throw ConfigurationError.missingPartner(
          given: given, needed: ConfigurationOption.known("augment").flag)
      }
    }
  }
}

extension ConfigurationOption {
  /// How training images are varied.
  public static let augmentation: [ConfigurationOption] = [
    .init(
      "augment", \.augmentation.policy, .choice(of: "augmentation"), "NAME", in: .augmentation,
      help: "vary training images, each anew in each epoch"),
    .init(
      "augment_shift", \.augmentation.shift, .number(in: 0...100), "PIXELS", in: .augmentation,
      help: "shift by up to PIXELS along each axis"),
    .init(
      "augment_rotate", \.augmentation.rotate, .number(in: 0...180), "DEGREES", in: .augmentation,
      help: "rotate by up to DEGREES to either side"),
    .init(
      "augment_scale", \.augmentation.scale, .number(in: 0..<1), "X", in: .augmentation,
      help: "scale by a factor from 1-X to 1+X"),
    .init(
      "augment_shear", \.augmentation.shear, .number(in: 0...2), "X", in: .augmentation,
      help: "slant by up to X pixels a row to either side"),
    .init(
      "augment_perspective", \.augmentation.perspective, .number(in: 0..<0.5), "X",
      in: .augmentation, help: "tilt so that an edge is up to X nearer than the middle"),
    .init(
      "augment_elastic", \.augmentation.elastic, .number(in: 0...1000), "ALPHA",
      in: .augmentation, help: "warp elastically, with a strength up to ALPHA"),
    .init(
      "augment_elastic_sigma", \.augmentation.elasticSigma, .number(in: 0.5...32), "PIXELS",
      in: .augmentation, help: "how smooth it is: the Gaussian's width (a policy's is 4)"),
    .init(
      "augment_thickness", \.augmentation.thickness, .number(in: 0...1), "X", in: .augmentation,
      help: "thicken or thin strokes, at 1 by up to a pixel to each side"),
    .init(
      "augment_noise", \.augmentation.noise, .number(in: 0...1), "X", in: .augmentation,
      help: "add Gaussian noise of a deviation up to X, where ink is 1"),
    .init(
      "augment_erase", \.augmentation.erase, .number(in: 0...1), "SHARE", in: .augmentation,
      help: "erase a rectangle of up to SHARE of the image"),
    .init(
      "augment_probability", \.augmentation.probability, .number(in: 0...1), "P",
      in: .augmentation, help: "probability of each of these for an image"),
    .init(
      "augment_until", \.augmentation.until, .number(in: 0...1), "SHARE", in: .augmentation,
      help: "vary images in this first SHARE of the epochs only"),
  ]
}
