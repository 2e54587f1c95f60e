import Support
import Tensor
import TestSupport
import Testing

@testable import NN

/// `Golden/optimizers.json`: fifty steps of PyTorch's optimizers from the same start.
private struct GoldenOptimizers: Decodable {
  let steps: Int
  let widths: [Int]
  let samples: Int
  let inputs: [Float]
  let targets: [Float]
  let initial: [String: [Float]]
  let cases: [Case]

  struct Case: Decodable {
    let optimizer: String
    let options: [String: Number]
    let final: [String: [Float]]

    /// The options as settings of the optimizer.
    var settings: Settings {
      Settings(
        JSONObject(options.map { ($0.key, $0.value.json) }), of: OptimizerDescriptor.settings)
    }
  }

  enum Number: Decodable {
    case number(Double), truth(Bool)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self =
        try (try? container.decode(Bool.self)).map { .truth($0) }
        ?? .number(container.decode(Double.self))
    }

    var json: JSONValue {
      switch self {
      case .number(let number): .number(number)
      case .truth(let truth): .bool(truth)
      }
    }
  }
}

/// Linear layers that fit targets in the mean of squares, with plain loops.
private struct LinearLayers {
  let golden: GoldenOptimizers
  let parameters: [Parameter]

  init(_ golden: GoldenOptimizers) {
    self.golden = golden
    let weights = zip(golden.widths, golden.widths.dropFirst()).enumerated().map {
      Parameter(
        name: "fc\($0 + 1).weight", shape: [$1.0, $1.1], layout: .dense, decays: true)
    }
    let bias = Parameter(name: "fc4.bias", shape: [golden.widths[4]], decays: false)
    parameters = weights + [bias]
    for parameter in parameters {
      parameter.value.assign(
        Tensor(golden.initial[parameter.name] ?? [], shape: parameter.value.shape))
    }
  }

  /// Overwrites the gradients with those of `Σ (x · W₁ · … · W₄ + b − y)² / samples`.
  func differentiate() {
    var activations = [golden.inputs.map(Double.init)]
    let weights = parameters.dropLast().map { $0.value.values.map(Double.init) }
    for (layer, weight) in weights.enumerated() {
      activations.append(
        product(activations[layer], weight, golden.samples, shape(layer).0, shape(layer).1))
    }
    let (bias, columns) = (parameters[4].value.values, golden.widths[4])
    var dy = activations[4].indices.map {
      2 * (activations[4][$0] + Double(bias[$0 % columns]) - Double(golden.targets[$0]))
        / Double(golden.samples)
    }
    write(
      (0..<columns).map { column in
        stride(from: column, to: dy.count, by: columns).reduce(0) { $0 + dy[$1] }
      }, to: parameters[4])
    for layer in (0..<4).reversed() {
      let (rows, columns) = shape(layer)
      let x = transposed(activations[layer], golden.samples, rows)
      write(product(x, dy, rows, golden.samples, columns), to: parameters[layer])
      dy = product(
        dy, transposed(weights[layer], rows, columns), golden.samples, columns, rows)
    }
  }

  private func shape(_ layer: Int) -> (Int, Int) {
    (golden.widths[layer], golden.widths[layer + 1])
  }

  private func write(_ gradient: [Double], to parameter: Parameter) {
    parameter.gradient.assign(Tensor(gradient.map { Float($0) }, shape: parameter.value.shape))
  }

  private func product(_ a: [Double], _ b: [Double], _ m: Int, _ k: Int, _ n: Int) -> [Double] {
    (0..<m * n).map { i in (0..<k).reduce(0) { $0 + a[i / n * k + $1] * b[$1 * n + i % n] } }
  }

  private func transposed(_ a: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    (0..<rows * columns).map { a[$0 % rows * columns + $0 / rows] }
  }
}

@Suite struct OptimizerGoldenTests {
  @Test func everyOptimizerIsThere() throws {
    let golden: GoldenOptimizers = try goldenFile("optimizers")
    #expect(Set(golden.cases.map(\.optimizer)) == Set(OptimizerDescriptor.all.map(\.name)))
  }

  @Test func fiftyStepsAreThoseOfTheFramework() throws {
    let golden: GoldenOptimizers = try goldenFile("optimizers")
    #expect(golden.steps == 50 && golden.cases.count >= 14)
    for test in golden.cases {
      let layers = LinearLayers(golden)
      let (kind, settings) = (OptimizerDescriptor.named(test.optimizer), test.settings)
      let optimizer = try #require(kind).makeOptimizer(for: layers.parameters, settings)
      let rate = try #require(settings[.learningRate])
      for _ in 0..<golden.steps {
        layers.differentiate()
        optimizer.step(layers.parameters, rate: rate, on: Device(threads: 2))
      }
      for parameter in layers.parameters {
        let wanted = try #require(test.final[parameter.name])
        // Not by their largest, which might pass over what is not a number.
        let differences = zip(parameter.value.values, wanted).map { abs($0 - $1) }
        #expect(
          differences.count == parameter.value.count && differences.allSatisfy { $0 < 1e-5 },
          "\(test.optimizer) \(test.options) \(parameter.name)")
      }
    }
  }
}
