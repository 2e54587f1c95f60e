import Platform
import Support
import Tensor

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
    let (c, s) = (Float(cos(angle)), Float(sin(angle)))
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
    let stretch = Float(pow(1 / 0.3, Double(erasureForm) / 2))
    let tall = min(height, Int((side * stretch).rounded()))
    let wide = min(width, Int((side / stretch).rounded()))
    let left = Int(erasurePlace.x * Float(width - wide + 1))
    let top = Int(erasurePlace.y * Float(height - tall + 1))
    return (top..<top + tall, left..<left + wide)
  }
}
