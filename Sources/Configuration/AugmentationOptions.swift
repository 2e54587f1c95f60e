import Datasets
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
