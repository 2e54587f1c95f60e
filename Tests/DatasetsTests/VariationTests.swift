import TestSupport
import Testing

@testable import Datasets
@testable import Tensor

@Suite struct VariationTests {
  /// What a variation makes of an image of 9 × 9 pixels with these rows, from 0 to 255.
  private func varied(_ image: [UInt8], size: Int = 9, _ change: (inout Variation) -> Void)
    -> [Float]
  {
    var variation = Variation()
    change(&variation)
    let device = Device(threads: 1)
    var limits = Augmentation()
    (limits.noise, limits.elastic) = (Double(variation.noise), Double(variation.elastic))
    let augmenter = Augmenter(limits, height: size, width: size, seed: 1, on: device)
    let y = Tensor(zeros: [size, size])
    augmenter.fill(
      image.span, variation, scale: 1, shift: 0, worker: 0, on: device, into: y)
    return y.values
  }

  /// One bright pixel in an image of 9 × 9.
  private func dot(_ column: Int, _ row: Int) -> [UInt8] {
    var image = [UInt8](repeating: 0, count: 81)
    image[row * 9 + column] = 200
    return image
  }

  /// The middle of all ink, in pixels from the middle of the image, and how much ink there is.
  private func middle(_ values: [Float]) -> (x: Float, y: Float, ink: Float) {
    let size = Int(Float(values.count).squareRoot())
    let sum = values.reduce(0, +)
    let x = values.indices.reduce(0) { $0 + Float($1 % size) * values[$1] }
    let y = values.indices.reduce(0) { $0 + Float($1 / size) * values[$1] }
    return (x / sum - Float(size - 1) / 2, y / sum - Float(size - 1) / 2, sum)
  }

  @Test func aPositiveShiftIsToTheRightAndDown() {
    let values = varied(dot(4, 4)) { $0.shift = SIMD2(2, 1) }
    #expect(values == dot(6, 5).map(Float.init))
    let half = varied(dot(4, 4)) { $0.shift = SIMD2(0.5, 0) }
    #expect(half[4 * 9 + 4] == 100 && half[4 * 9 + 5] == 100)
  }

  @Test func aPositiveRotationIsClockwise() {
    // From the top to the right.
    let values = varied(dot(4, 1)) { $0.rotation = 90 }
    for (found, wanted) in zip(values, dot(7, 4)) { #expect(abs(found - Float(wanted)) < 1e-3) }
  }

  @Test func aPositiveShearLeansToTheRight() {
    let (top, bottom) = (
      middle(varied(dot(4, 1)) { $0.shear = 0.5 }), middle(varied(dot(4, 7)) { $0.shear = 0.5 })
    )
    #expect(abs(top.x - 1.5) < 1e-4 && abs(top.y + 3) < 1e-4)
    #expect(abs(bottom.x + 1.5) < 1e-4 && abs(bottom.y - 3) < 1e-4)
  }

  @Test func growthIsAwayFromTheMiddle() {
    let grown = middle(varied(dot(6, 4)) { $0.growth = 0.5 })
    #expect(abs(grown.x - 3) < 0.3 && grown.ink > 1.5 * 200)
    let shrunk = middle(varied(dot(8, 4)) { $0.growth = -0.5 })
    #expect(abs(shrunk.x - 2) < 0.3)
  }

  @Test func theLargerDivisorIsNearerToTheMiddle() {
    // Places to the right are divided by more, so ink there moves outwards.
    let tilted = { (variation: inout Variation) in variation.tilt = SIMD2(0.2, 0) }
    #expect(middle(varied(dot(6, 4), tilted)).x > 2.1)
    #expect(middle(varied(dot(2, 4), tilted)).x > -2)
  }

  @Test func thicknessIsThatOfTheNeighbourhood() {
    let thick = varied(dot(4, 4)) { $0.thickness = 128 }
    #expect(thick[3 * 9 + 3] == 100 && thick[4 * 9 + 4] == 200 && thick[2 * 9 + 4] == 0)
    let thin = varied(dot(4, 4)) { $0.thickness = -64 }
    #expect(thin[4 * 9 + 4] == 150 && thin.reduce(0, +) == 150)
  }

  @Test func affineMapsComposeAsTheirMatrices() {
    var variation = Variation()
    (variation.shift, variation.rotation, variation.growth) = (SIMD2(1.5, -2), 30, 0.25)
    variation.shear = 0.4
    let map = variation.map(height: 20, width: 30)
    // Forward: slant, growth and rotation, then the shift. The inverse leads back.
    let point = SIMD2<Double>(3, -5)
    let slanted = SIMD2(point.x - 0.4 * point.y, point.y) * 1.25
    let (c, s) = (0.75.squareRoot(), 0.5)
    let there =
      SIMD2(c * slanted.x - s * slanted.y, s * slanted.x + c * slanted.y) + SIMD2(1.5, -2)
    let back = [map.xRow, map.yRow].map {
      Double($0.x) * there.x + Double($0.y) * there.y + Double($0.z)
    }
    #expect(abs(back[0] - point.x) < 1e-5 && abs(back[1] - point.y) < 1e-5)
    variation.tilt = SIMD2(0.3, -0.2)
    #expect(variation.map(height: 20, width: 30).tilt == SIMD2(0.3 / 15, -0.2 / 10))
  }

  @Test func aRectangleOfTheSizeIsErased() {
    let full = [UInt8](repeating: 255, count: 28 * 28)
    for (form, sides) in [(Float(0), (14, 14)), (1, (26, 8)), (-1, (8, 26))] {
      let values = varied(full, size: 28) {
        ($0.erasure, $0.erasureForm, $0.erasurePlace) = (0.25, form, SIMD2(0.99, 0.99))
      }
      let erased = values.count { $0 == 0 }
      #expect(erased == sides.0 * sides.1)
      // In the corner at the lower right.
      #expect(values.last == 0 && values.first == 255)
    }
    var variation = Variation()
    variation.erasure = 1e-9
    #expect(variation.erased(height: 28, width: 28).rows.isEmpty)
  }

  @Test func noiseHasItsDeviation() {
    let values = varied([UInt8](repeating: 0, count: 100 * 100), size: 100) {
      ($0.noise, $0.noiseStart) = (0.2, 4_000_000_000)
    }.map { Double($0) / 255 }
    let mean = values.reduce(0, +) / 10_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 10_000 - mean * mean
    // Five standard deviations of the mean, and of the deviation.
    #expect(abs(mean) < 0.01 && abs(variance.squareRoot() - 0.2) < 0.008)
  }

  @Test func elasticFieldsAreSmoothAndRepeatThemselves() {
    let device = Device(threads: 1)
    let sheet = ElasticSheet(sigma: 4, height: 28, width: 28, seed: 1, on: device)
    let field = sheet.displacement(window: 0, amplitude: 1)
    var (squares, steps) = (0.0, 0.0)
    for row in 0..<256 {
      for column in 0..<256 {
        let value = Double(field.field[field.x + row * field.stride + column])
        let step = Double(field.field[field.x + row * field.stride + column + 1]) - value
        (squares, steps) = (squares + value * value, steps + step * step)
      }
    }
    // The variance of a uniform number, 1 / 3, over 4 π σ²; neighbours differ by 1 / (2 σ²) of it.
    let deviation = (1.0 / 3 / (4 * .pi * 16)).squareRoot()
    #expect(abs((squares / 65536).squareRoot() / deviation - 1) < 0.15)
    #expect(abs(steps / squares * 32 - 1) < 0.1)
    for place in [0, 5, 43] {
      #expect(field.field[field.x + place] == field.field[field.x + 256 * field.stride + place])
    }
    #expect(field.field[field.y] != field.field[field.x])
  }

  @Test func windowsOfTheSheetAreMovedReversedAndExchanged() {
    let sheet = ElasticSheet(sigma: 2, height: 5, width: 5, seed: 1, on: Device(threads: 1))
    let plain = sheet.displacement(window: 0, amplitude: 3)
    #expect(plain.amplitude == SIMD2(3, 3))
    let moved = sheet.displacement(window: 0x0203, amplitude: 3)
    #expect(moved.x == plain.x + 2 * plain.stride + 3)
    let exchanged = sheet.displacement(window: 0x1_0000, amplitude: 3)
    #expect(exchanged.x == plain.y && exchanged.y == plain.x)
    #expect(sheet.displacement(window: 0x2_0000, amplitude: 3).amplitude == SIMD2(-3, 3))
    #expect(sheet.displacement(window: 0x4_0000, amplitude: 3).amplitude == SIMD2(3, -3))
  }

  @Test func elasticDistortionMovesInk() {
    let image = (0..<28 * 28).map { UInt8($0 / 28 % 8 < 4 ? 255 : 0) }
    let still = varied(image, size: 28) { $0.elastic = 0 }
    #expect(still == image.map(Float.init))
    let moved = varied(image, size: 28) { $0.elastic = 60 }
    #expect(moved != still)
  }
}
