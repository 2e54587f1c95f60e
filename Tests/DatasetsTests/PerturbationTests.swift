import Foundation
import Support
import Testing
import TestSupport

@testable import Datasets

@Suite struct PerturbationTests {
  /// `Golden/perturbations.json`, made by `Scripts/golden/perturbations.py` with scipy.
  private func golden() throws -> (plane: InkPlane, cases: [JSONValue]) {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/perturbations.json").path
    let json = try JSONValue(parsing: readFile(path), path: path)
    let pixels = try #require(json["pixels"]?.array).compactMap(\.int).map { UInt8($0) }
    let plane = InkPlane(
      height: try #require(json["height"]?.int), width: try #require(json["width"]?.int),
      pixels: pixels[...], isInkDark: false)
    return (plane, try #require(json["cases"]?.array))
  }

  @Test func everyPerturbationIsTheOneOfSciPy() throws {
    let (plane, cases) = try golden()
    #expect(cases.count == 17)
    for golden in cases {
      let kind = try #require(golden["kind"]?.string.flatMap(PerturbationKind.init))
      let strengths = try #require(golden["strengths"]?.array).compactMap(\.double)
      let expected = try #require(golden["values"]?.array).compactMap(\.double)
      let found =
        switch kind {
        case .shift: plane.shifted(right: Int(strengths[0]), down: Int(strengths[1]))
        case .rotate: plane.turned(by: strengths[0])
        case .scale: plane.grown(by: strengths[0])
        case .thickness: plane.thickened(by: strengths[0])
        case .blur: plane.blurred(by: strengths[0])
        case .noise: plane
        }
      let distance = zip(found.values, expected).map { abs($0 - $1) }.max() ?? 1
      // Sums of double precision in another order; at 90 and 180 degrees a sine that is not quite 0.
      #expect(distance < 1e-12, "\(kind) \(strengths)")
    }
  }

  /// Twelve images of 6 x 5 pixels.
  private let images = ImageSet(
    height: 6, width: 5, pixels: (0..<360).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) },
    labels: (0..<12).map { UInt16($0 % 3) })

  @Test(arguments: PerturbationKind.allCases)
  func noStrengthIsTheImageAsItIs(kind: PerturbationKind) {
    let all = Selection(images)
    for isInkDark in [false, true] {
      #expect(all.perturbed(by: kind, strength: 0, seed: 1, isInkDark: isInkDark) == images)
    }
  }

  @Test(arguments: PerturbationKind.allCases)
  func whatAnImageBecomesDependsOnSeedAndNumberAlone(kind: PerturbationKind) {
    let strength = min(1, kind.limit)
    let all = Selection(images).perturbed(by: kind, strength: strength, seed: 1)
    let some = Selection(images, indices: [7, 2]).perturbed(by: kind, strength: strength, seed: 1)
    #expect(some.image(0) == all.image(7) && some.image(1) == all.image(2))
    #expect(some.labels == [1, 2])
    let other = Selection(images).perturbed(by: kind, strength: strength, seed: 2)
    // Blur draws nothing.
    #expect((other == all) == (kind == .blur))
  }

  @Test(arguments: PerturbationKind.allCases)
  func darkInkOnBrightPaperIsTheSameInverted(kind: PerturbationKind) {
    let inverted = ImageSet(
      height: 6, width: 5, pixels: images.pixels.map { 255 - $0 }, labels: images.labels)
    let strength = min(1, kind.limit)
    let bright = Selection(images).perturbed(by: kind, strength: strength, seed: 4)
    let dark = Selection(inverted).perturbed(
      by: kind, strength: strength, seed: 4, isInkDark: true)
    #expect(dark.pixels == bright.pixels.map { 255 - $0 })
  }

  @Test func directionsAreAllDrawnAndStayTheSameAtEveryStrength() {
    let dot = InkPlane(height: 9, width: 9, values: (0..<81).map { $0 == 40 ? 1 : 0 })
    var places: Set<Int> = []
    for number in 0..<100 {
      var streams = (0..<2).map { _ in
        RandomStream(seed: 1, purpose: .perturbation, minor: number)
      }
      let near = dot.perturbed(by: .shift, 1, using: &streams[0])
      let far = dot.perturbed(by: .shift, 3, using: &streams[1])
      let (first, second) = (near.values.firstIndex(of: 1), far.values.firstIndex(of: 1))
      guard let first, let second else { return #expect(Bool(false), "the dot is gone") }
      #expect(second - 40 == 3 * (first - 40))
      places.insert(first)
    }
    #expect(places.count == 8)
  }

  @Test func noiseHasTheDeviationAskedFor() {
    let grey = InkPlane(height: 100, width: 100, values: [Double](repeating: 0.5, count: 10_000))
    var random = RandomStream(seed: 3, purpose: .perturbation)
    let values = grey.withNoise(of: 0.1, using: &random).values
    let mean = values.reduce(0, +) / 10_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9_999
    // Three standard errors of a sample of 10,000.
    #expect(abs(mean - 0.5) < 0.003 && abs(variance.squareRoot() - 0.1) < 0.0022)
  }

  @Test(arguments: [
    (PerturbationRange(.rotate, largest: 15), [0, 3, 6, 9, 12, 15]),
    (PerturbationRange(.scale, largest: 0.2), [0, 0.04, 0.08, 0.12, 0.16, 0.2]),
    (PerturbationRange(.shift, largest: 3), [0, 1, 2, 3]),
    (PerturbationRange(.shift, largest: 28), [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28]),
  ])
  func strengthsAreRoundNumbers(range: PerturbationRange, expected: [Double]) {
    #expect(range.strengths == expected)
  }
}
