import Support
import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct OptimizerTests {
  private let device = Device(threads: 2)

  /// A weight, which decays, and a bias, which does not.
  private func parameters() -> [Parameter] {
    let parameters = [
      Parameter(name: "fc1.weight", shape: [7, 5], layout: .dense, decays: true),
      Parameter(name: "fc1.bias", shape: [5], decays: false),
    ]
    for parameter in parameters { parameter.value.assign(.random(parameter.value.shape)) }
    return parameters
  }

  /// Fifty steps with gradients and rates that change, by `optimizer` and by `reference`, which is
  /// given one element's gradient, rate, step and whether it decays.
  private func expectAgreement<State>(
    _ optimizer: any Optimizer, _ parameters: [Parameter], start: (Double) -> State,
    weight: (State) -> Double, update: (inout State, Double, Double, Int, Bool) -> Void
  ) {
    var states = parameters.map { $0.value.values.map { start(Double($0)) } }
    for step in 1...50 {
      let rate = 0.05 / Double(step).squareRoot()
      for (index, parameter) in parameters.enumerated() {
        let seed = UInt64(2 * step + index)
        parameter.gradient.assign(.random(parameter.value.shape, seed: seed))
        for (element, gradient) in parameter.gradient.values.enumerated() {
          update(&states[index][element], Double(gradient), rate, step, parameter.decays)
        }
      }
      optimizer.step(parameters, rate: rate, on: device)
    }
    #expect(optimizer.stepCount == 50)
    for (parameter, states) in zip(parameters, states) {
      // Fifty roundings of half a unit each, if all went the same way: 3e-6.
      #expect(relativeDistance(parameter.value, states.map(weight)) < 3e-6, "\(parameter.name)")
    }
  }

  @Test(arguments: [(0.0, false), (0.9, false), (0.9, true)], [0, 0.01])
  func sgdIsThatOfTheDefinition(momentum: (Double, Bool), decay: Double) {
    let parameters = parameters()
    let (mu, nesterov) = momentum
    expectAgreement(
      SGD(parameters, momentum: mu, weightDecay: decay, nesterov: nesterov), parameters,
      start: { SGDReference(weight: $0, velocity: 0) }, weight: \.weight
    ) { state, gradient, rate, _, decays in
      state.update(
        gradient: gradient, rate: rate, momentum: mu, decay: decays ? decay : 0,
        nesterov: nesterov)
    }
  }

  @Test(arguments: [0, 0.01]) func adamIsThatOfThePaper(decay: Double) {
    let parameters = parameters()
    expectAgreement(
      OptimizerDescriptor.adam.optimizer(
        for: parameters, ["weight_decay": .number(decay)]), parameters,
      start: { AdamReference(weight: $0, firstMoment: 0, secondMoment: 0) }, weight: \.weight
    ) { state, gradient, rate, step, decays in
      state.update(
        gradient: gradient, step: step, rate: rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
        decay: decays ? decay : 0, decoupledDecay: 0)
    }
  }

  @Test func whatIsRememberedHasANameForEachParameter() {
    let parameters = parameters()
    func names(_ kind: OptimizerDescriptor) -> [String] {
      kind.optimizer(for: parameters).state(of: parameters).map(\.name)
    }
    #expect(
      names(.sgd) == [
        "fc1.weight.velocity", "fc1.bias.velocity",
      ])
    #expect(
      names(.adam) == [
        "fc1.weight.exp_avg", "fc1.weight.exp_avg_sq", "fc1.bias.exp_avg", "fc1.bias.exp_avg_sq",
      ])
  }

  @Test(arguments: OptimizerDescriptor.all.map(\.name))
  func noMoreIsRememberedThanTheDescriptorSays(name: String) throws {
    let (kind, parameters) = (OptimizerDescriptor.named(name), parameters())
    let state = try #require(kind).makeOptimizer(for: parameters).state(of: parameters)
    let weights = parameters.reduce(0) { $0 + $1.value.count }
    let floats = state.reduce(0) { $0 + $1.value.count }
    #expect(try floats <= weights * #require(kind).statePerWeight)
    #expect(try name == "muon" || floats == weights * #require(kind).statePerWeight)
  }

  @Test(arguments: OptimizerDescriptor.all.map(\.name))
  func everyOptimizerHasARateAndADecay(name: String) throws {
    let defaults = try #require(OptimizerDescriptor.named(name)).defaults
    #expect(try #require(defaults[.learningRate]) > 0)
    #expect(try #require(defaults[.weightDecay]) >= 0)
  }

  @Test func whatIsRememberedIsTheOptimizersOwn() {
    let parameters = parameters()
    let optimizer = SGD(parameters, momentum: 0.5, weightDecay: 0, nesterov: false)
    parameters[1].gradient.fill(2)
    optimizer.step(parameters, rate: 1, on: device)
    optimizer.step(parameters, rate: 1, on: device)
    // 2, then 0.5 · 2 + 2.
    #expect(optimizer.state(of: parameters)[1].value.values == [3, 3, 3, 3, 3])
  }
}
