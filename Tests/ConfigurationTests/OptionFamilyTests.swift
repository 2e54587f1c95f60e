import NN
import Support
import Testing
import TestSupport

@testable import Configuration

@Suite struct OptionFamilyTests {
  private let recipe = Recipe(
    name: "cnn",
    values: [
      "epochs": 15, "optimizer": "sgd", "lr": 0.1, "momentum": 0.9, "nesterov": true,
      "weight_decay": 0.0005,
    ])

  private func resolved(_ flags: [(String, String)]) throws -> LayeredConfiguration {
    var layers = LayeredConfiguration()
    for (name, word) in flags { try layers.layFlag(.known(name), word) }
    let resolved = try layers.resolved(with: recipe)
    try resolved.validate()
    return resolved
  }

  /// Every option of the optimizer that has a value, with who decided it.
  private func optimizerTable(_ layers: LayeredConfiguration) -> [String] {
    ConfigurationOption.optimizer.compactMap { option in
      option.text(in: layers.configuration).map {
        "\(option.name) \($0) \(layers.sources[option.name].rawValue)"
      }
    }
  }

  @Test func theRecipesOptimizerKeepsTheRecipesNumbers() throws {
    let expected = [
      "optimizer sgd recipe", "lr 0.1 recipe", "momentum 0.9 recipe", "nesterov true recipe",
      "weight_decay 0.0005 recipe",
    ]
    #expect(try optimizerTable(resolved([])) == expected)
    #expect(
      try optimizerTable(resolved([("optimizer", "sgd")]))
        == ["optimizer sgd flag"] + expected.dropFirst())
  }

  @Test func anotherOptimizerHasItsOwnDefaults() throws {
    #expect(
      try optimizerTable(resolved([("optimizer", "adamw")])) == [
        "optimizer adamw flag", "lr 0.001 optimizer", "beta1 0.9 optimizer",
        "beta2 0.999 optimizer", "epsilon 1e-08 optimizer", "weight_decay 0.01 optimizer",
      ])
    #expect(
      try optimizerTable(resolved([("momentum", "0.5"), ("optimizer", "rmsprop")])) == [
        "optimizer rmsprop flag", "lr 0.001 optimizer", "momentum 0.5 flag", "rho 0.99 optimizer",
        "epsilon 1e-08 optimizer", "weight_decay 0.0 optimizer",
      ])
    #expect(try resolved([("optimizer", "adam")]).configuration.epochs == 15)
  }

  @Test func whatTheRecipeLeavesOpenIsTheOptimizersDefault() throws {
    let resolved = try LayeredConfiguration().resolved(
      with: Recipe(name: "mlp", values: ["optimizer": "adam", "lr": 0.002]))
    #expect(
      optimizerTable(resolved) == [
        "optimizer adam recipe", "lr 0.002 recipe", "beta1 0.9 optimizer",
        "beta2 0.999 optimizer", "epsilon 1e-08 optimizer", "weight_decay 0.0 optimizer",
      ])
  }

  @Test func aStrongerPlacesOptimizerDropsTheNumbersOfAWeakerOne() throws {
    var layers = LayeredConfiguration()
    try withTemporaryFile(#"{"optimizer": "sgd", "lr": 0.2, "momentum": 0.8, "epochs": 3}"#) {
      try layers.layFile($0)
    }
    var flags = LayeredConfiguration()
    try flags.layFlag(.known("lr"), "0.004")
    try flags.layFlag(.known("optimizer"), "adam")
    layers.lay(flags)
    try layers.validate()
    #expect(layers.configuration.settings[.learningRate] == 0.004)
    #expect(layers.configuration.settings[.momentum] == nil)
    #expect(layers.configuration.epochs == 3)
  }

  @Test func aFilesNumbersForNoCertainOptimizerStay() throws {
    var layers = LayeredConfiguration()
    try withTemporaryFile(#"{"momentum": 0.8}"#) { try layers.layFile($0) }
    try layers.layFlag(.known("optimizer"), "rmsprop")
    #expect(
      try layers.resolved(with: recipe).configuration.settings[.momentum] == 0.8)
  }

  @Test(arguments: [
    (
      [("optimizer", "adam"), ("momentum", "0.9")],
      "--momentum is not used by optimizer adam; it uses lr, beta1, beta2, epsilon and weight_decay"
    ),
    (
      [("rho", "0.9")],
      "--rho is not used by optimizer sgd; it uses lr, momentum, nesterov and weight_decay"
    ),
    (
      [("optimizer", "adagrad"), ("nesterov", "false")],
      "--nesterov is not used by optimizer adagrad; it uses lr, epsilon and weight_decay"
    ),
    (
      [("scheduler", "cosine"), ("lr_decay", "0.5")],
      "--lr-decay is not used by scheduler cosine; it uses warmup_epochs, lr_min, lr_restarts "
        + "and lr_restart_growth"
    ),
    (
      [("scheduler", "one_cycle"), ("warmup_epochs", "1")],
      "--warmup-epochs is not used by scheduler one_cycle; it uses one_cycle_rise, "
        + "one_cycle_start and one_cycle_end"
    ),
    (
      [("optimizer", "sgd"), ("nesterov", "true"), ("momentum", "0")],
      "--nesterov is of use only together with --momentum; give both"
    ),
  ])
  func anOptionWithoutUseIsRefused(flags: [(String, String)], expected: String) {
    #expect(message { _ = try resolved(flags) } == expected)
  }

  @Test func warmUpStaysWithAnotherScheduleUnlessItHasItsOwn() throws {
    let cosine = Recipe(
      name: "cnn", values: ["scheduler": "cosine", "warmup_epochs": 1.0, "lr_min": 0.01])
    func resolved(_ scheduler: String) throws -> LayeredConfiguration {
      var layers = LayeredConfiguration()
      try layers.layFlag(.known("scheduler"), scheduler)
      return try layers.resolved(with: cosine)
    }
    let polynomial = try resolved("polynomial")
    #expect(polynomial.configuration.settings[.warmupEpochs] == 1)
    #expect(polynomial.sources["warmup_epochs"] == .recipe)
    #expect(polynomial.configuration.settings[.lowestRate] == 0)
    #expect(polynomial.sources["lr_min"] == .scheduler)
    #expect(try resolved("one_cycle").configuration.settings[.warmupEpochs] == nil)
    #expect(try resolved("cosine").configuration.settings[.lowestRate] == 0.01)
  }

  @Test func whatDependsOnTheEpochsStaysOpen() throws {
    let resolved = try resolved([("scheduler", "step")])
    #expect(ConfigurationOption.known("lr_period").text(in: resolved.configuration) == nil)
    #expect(ConfigurationOption.known("lr_decay").text(in: resolved.configuration) == "0.1")
  }

  @Test func plateauNeedsValidationImages() {
    #expect(
      message { _ = try resolved([("scheduler", "plateau"), ("val_split", "0")]) }
        == "--scheduler needs validation images, but --val-split is 0; give a share such as 0.1")
  }

  @Test func theLowestRateIsNotAboveTheHighest() throws {
    let options = [("scheduler", "cosine"), ("lr", "0.01")]
    #expect(
      message { _ = try resolved(options + [("lr_min", "0.1")]) }
        == "--lr-min is 0.1, above the learning rate 0.01; lower it")
    _ = try resolved(options + [("lr_min", "0.01")])
    let error = ConfigurationError.aboveRate(.file(path: "f", key: "lr_min"), value: 2, rate: 1)
    #expect(error.description == "f: 'lr_min' is 2.0, above the learning rate 1.0; lower it")
    #expect(error.exitCode == .configuration)
  }

  @Test func everyMemberIsUsedBySomeChoice() throws {
    for family in OptionFamily.all {
      let used = try ConfigurationOption.known(family.chooser).choices.flatMap { choice in
        var layers = LayeredConfiguration()
        try layers.layFlag(.known(family.chooser), choice)
        return family.used(by: layers.configuration)
      }
      #expect(Set(used) == Set(family.members))
    }
  }
}
