import Support
import Tensor

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

/// What was drawn for one image in one epoch.
struct Variation: Equatable {
  /// Pixels to the right and down.
  var shift = SIMD2<Float>()
  /// Degrees clockwise.
  var rotation: Float = 0
  /// What is added to a factor of 1.
  var growth: Float = 0
  /// Pixels to the right for each pixel up.
  var shear: Float = 0
  /// How much the divisor of the inverse map grows from the middle to the right and lower edge.
  var tilt = SIMD2<Float>()
  /// The strength of the elastic distortion, and where in the sheet its window lies.
  var elastic: Float = 0
  var elasticWindow: UInt32 = 0
  /// In 256ths; negative for thinner strokes.
  var thickness = 0
  /// The standard deviation of the noise, and where in the table it begins.
  var noise: Float = 0
  var noiseStart: UInt32 = 0
  /// The share of the image to erase.
  var erasure: Float = 0
  /// The rectangle's form, from -1 (flat) to 1 (tall), and its place, from 0 to 1 along each axis.
  var erasureForm: Float = 0
  var erasurePlace = SIMD2<Float>()

  /// The variation without any effect.
  init() {}

  /// Draws a variation. Each number has its own place in the stream, so that the strength of one
  /// transformation does not change what is drawn for another.
  init(_ limits: Augmentation, using random: inout RandomStream) {
    let probability = Float(limits.probability)
    func limit(_ most: Double) -> Float { random.uniform() < probability ? Float(most) : 0 }
    func signed() -> Float { random.uniform(-1...1) }
    shift = limit(limits.shift) * SIMD2(signed(), signed())
    rotation = limit(limits.rotate) * signed()
    growth = limit(limits.scale) * signed()
    shear = limit(limits.shear) * signed()
    tilt = limit(limits.perspective) * SIMD2(signed(), signed())
    elastic = limit(limits.elastic) * random.uniform()
    elasticWindow = random.bits()
    thickness = Int((256 * limit(limits.thickness) * signed()).rounded())
    noise = limit(limits.noise) * random.uniform()
    noiseStart = random.bits()
    erasure = limit(limits.erase) * random.uniform()
    erasureForm = signed()
    erasurePlace = SIMD2(random.uniform(), random.uniform())
  }

  /// Whether every pixel shows itself, or another pixel's neighbourhood does.
  var movesPixels: Bool {
    shift != SIMD2() || rotation != 0 || growth != 0 || shear != 0 || tilt != SIMD2()
      || elastic != 0 || thickness != 0
  }
}

extension Variation {
  /// From a pixel of the result to its place in the image.
  ///
  /// What is slanted by the shear K, grown by f, turned by R and then shifted by t is read at
  /// `K⁻¹ · R⁻¹ · (p − t) / f`; the perspective divides that.
  func map(height: Int, width: Int) -> ProjectiveMap {
    let angle = Double(rotation) * .pi / 180
    let (c, s) = (Float(cosine(angle)), Float(sine(angle)))
    let factor = 1 / (1 + growth)
    let x = SIMD2(c - shear * s, s + shear * c) * factor
    let y = SIMD2(-s, c) * factor
    let halves = SIMD2(Float(width), Float(height)) / 2
    return ProjectiveMap(
      xRow: SIMD3(x, -(x * shift).sum()), yRow: SIMD3(y, -(y * shift).sum()), tilt: tilt / halves)
  }

  /// The rectangle to erase; its sides' ratio is from 0.3 to 1 / 0.3, as Zhong et al. have it.
  func erased(height: Int, width: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let side = (erasure * Float(height * width)).squareRoot()
    let stretch = Float(power(1 / 0.3, Double(erasureForm) / 2))
    let tall = min(height, Int((side * stretch).rounded()))
    let wide = min(width, Int((side / stretch).rounded()))
    let left = Int(erasurePlace.x * Float(width - wide + 1))
    let top = Int(erasurePlace.y * Float(height - tall + 1))
    return (top..<top + tall, left..<left + wide)
  }
}
