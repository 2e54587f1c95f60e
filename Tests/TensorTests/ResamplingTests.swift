import Support
import Testing
import TestSupport

@testable import Tensor

@Suite struct ResamplingTests {
  /// Sizes around a vector and two, and the smallest.
  static let sizes: [(height: Int, width: Int)] = [
    (1, 1), (1, 7), (9, 1), (2, 3), (5, 14), (4, 15), (16, 16), (6, 17), (28, 28), (12, 33),
  ]

  private func image(_ height: Int, _ width: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = RandomStream(seed: seed, purpose: .testing)
    return (0..<height * width).map { _ in UInt8(random.below(256)) }
  }

  private func randomMap(_ seed: UInt64, _ height: Int, _ width: Int) -> ProjectiveMap {
    var random = RandomStream(seed: seed, purpose: .testing, major: 1)
    func number(_ size: Float) -> Float { random.uniform(-size...size) }
    let halves = SIMD2(Float(width), Float(height)) / 2
    return ProjectiveMap(
      xRow: SIMD3(1 + number(0.4), number(0.4), number(3)),
      yRow: SIMD3(number(0.4), 1 + number(0.4), number(3)),
      tilt: SIMD2(number(0.4), number(0.4)) / halves)
  }

  /// A pixel's place is known to some 10^-6 pixels, and neighbours differ by at most 1.
  private let tolerance = Tolerance(roundings: 0, absolute: 2e-5)

  @Test(arguments: sizes, [0, 100, -77])
  func imagesAreReadWhereTheMapSays(_ size: (height: Int, width: Int), thickness: Int) {
    let (height, width) = size
    let pixels = image(height, width)
    for seed in 0..<3 as Range<UInt64> {
      let map = randomMap(seed, height, width)
      let expected = Reference(
        resamplingReference(pixels, height: height, width: width, thickness: thickness, map: map)
          .map { $0 / 255 }, shape: [height, width])
      expectEverywhere(expected, within: tolerance, "\(map)", threads: [1]) { device, y in
        device.resample(
          pixels.span, thickness: thickness, map: map, scale: 1 / 255, shift: 0,
          in: ResamplingWorkspace(height: height, width: width), into: y)
      }
    }
  }

  @Test(arguments: sizes)
  func displacementsAreAddedToThePlace(_ size: (height: Int, width: Int)) {
    let (height, width) = size
    let pixels = image(height, width)
    let map = randomMap(9, height, width)
    let stride = width + 16
    let field = Tensor.random([2, height, stride], seed: 5)
    let y = height * stride
    let expected = resamplingReference(pixels, height: height, width: width, map: map) {
      (1.5 * Double(field[$1 * stride + $0]), -2 * Double(field[y + $1 * stride + $0]))
    }
    expectEverywhere(
      Reference(expected.map { $0 / 255 }, shape: [height, width]), within: tolerance, threads: [1]
    ) { device, result in
      device.resample(
        pixels.span, map: map,
        displacement: Displacement(
          field: field, x: 0, y: y, stride: stride, amplitude: SIMD2(1.5, -2)),
        scale: 1 / 255, shift: 0, in: ResamplingWorkspace(height: height, width: width),
        into: result)
    }
  }

  @Test(arguments: sizes)
  func theIdentityHasTheBitsOfNormalization(_ size: (height: Int, width: Int)) {
    let (height, width) = size
    let pixels = image(height, width)
    let field = Tensor.random([height, width + 16], seed: 5)
    let still = Displacement(
      field: field, x: 0, y: 0, stride: width + 16, amplitude: SIMD2())
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      let (plain, resampled) = (Tensor(zeros: [height, width]), Tensor(zeros: [height, width]))
      let workspace = ResamplingWorkspace(height: height, width: width)
      device.normalize(pixels.span, scale: 0.0127, shift: -0.424, into: plain)
      for displacement in [nil, still] {
        device.resample(
          pixels.span, map: .identity, displacement: displacement, scale: 0.0127, shift: -0.424,
          in: workspace, into: resampled)
        #expect(bitMismatch(resampled, plain) == nil, "\(level)")
      }
    }
  }

  @Test func everythingFarOutsideIsBackground() {
    let pixels = image(20, 20)
    for place in [-1e9, -21, 21, 1e30, .infinity, .nan] as [Float] {
      let map = ProjectiveMap(xRow: SIMD3(1, 0, place), yRow: SIMD3(0, 1, 0))
      expectEverywhere(
        Reference(zeros: [20, 20]), within: .exact, "\(place)", threads: [1]
      ) { device, y in
        device.resample(
          pixels.span, map: map, scale: 1, shift: 0,
          in: ResamplingWorkspace(height: 20, width: 20), into: y)
      }
    }
  }

  @Test func aWorkspaceKeepsNothingOfTheImageBefore() {
    let device = Device(threads: 1)
    let workspace = ResamplingWorkspace(height: 9, width: 18)
    let map = randomMap(4, 9, 18)
    func resampled(_ pixels: [UInt8], _ thickness: Int, in workspace: ResamplingWorkspace)
      -> Tensor
    {
      let y = Tensor(zeros: [9, 18])
      device.resample(
        pixels.span, thickness: thickness, map: map, scale: 1, shift: 0, in: workspace, into: y)
      return y
    }
    for thickness in [256, -256, 0] {
      _ = resampled(image(9, 18, seed: 3), 256, in: workspace)
      let fresh = ResamplingWorkspace(height: 9, width: 18)
      let pixels = image(9, 18, seed: 2)
      #expect(
        bitMismatch(
          resampled(pixels, thickness, in: workspace), resampled(pixels, thickness, in: fresh))
          == nil)
    }
  }
}
