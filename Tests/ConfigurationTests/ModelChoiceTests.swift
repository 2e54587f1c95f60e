import NN
import Support
import Tensor
import Testing
import TestSupport

@testable import Configuration

@Suite struct ModelChoiceTests {
  private func configuration(_ options: [String: String]) throws -> TrainingConfiguration {
    var layers = LayeredConfiguration()
    for (name, word) in options { try layers.layFlag(.known(name), word) }
    return layers.configuration
  }

  @Test func everyRecipeIsOneOfOptions() throws {
    for preset in ModelPreset.all {
      let recipe = try recipe(for: configuration(["model": preset.name]))
      #expect(recipe.name == preset.name)
      let resolved = try LayeredConfiguration().resolved(with: recipe)
      #expect(resolved.configuration.epochs == preset.recipe["epochs"]?.int)
      #expect(resolved.configuration.settings[.learningRate] == preset.recipe["lr"]?.double)
    }
  }

  @Test func aModelFileHasTheRecipeOfTheCNN() throws {
    let recipe = try recipe(for: configuration(["model": "my.json"]))
    #expect(recipe.name == "cnn")
  }

  @Test func everyActivationCanShapeAPreset() throws {
    for name in ActivationKind.allCases.map(\.rawValue) {
      let model = try modelDescription(for: configuration(["activation": name]))
      #expect(model.layers.contains { ($0 as? Activation)?.function.name == name })
    }
  }

  @Test func optionsShapeAPreset() throws {
    let model = try modelDescription(
      for: configuration(["model": "mlp", "hidden": "32", "dropout": "0", "batch_norm": "false"]))
    #expect(model.layerNames == ["flatten1", "fc1", "act1", "fc2"])
  }

  @Test func aFileSaysWhatItsModelIs() throws {
    try withTemporaryFile(#"{"name": "m", "layers": [{"type": "flatten"}]}"#) { path in
      let model = try modelDescription(for: configuration(["model": path]))
      #expect(model.name == "m")
    }
  }

  @Test func aFileIsNotShapedByOptions() throws {
    let configuration = try configuration(["model": "my.json", "kernel_size": "5"])
    #expect(
      message { _ = try modelDescription(for: configuration) }
        == "'kernel-size' does not apply to the model 'my.json'; leave it out")
  }

  @Test func aFileThatIsNotThereIsNamed() throws {
    let configuration = try configuration(["model": "no/such.json"])
    #expect(
      message { _ = try modelDescription(for: configuration) }
        == "no/such.json: no such file; check the name")
  }

  @Test func anActivationsParameterReachesItsLayer() throws {
    let leaky = try modelDescription(
      for: configuration(["activation": "leaky_relu", "negative_slope": "0.2"]))
    #expect(
      leaky.layers.contains {
        ($0 as? Activation)?.function == ActivationFunction(name: "leaky_relu", parameter: 0.2)
      })
    let elu = try modelDescription(for: configuration(["activation": "elu", "elu_alpha": "0.5"]))
    #expect(
      elu.layers.contains {
        ($0 as? Activation)?.function == ActivationFunction(name: "elu", parameter: 0.5)
      })
  }

  @Test func theNormalizationsParametersReachItsLayers() throws {
    let model = try modelDescription(
      for: configuration([
        "model": "lenet5", "batch_norm": "true", "batch_norm_momentum": "0.2",
        "batch_norm_epsilon": "0.001", "batch_norm_frozen": "true",
      ]))
    let normalizations = model.layers.compactMap { $0 as? BatchNorm }
    #expect(normalizations.count == 4)
    #expect(
      normalizations.allSatisfy { $0.momentum == 0.2 && $0.epsilon == 0.001 && $0.frozen })
  }

  @Test func channelsAreDroppedBehindEachConvolution() throws {
    for (name, convolutions) in [
      ("cnn", 4), ("cnn-2", 2), ("cnn-3", 3), ("lenet5", 2), ("vgg", 10),
    ] {
      let model = try modelDescription(
        for: configuration(["model": name, "spatial_dropout": "0.25"]))
      let dropouts = model.layers.compactMap { ($0 as? SpatialDropout)?.rate }
      #expect(dropouts == Array(repeating: 0.25, count: convolutions), "\(name)")
    }
  }

  @Test(arguments: [
    ("resnet", [0.1, 0.2, 0.3]),
    ("vit", [0.075, 0.075, 0.15, 0.15, 0.225, 0.225, 0.3, 0.3]),
  ])
  func laterBranchesAreLeftOutMoreOften(name: String, expected: [Double]) throws {
    let model = try modelDescription(for: configuration(["model": name, "drop_path": "0.3"]))
    let rates = model.layers.compactMap { ($0 as? Residual)?.dropPath }
    #expect(rates.count == expected.count)
    for (rate, expected) in zip(rates, expected) { #expect(abs(rate - expected) < 1e-12) }
  }

  @Test(arguments: [
    (
      ["model": "densenet", "drop_path": "0.1"],
      "'drop-path' does not apply to the model 'densenet'; leave it out"
    ),
    (
      ["model": "mlp", "spatial_dropout": "0.1"],
      "'spatial-dropout' does not apply to the model 'mlp'; leave it out"
    ),
    (
      ["negative_slope": "0.2"],
      "'negative-slope' is of use only together with 'activation' leaky_relu; give both"
    ),
    (
      ["activation": "leaky_relu", "elu_alpha": "0.2"],
      "'elu-alpha' is of use only together with 'activation' elu; give both"
    ),
    (
      ["model": "lenet5", "batch_norm_frozen": "true"],
      "'batch-norm-frozen' is of use only with batch normalization, which the model 'lenet5' is "
        + "without"
    ),
    (
      ["model": "my.json", "batch_norm_epsilon": "0.1"],
      "'batch-norm-epsilon' does not apply to the model 'my.json'; leave it out"
    ),
  ])
  func aParameterOfWhatIsNotThereIsAnError(options: [String: String], expected: String) throws {
    let configuration = try configuration(options)
    #expect(message { _ = try modelDescription(for: configuration) } == expected)
  }

  @Test func anOptionThatDoesNotApplyIsNamed() throws {
    let configuration = try configuration(["model": "mlp", "filters": "8,8"])
    #expect(
      message { _ = try modelDescription(for: configuration) }
        == "'filters' does not apply to the model 'mlp'; leave it out")
  }
}
