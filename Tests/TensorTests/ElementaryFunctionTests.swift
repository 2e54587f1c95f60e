import Foundation
import KernelBodies
import TestSupport
import Testing

/// The error bounds that `Exponential.swift` states, with and without fused multiply-adds.
@Suite struct ElementaryFunctionTests {
  private typealias Function = (Wide) -> Wide
  private typealias FusedSet = Fused
  private typealias SeparateSet = Separate

  /// Evenly spaced numbers, sixteen at a time.
  private func sweep(_ range: ClosedRange<Float>, _ body: (_ x: Wide) -> Void) {
    let groups = 250
    let step = (range.upperBound - range.lowerBound) / Float(groups * 16 - 1)
    for group in 0..<groups {
      var x = Wide()
      for lane in 0..<16 {
        x[lane] = min(range.upperBound, range.lowerBound + Float(group * 16 + lane) * step)
      }
      body(x)
    }
  }

  /// The largest error of `f` on `range`, relative to the exact value or not.
  private func worst(
    _ range: ClosedRange<Float>, relative: Bool, of f: Function, exact: (Double) -> Double
  ) -> Double {
    var worst = 0.0
    sweep(range) { x in
      let y = f(x)
      for lane in 0..<16 {
        let wanted = exact(Double(x[lane]))
        let error = abs(Double(y[lane]) - wanted)
        worst = Self.larger(worst, relative ? error / abs(wanted) : error)
      }
    }
    return worst
  }

  /// The larger of two errors. What is not a number is the largest of all, where `max` may pass
  /// it over.
  private static func larger(_ a: Double, _ b: Double) -> Double { b.isNaN ? .infinity : max(a, b) }

  @Test func exponentialIsWithinItsBound() {
    for f: Function in [{ exponential(FusedSet.self, $0) }, { exponential(SeparateSet.self, $0) }] {
      for range: ClosedRange<Float> in [-87.32...88.36, -1...1, -0.001...0.001] {
        #expect(worst(range, relative: true, of: f, exact: exp) <= 0x1p-22)
      }
    }
  }

  @Test func exponentialStaysFiniteBeyondItsRange() {
    for f: Function in [{ exponential(FusedSet.self, $0) }, { exponential(SeparateSet.self, $0) }] {
      for x: Float in [-88, -1e4, -.infinity] {
        let y = f(Wide(repeating: x))[0]
        #expect(y > 0 && y < 1.21e-38)
      }
      for x: Float in [88.4, 1e4, .infinity] {
        let y = f(Wide(repeating: x))[0]
        #expect(y > 2.3e38 && y.isFinite)
      }
      #expect(f(Wide(repeating: .nan))[0].isNaN)
      #expect(f(Wide())[0] == 1)
    }
  }

  /// Fractions from one power of two to the next, for every exponent of a normal float; denser
  /// where the logarithm is near zero.
  @Test func logarithmIsWithinOneUnitInTheLastPlace() {
    for f: Function in [{ logarithm(FusedSet.self, $0) }, { logarithm(SeparateSet.self, $0) }] {
      var worst = 0.0
      for exponent in 1..<255 {
        let stride = exponent == 126 || exponent == 127 ? 1021 : 130_003
        var bits = (0..<16).map { UInt32(exponent << 23 + $0 * stride / 16) }
        while bits[0] >> 23 == exponent {
          var x = Wide()
          // The last lanes of the last exponent would be beyond the largest number.
          for lane in 0..<16 { x[lane] = Float(bitPattern: min(bits[lane], 0x7F7F_FFFF)) }
          let y = f(x)
          for lane in 0..<16 {
            let exact = log(Double(x[lane]))
            let unit = Double(Float(exact).ulp)
            worst = Self.larger(
              worst, exact == 0 ? Double(abs(y[lane])) : abs(Double(y[lane]) - exact) / unit)
            bits[lane] += UInt32(stride)
          }
        }
      }
      #expect(worst < 0.84)
    }
  }

  @Test func logarithmIsDefinedForEveryFloat() {
    for f: Function in [{ logarithm(FusedSet.self, $0) }, { logarithm(SeparateSet.self, $0) }] {
      func value(_ x: Float) -> Float { f(Wide(repeating: x))[5] }
      for x: Float in [0x1p-149, 0x1.8p-130, 0x1.fffff8p-127] {
        #expect(abs(value(x) - log(x)) <= log(x).ulp.magnitude)
      }
      #expect(value(1).bitPattern == Float(0).bitPattern)
      #expect(value(0) == -.infinity && value(-0.0) == -.infinity)
      #expect(value(.infinity) == .infinity)
      for x: Float in [-0x1p-149, -1, -.infinity, .nan] { #expect(value(x).isNaN) }
    }
  }

  @Test func logisticIsWithinItsBound() {
    for f: Function in [{ logistic(FusedSet.self, $0) }, { logistic(SeparateSet.self, $0) }] {
      for range: ClosedRange<Float> in [-90...90, -8...8] {
        #expect(worst(range, relative: false, of: f) { 1 / (1 + exp(-$0)) } <= 0x1p-22)
      }
    }
  }

  @Test func hyperbolicTangentIsWithinItsBound() {
    for f: Function in [
      { hyperbolicTangent(FusedSet.self, $0) }, { hyperbolicTangent(SeparateSet.self, $0) },
    ] {
      for range: ClosedRange<Float> in [-50...50, -2...2, -0.63...0.63] {
        #expect(worst(range, relative: false, of: f, exact: tanh) <= 0x1p-22)
      }
    }
  }

  @Test func errorFunctionIsWithinItsBound() {
    for f: Function in [
      { errorFunction(FusedSet.self, $0) }, { errorFunction(SeparateSet.self, $0) },
    ] {
      for range: ClosedRange<Float> in [-20...20, -4...4, -0.01...0.01] {
        #expect(worst(range, relative: false, of: f, exact: erf) <= 5e-7)
      }
    }
  }
}
