/// How far training images are varied: the largest strength of each transformation.
///
/// Every image draws its own strengths, uniformly from what is allowed, anew in every epoch. A
/// strength of 0 changes nothing, to the bit. Nothing is ever mirrored: characters are not
/// symmetric.
public struct Augmentation: Equatable, Sendable {
  /// Pixels along each axis, from `-shift` to `shift`; positive is to the right and down.
  public var shift = 0.0
  /// Degrees about the middle, from `-rotate` to `rotate`; positive is clockwise.
  public var rotate = 0.0
  /// The factor is from `1 - scale` to `1 + scale`; below 1.
  public var scale = 0.0
  /// The slant, from `-shear` to `shear`: pixels to the right for each pixel up.
  public var shear = 0.0
  /// How much nearer one edge may be than the middle, along each axis; below 0.5.
  public var perspective = 0.0
  /// The strength alpha of the elastic distortion, from 0 to `elastic`: it multiplies a field of
  /// displacements, uniform from -1 to 1 pixels before it is smoothed (Simard, Steinkraus and
  /// Platt, "Best practices for convolutional neural networks applied to visual document
  /// analysis", 2003, who use 34 with a sigma of 4).
  public var elastic = 0.0
  /// The standard deviation in pixels of the Gaussian that smooths the field.
  public var elasticSigma = 4.0
  /// How far a pixel moves towards the darkest or lightest of the 3 × 3 around it, from
  /// `-thickness` (thinner strokes) to `thickness` (thicker ones); at most 1.
  public var thickness = 0.0
  /// The standard deviation of Gaussian noise, from 0 to `noise`, on pixels from 0 to 1.
  public var noise = 0.0
  /// The share of the image, from 0 to `erase`, that a rectangle of background covers (Zhong,
  /// Zheng, Kang, Li and Yang, "Random erasing data augmentation", 2020).
  public var erase = 0.0
  /// The probability of each transformation, for each image.
  public var probability = 1.0

  /// Nothing is varied.
  public init() {}

  /// Whether images stay as they are.
  public var isIdentity: Bool {
    probability == 0
      || [shift, rotate, scale, shear, perspective, elastic, thickness, noise, erase]
        .allSatisfy { $0 == 0 }
  }
}

/// Strengths that go together: the values of `--augment`.
public enum AugmentationPolicy: String, CaseIterable, Sendable {
  case none, light, `default`, heavy

  /// The policy's strengths.
  public var augmentation: Augmentation {
    var result = Augmentation()
    switch self {
    case .none: break
    case .light:
      (result.shift, result.rotate, result.scale, result.shear) = (1.5, 8, 0.05, 0.1)
    case .default:
      (result.shift, result.rotate, result.scale, result.shear) = (2, 12, 0.1, 0.15)
      (result.perspective, result.elastic, result.probability) = (0.1, 34, 0.7)
    case .heavy:
      (result.shift, result.rotate, result.scale, result.shear) = (3, 15, 0.2, 0.25)
      (result.perspective, result.elastic, result.thickness) = (0.2, 45, 0.5)
      (result.noise, result.erase, result.probability) = (0.08, 0.08, 0.7)
    }
    return result
  }
}
