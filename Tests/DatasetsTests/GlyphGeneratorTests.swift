import Datasets
import Testing

@Suite struct GlyphGeneratorTests {
  static func glyph(
    _ character: Character, _ index: Int, _ generator: GlyphGenerator = GlyphGenerator(seed: 1)
  ) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: 784)
    generator.draw(character, index: index, into: &pixels)
    return pixels
  }

  static func isInk(_ image: [UInt8], x: Int, y: Int) -> Bool { image[y * 28 + x] > 64 }

  @Test func charactersAreInByclassOrder() {
    #expect(GlyphGenerator.characters.count == 62)
    #expect(
      String(GlyphGenerator.characters)
        == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  }

  @Test func sampleDependsOnSeedCharacterAndIndexAlone() {
    let first = Self.glyph("a", 5)
    _ = Self.glyph("b", 6)
    #expect(Self.glyph("a", 5) == first)
    #expect(Self.glyph("a", 6) != first)
    #expect(Self.glyph("b", 5) != first)
    #expect(Self.glyph("a", 5, GlyphGenerator(seed: 2)) != first)
  }

  /// The sum guards against changes by accident: whoever changes the look on purpose renews it.
  @Test func bytesAreTheSameEverywhere() {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for character in GlyphGenerator.characters {
      for byte in Self.glyph(character, 1 << 33) {
        sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    #expect(sum == 9_439_529_655_920_224_903)
  }

  @Test(arguments: GlyphGenerator.characters)
  func inkFillsACentredBoxWithinTheMargin(character: Character) {
    for index in 0..<6 {
      let image = Self.glyph(character, index)
      let columns = (0..<28).filter { x in (0..<28).contains { Self.isInk(image, x: x, y: $0) } }
      let rows = (0..<28).filter { y in (0..<28).contains { Self.isInk(image, x: $0, y: y) } }
      guard let left = columns.first, let right = columns.last,
        let top = rows.first, let bottom = rows.last
      else {
        Issue.record("\(character) \(index) is empty")
        continue
      }
      #expect((20...25).contains(max(right - left, bottom - top) + 1), "\(character) \(index)")
      #expect(abs(left + right - 27) <= 3 && abs(top + bottom - 27) <= 3, "\(character) \(index)")
      #expect(image.max() ?? 0 >= 240)
    }
  }

  /// EMNIST's mean is 0.175 and its standard deviation 0.333; paper is 0 there, too.
  @Test func greyLevelsAreLikeEMNIST() {
    let pixels = GlyphGenerator.characters.flatMap { character in
      (0..<5).flatMap { Self.glyph(character, $0) }
    }
    let values = pixels.map { Double($0) / 255 }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect((0.155...0.195).contains(mean))
    #expect((0.31...0.35).contains((square - mean * mean).squareRoot()))
    #expect(Double(values.count { $0 == 0 }) / Double(values.count) > 0.55)
  }

  @Test func quietStyleDrawsTheSameShapeEveryTime() {
    var style = GlyphStyle()
    style.nodeDeviation = 0
    style.strokeDeviation = 0
    style.overshootDeviation = 0
    style.hookChance = 0
    style.roundness = 0...0
    style.elasticity = 0
    style.slantDeviation = 0
    style.rotationDeviation = 0
    style.aspectDeviation = 0
    style.size = 22...22
    style.shift = 0
    style.penWidthDeviation = 0
    style.pressureDeviation = 0
    style.roughness = 0
    style.nibContrast = 0
    style.taper = 0
    style.blur = 0.1...0.1
    style.ink = 1...1
    style.noise = 0
    let generator = GlyphGenerator(seed: 3, style: style)
    let shapes = Set((0..<60).map { Self.glyph("4", $0, generator) })
    #expect(shapes.count == 4, "there are four ways of writing a 4")
  }

  /// A nearest mean is the poorest of classifiers; guessing would get a tenth.
  @Test func digitsCanBeToldApart() {
    let digits = GlyphGenerator.characters[..<10]
    let means = digits.map { digit in
      (0..<30).map { Self.glyph(digit, $0) }.reduce(into: [Int](repeating: 0, count: 784)) {
        sum, image in
        for i in 0..<784 { sum[i] += Int(image[i]) }
      }
    }
    var right = 0
    for (label, digit) in digits.enumerated() {
      for index in 1000..<1010 {
        let image = Self.glyph(digit, index)
        let distances = means.map { mean in
          (0..<784).reduce(0) { sum, i in
            let gap = mean[i] / 30 - Int(image[i])
            return sum + gap * gap
          }
        }
        right += distances.min() == distances[label] ? 1 : 0
      }
    }
    #expect(right >= 60, "\(right) of 100")
    #expect(right <= 97, "\(right) of 100: the samples hardly vary")
  }
}
