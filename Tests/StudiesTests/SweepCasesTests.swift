import Configuration
import NN
import Support
import Testing
import TestSupport

@testable import Search
@testable import Studies

/// A sweep of this text in YAML, as it is read from a file.
private func sweep(yaml: String, overrides: JSONObject = [:]) throws -> SweepFile {
  try withTemporaryDirectory { directory in
    let path = directory + "/sweep.yaml"
    try AtomicFile.write(text: yaml, to: path)
    return try SweepFile(path: path, overrides: overrides)
  }
}

/// A random sweep with these lines for parameters.
private func sweep(
  lines: [String], top: String = "method: random", overrides: JSONObject = [:]
) throws -> SweepFile {
  try sweep(
    yaml: top + "\nmetric: {name: val_loss}\nrun_cap: 2\nparameters:\n"
      + lines.map { "  \($0)\n" }.joined(), overrides: overrides)
}

extension SweepFile {
  /// The notes without the file's name.
  fileprivate var remarks: [String] { notes.map { String($0.dropFirst(path.count + 2)) } }

  /// The resolved options of a trial.
  fileprivate func options(trial: Int) throws -> TrainingConfiguration {
    let point = try #require(SweepSearch(self).point(trial: trial, history: []))
    return try options(of: point).configuration
  }
}

/// The lines that a refusal lists, without the file's name.
private func obstacles(_ body: () throws -> SweepFile) -> [String] {
  do {
    _ = try body()
    return []
  } catch let error as SweepFileErrors {
    return error.errors.map(\.fact)
  } catch let error as SweepFileError {
    return [error.fact]
  } catch {
    return ["\(error)"]
  }
}

/// Constructs of sweep files that people have published.
@Suite struct SweepCasesTests {
  @Test func anchorsAndMergeKeysAreRead() throws {
    let file = try sweep(lines: ["lr: &r {min: 0.001, max: 0.1}", "lr_min: {<<: *r, max: 0.002}"])
    #expect(
      file.space.parameters.map(\.distribution) == [
        .continuous(.uniform(0.001...0.1)), .continuous(.uniform(0.001...0.002)),
      ])
  }

  @Test func namesOfOtherProgramsAreTaken() throws {
    let file = try sweep(lines: [
      "learn_rate: {values: [0.001, 0.01]}", "activation_function: {values: [relu, tanh]}",
      "bs: {value: 64}", "epoch: {value: 2}", "wd: {values: [0, 0.0005]}",
      "optimizer.name: {value: Adam}", "trainer.gradient_clip_val: {value: 1}",
    ])
    #expect(
      file.space.parameters.map(\.option) == [
        "lr", "activation", "batch_size", "epochs", "weight_decay", "optimizer", "clip_norm",
      ])
    #expect(file.remarks.first == "'parameters.learn_rate' is taken for lr")
  }

  @Test(arguments: [
    ("optimizer", "Adam", "adam"), ("optimizer", "RMSProp", "rmsprop"), ("optimizer", "NAG", "sgd"),
    ("activation", "ReLU", "relu"), ("activation", "Swish", "silu"), ("init", "xavier", "glorot"),
    ("init", "he", "he"), ("loss", "cross-entropy", "cross_entropy"),
    ("loss", "mean_squared_error", "mse"), ("scheduler", "CosineAnnealingLR", "cosine"),
    ("scheduler", "cosine_annealing", "cosine"), ("scheduler", "ReduceLROnPlateau", "plateau"),
    ("model", "LeNet-5", "lenet5"),
  ])
  func choicesMayBeSpelledAsElsewhere(option: String, spelling: String, choice: String) throws {
    let options = try sweep(lines: ["\(option): {value: \(spelling)}"]).options(trial: 0)
    #expect(ConfigurationOption.known(option).text(in: options) == choice)
  }

  @Test func nesterovsOptimizerHasMomentum() throws {
    let options = try sweep(lines: ["optimizer: {value: nag}"]).options(trial: 0)
    #expect(options.settings[.nesterov] == true && options.settings[.momentum] == 0.9)
    let chosen = try sweep(lines: ["momentum: {value: 0.5}", "optimizer: {value: nag}"])
    #expect(try chosen.options(trial: 0).settings[.momentum] == 0.5)
    let plain = try sweep(lines: ["optimizer: {values: [sgd]}"]).options(trial: 0)
    #expect(plain.settings[.momentum] != 0.5)
  }

  @Test func aNumberOfLayersRepeatsTheWidth() throws {
    let file = try sweep(
      lines: [
        "model: {value: mlp}", "num_layers: {values: [2, 3]}", "hidden_size: {values: [64, 128]}",
      ], top: "method: grid")
    let widths = try (0..<4).map {
      ConfigurationOption.known("hidden").text(in: try file.options(trial: $0))
    }
    #expect(widths == ["64,64", "128,128", "64,64,64", "128,128,128"])
    let unnamed = try sweep(lines: ["n_layers: {value: 2}", "units: {value: 8}"])
    #expect(
      unnamed.remarks.first
        == "'parameters.n_layers' is taken for the number of widths in hidden; the model is cnn")
    #expect(
      obstacles { try sweep(lines: ["num_layers: {values: [2, 3]}", "lr: {value: 1}"]) }
        == ["line 5: 'parameters.num_layers' is not a training option"])
  }

  @Test func openEndsAreDrawnInside() throws {
    let file = try sweep(lines: [
      "lr: {distribution: uniform, min: 0, max: 0.1}", "dropout: {min: 0.0, max: 1.0}",
    ])
    #expect(
      file.space.parameters.map(\.distribution) == [
        .continuous(.uniform(1e-7...0.1)), .continuous(.uniform(0...0.999999)),
      ])
    #expect(
      file.remarks == [
        "'parameters.lr.min': 0 itself is not drawn",
        "'parameters.dropout.max': 1.0 itself is not drawn",
      ])
  }

  @Test func constantsOfOtherProgramsAreIgnored() throws {
    let file = try sweep(lines: [
      "data_dir: {value: ./somewhere}", "num_workers: {value: 4}", "wandb_log: {value: true}",
      "seed_everything: {value: 1}", "name: {value: mine}", "mode: {value: rgb}",
      "lr: {min: 0.001, max: 0.1}",
    ])
    #expect(file.space.parameters.map(\.option) == ["lr"])
    #expect(
      file.remarks == [
        "nothing here knows 'parameters.data_dir', 'parameters.num_workers', "
          + "'parameters.wandb_log', 'parameters.seed_everything', 'parameters.name' and "
          + "'parameters.mode', which are ignored"
      ])
  }

  @Test func aConstantWithASlipInItsNameIsNotIgnored() {
    #expect(
      obstacles { try sweep(lines: ["droput: {value: 0.1}", "lr: {value: 1}"]) }
        == ["line 5: 'parameters.droput' is not a training option; did you mean 'dropout'?"])
  }

  @Test func unknownSearchedParametersAreListedAndLeftOutOnDemand() throws {
    let lines = [
      "tau: {values: [1, 2]}", "encoder_depth: {min: 1, max: 4}", "lr: {min: 0.1, max: 1}",
    ]
    #expect(
      obstacles { try sweep(lines: lines) } == [
        "line 5: 'parameters.tau' is not a training option",
        "line 6: 'parameters.encoder_depth' is not a training option",
      ])
    let file = try sweep(lines: lines, overrides: ["ignore_unknown": true])
    #expect(file.space.parameters.map(\.option) == ["lr"])
    // A study's copy says so too, and is the same study with and without.
    let copy = try SweepFile(.object(file.json), path: "sweep.json")
    #expect(copy.space == file.space && copy.identity == file.identity)
  }

  @Test func theCommandLineSaysWhichDataThereAre() throws {
    let file = try sweep(
      lines: ["dataset: {value: kmnist}", "data: {value: ./here}", "lr: {value: 1}"],
      overrides: ["data": "/there"])
    let options = try file.commonOptions
    #expect(options.data == "/there" && options.dataset == "kmnist")
  }

  @Test func unknownChoicesAreLeftOutOnDemand() throws {
    let lines = [
      "init: {values: [random, xavier], probabilities: [0.5, 0.5]}", "loss: {value: dice}",
    ]
    #expect(obstacles { try sweep(lines: lines) }.count == 2)
    let file = try sweep(lines: lines, overrides: ["ignore_unknown": true])
    #expect(file.space.parameters.map(\.distribution) == [.choices(["xavier"])])
    #expect(
      file.remarks == [
        "'parameters.init': \"random\" is unknown here, and left out",
        "nothing here knows 'parameters.loss', which is ignored",
        "the parameters have 1 combination, each tried once: 1 trial instead of 2",
      ])
  }

  @Test func everyObstacleIsListedWithItsLine() {
    let found = obstacles {
      try sweep(lines: [
        "lr: {distribution: uniform, values: [0.1]}", "batch_size: {min: 8}",
        "optimizer:", "  values: [adm, adam,", "    sgdd]", "dataset: {values: [mnist, kmnist]}",
        "dropout: {distribution: loguniform, min: 0.1, max: 0.5}",
      ])
    }
    #expect(
      found.map { $0.split(separator: "'").prefix(2).joined() } == [
        "line 5: parameters.lr.distribution", "line 6: parameters.batch_size.max",
        "line 8: parameters.optimizer.values[0]", "line 9: parameters.optimizer.values[2]",
        "line 10: parameters.dataset", "line 11: parameters.dropout.distribution",
      ])
    #expect(found.last?.contains("did you mean 'log_uniform_values'?") == true)
  }

  @Test func obstaclesOfAllPartsStandInOneListing() {
    let found = obstacles {
      try sweep(
        yaml: """
          method: gird
          metric: {name: val_loss, goal: lower}
          early_terminate: {type: hyperband}
          run_cap: 0
          parameter: {}
          parameters:
            lr: 3
          emnist:
            base: {epoch: 3, batch_size: 0}
          """)
    }
    #expect(
      found.map { $0.split(separator: ":").first ?? "" }
        == ["line 1", "line 2", "line 3", "line 4", "line 5", "line 7", "line 9", "line 9"])
  }

  @Test(arguments: [
    ("{type: hyperband, min_iter: 3, max_iter: 27, s: 2}", HyperbandStopping(.below(27, count: 2))),
    ("{type: hyperband, min_iter: 3, s: 2, eta: 3}", HyperbandStopping(.from(3))),
    ("{type: hyperband, min_iter: 3, max_iter: 27}", HyperbandStopping(.from(3))),
    ("{type: Hyperband, min_iter: 3, enabled: true}", HyperbandStopping(.from(3))),
  ])
  func bothFormsOfBandsMayStandTogether(text: String, stopping: HyperbandStopping) throws {
    let file = try sweep(
      lines: ["lr: {value: 1}"], top: "method: random\nearly_terminate: \(text)")
    #expect(file.termination == .hyperband(stopping))
  }

  @Test func whatOnlyTheServiceNeedsIsIgnored() throws {
    let file = try sweep(
      yaml: """
        method: random
        metric: {name: val_loss, impute_while_running: best}
        scheduler: {engine: local}
        enabled: true
        parameters:
          lr: {min: 0.001, max: 0.1}
        """)
    #expect(
      file.remarks == [
        "only W&B uses 'scheduler' and 'enabled', which are ignored here",
        "only W&B uses 'metric.impute_while_running', which is ignored here",
      ])
  }

  @Test func aMetricThatIsNotNeededMayBeAnother() throws {
    func metric(_ text: String, _ method: String = "grid") throws -> SweepMetric {
      try sweep(
        yaml: "method: \(method)\nmetric: \(text)\nparameters:\n  lr: {values: [0.01, 0.1]}\n"
      ).metric
    }
    #expect(try metric("{name: val_f1, goal: maximize}") == .init(.valAccuracy, goal: .maximize))
    #expect(try metric("{name: test/loss}") == .init(.valLoss, goal: .minimize))
    #expect(try metric("{name: accuracy}", "bayes") == .init(.valAccuracy, goal: .maximize))
    #expect(obstacles { try sweep(lines: ["lr: {value: 1}"], top: "method: Bayes") } == [])
    for text in ["{name: val_f1, target: 0.9}", "{name: val_f1}"] {
      let method = text.contains("target") ? "grid" : "bayes"
      #expect(message { try metric(text, method) }.contains("'metric.name' is 'val_f1'"))
    }
  }
}
