import Tensor

/// A product of an `m` × `k` and a `k` × `n` matrix, in one of the forms that a dense layer needs.
struct MatmulCase {
  /// Which operand lies transposed in memory.
  enum Form: String, CaseIterable {
    case forward
    case inputGradient = "input gradient"
    case weightGradient = "weight gradient"
  }

  let m: Int
  let k: Int
  let n: Int
  /// `nil`: as forward, but not called so.
  let form: Form?

  static func squares(_ extents: [Int]) -> [MatmulCase] {
    extents.map { MatmulCase(m: $0, k: $0, n: $0, form: nil) }
  }

  /// The three products of each dense layer of the MLP, at a batch.
  static func denseLayers(batch: Int) -> [MatmulCase] {
    let widths = [784, 512, 256, 128, 47]
    return zip(widths, widths.dropFirst()).flatMap { inputs, outputs in
      [
        MatmulCase(m: batch, k: inputs, n: outputs, form: .forward),
        MatmulCase(m: batch, k: outputs, n: inputs, form: .inputGradient),
        MatmulCase(m: inputs, k: batch, n: outputs, form: .weightGradient),
      ]
    }
  }

  func prepared(on device: Device) -> BenchmarkCase {
    let (transposesA, transposesB) = (form == .weightGradient, form == .inputGradient)
    let a = Tensor.smallIntegers(transposesA ? [k, m] : [m, k], seed: 1)
    let b = Tensor.smallIntegers(transposesB ? [n, k] : [k, n], seed: 2)
    let c = Tensor(zeros: [m, n])
    let run = {
      device.matmul(a, b, transposingA: transposesA, transposingB: transposesB, into: c)
    }
    let subject = BenchmarkSubject(
      group: .matmul, name: "\(m) x \(k) x \(n)", variant: form?.rawValue ?? "", batch: 1,
      threads: device.threadCount, operations: 2 * m * k * n)
    return BenchmarkCase(
      subject: subject,
      check: {
        run()
        try checkElements(of: c, "matmul \(subject.name)") { index in
          let (i, j) = index.quotientAndRemainder(dividingBy: n)
          return (0..<k).reduce(0) { sum, p in
            sum + a[transposesA ? p * m + i : i * k + p]
              * b[transposesB ? j * k + p : p * n + j]
          }
        }
      }, run: run)
  }
}
