import Foundation
import KernelBodies
import TestSupport
import Testing

/// The error bounds that `Exponential.swift` states, with and without fused multiply-adds.
@Suite struct ElementaryFunctionTests {
  private typealias Function = (Wide) -> Wide
  private typealias FusedSet = Fused<SIMD16<Float>>
  private typealias SeparateSet = Separate<SIMD4<Float>>

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
        worst = max(worst, relative ? error / abs(wanted) : error)
      }
    }
    return worst
  }

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
