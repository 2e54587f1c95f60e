import Foundation
import Support
import Testing

/// A function beside the C library's, which is right to about a unit in the last place.
struct FunctionCase: CustomTestStringConvertible {
  let testDescription: String
  let ours: @Sendable (Double) -> Double
  let theirs: @Sendable (Double) -> Double
  /// Where arguments are drawn from.
  let ranges: [ClosedRange<Double>]
  /// How far the two may be apart: the errors of both, in units in the last place.
  var units = 2.0
  /// Digest of the results over ten thousand arguments, bit for bit.
  let digest: UInt64

  init(
    _ name: String, _ ours: @escaping @Sendable (Double) -> Double,
    _ theirs: @escaping @Sendable (Double) -> Double, _ ranges: [ClosedRange<Double>],
    units: Double = 2, digest: UInt64
  ) {
    (testDescription, self.ours, self.theirs) = (name, ours, theirs)
    (self.ranges, self.units, self.digest) = (ranges, units, digest)
  }

  static let all = [
    FunctionCase(
      "exp", exponential, { exp($0) }, [-1...1, -30...30, -745...709], digest: 0x4B65_55CA_78A3_7D8E
    ),
    FunctionCase(
      "expm1", exponentialMinusOne, { expm1($0) }, [-1e-9...1e-9, -1...1, -50...700],
      digest: 0x46EC_47C5_B130_9382),
    FunctionCase(
      "log", logarithm, { log($0) }, [0...2, 0.999...1.001, 0...1e-300, 0...1e300],
      digest: 0x2708_F2A9_2D68_AF4F),
    FunctionCase(
      "log1p", logarithmOfOnePlus, { log1p($0) }, [-1e-9...1e-9, -1...1, 0...1e9],
      digest: 0x31E1_DEFC_DC3F_9D1E),
    FunctionCase(
      "sin", sine, { sin($0) }, [-0.1...0.1, -7...7, -1e6...1e6], digest: 0x23E5_003D_173E_7CF3),
    FunctionCase(
      "cos", cosine, { cos($0) }, [-0.1...0.1, -7...7, -1e6...1e6], digest: 0xFD45_7992_AA0F_7A49),
    FunctionCase(
      "atan", arctangent, { atan($0) }, [-1...1, -1e6...1e6], units: 8,
      digest: 0x0E35_ADBE_A8E6_09B3),
    FunctionCase(
      "erf", errorFunction, { erf($0) }, [-1...1, -7...7], digest: 0x189F_E4C7_564C_EFC5),
    FunctionCase(
      "erfc", complementaryErrorFunction, { erfc($0) }, [-1...1, -6...26], units: 8,
      digest: 0x1D50_9B48_9EBE_7E83),
    FunctionCase(
      "x^2.5", { power($0, 2.5) }, { pow($0, 2.5) }, [0...2, 0...1e100],
      digest: 0xB378_DDD4_9ED2_763E),
    FunctionCase(
      "0.96^x", { power(0.96, $0) }, { pow(0.96, $0) }, [0...1, -9e3...9e3],
      digest: 0xB3F8_7BF5_DD79_75C1),
  ]

  /// Evenly spread arguments of all ranges, which are the same everywhere.
  func arguments(_ count: Int) -> [Double] {
    ranges.flatMap { range in
      (0..<count / ranges.count).map { index in
        let share = (Double(index) + 0.5) / Double(count / ranges.count)
        return range.lowerBound + share * (range.upperBound - range.lowerBound)
      }
    }
  }
}

@Suite struct MathematicsTests {
  /// What has several definitions, or where a formula is not.
  private static let special: [Double] = [
    0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, .infinity, -.infinity, .nan, 1e300, -1e300, 1e-300,
    .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 0x1p53, -0x1p53 - 2,
    1e19, -1e19, 709.78, 709.79, -745.13, -745.14,
  ]

  private func isSame(_ a: Double, _ b: Double) -> Bool {
    a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
  }

  @Test(arguments: FunctionCase.all)
  func functionsAreAsExactAsTheCLibrarys(_ test: FunctionCase) {
    var worst = (units: 0.0, x: 0.0)
    for x in test.arguments(60_000) {
      let (ours, theirs) = (test.ours(x), test.theirs(x))
      let units = abs(ours - theirs) / max(theirs.ulp, .leastNonzeroMagnitude)
      if !(units <= worst.units) { worst = (units, x) }
    }
    #expect(worst.units <= test.units, "at \(worst.x)")
  }

  /// FNV-1a over the bits: an instruction set, a C library or a compiler that rounds otherwise
  /// anywhere changes it.
  @Test(arguments: FunctionCase.all) func theirBitsAreTheseOnEveryMachine(_ test: FunctionCase) {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for x in test.arguments(9_996) {
      digest = (digest ^ test.ours(x).bitPattern) &* 0x0000_0100_0000_01B3
    }
    #expect(digest == test.digest)
  }

  @Test func specialValuesAreThoseOfTheCStandard() {
    for x in Self.special {
      #expect(
        isSame(exponential(x), exp(x)) || abs(exponential(x) / exp(x) - 1) < 1e-15, "exp \(x)")
      #expect(isSame(logarithm(x), log(x)), "log \(x)")
      if abs(x) > 1e3 || abs(x) < 1e-3 || x.isNaN {
        #expect(isSame(exponentialMinusOne(x), expm1(x)), "expm1 \(x)")
        #expect(isSame(arctangent(x), atan(x)), "atan \(x)")
      }
      #expect(isSame(errorFunction(x), erf(x)), "erf \(x)")
      for y in Self.special where y.isInfinite || y.isNaN || x.isInfinite || x.isNaN || x == 0 {
        #expect(isSame(power(x, y), pow(x, y)), "pow(\(x), \(y))")
      }
    }
    #expect(isSame(sine(-0.0), -0.0) && cosine(0) == 1)
    #expect(sine(.infinity).isNaN && cosine(-.infinity).isNaN && sine(.nan).isNaN)
    #expect(abs(sine(1e300)) <= 1 && abs(cosine(.greatestFiniteMagnitude)) <= 1)
  }

  @Test func powersOfWholeNumbersAreExact() {
    for base in [-10.0, -3, 2, 5, 10] {
      var product = 1.0
      for exponent in 0..<22 {
        #expect(power(base, Double(exponent)) == product)
        product *= base
      }
    }
    #expect(power(2, -1074) == .leastNonzeroMagnitude && power(2, 1024) == .infinity)
    #expect(power(-8, 1 / 3.0).isNaN && power(0.25, 0.5) == 0.5)
  }

  @Test func theLogarithmOfGammaIsThatOfFactorials() {
    var factorial = 1.0
    for n in 1...170 {
      #expect(
        abs(logarithmOfGamma(Double(n)) - logarithm(factorial)) < 1e-14 * Double(max(10, 4 * n)))
      factorial *= Double(n)
    }
    for x in [1e-300, 0.001, 0.5, 1.5, 9.99, 1e6, 1e300] {
      let wanted: Double = lgamma(x)
      #expect(abs(logarithmOfGamma(x) - wanted) <= 1e-14 * max(1, x, abs(wanted)), "\(x)")
    }
    #expect(logarithmOfGamma(0) == .infinity && logarithmOfGamma(-1).isNaN)
  }
}
