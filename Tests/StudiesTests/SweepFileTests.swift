import Support
import Testing
import TestSupport

@testable import Configuration
@testable import Search
@testable import Studies

/// The sweep that a text describes.
func sweep(_ text: String) throws -> SweepFile {
  try SweepFile(JSONValue(parsing: Array(text.utf8), path: "sweep.json"), path: "sweep.json")
}

/// A sweep with these parameters.
func sweep(parameters: String, method: String = "random") throws -> SweepFile {
  try sweep(#"{"method": "\#(method)", "parameters": {\#(parameters)}}"#)
}

@Suite struct SweepFileTests {
  /// A file as people have it for W&B, with everything that only W&B uses.
  @Test func aFileMadeForTheDialectIsRead() throws {
    let file = try sweep(
      """
      {"program": "train.py", "project": "digits", "name": "first", "description": "a try",
       "command": ["${env}", "python", "${program}"], "method": "bayes", "run_cap": 50,
       "metric": {"name": "val_accuracy", "goal": "maximize", "target": 0.99, "impute": "best"},
       "early_terminate": {"type": "hyperband", "max_iter": 27, "s": 2, "eta": 3, "strict": false},
       "parameters": {
         "epochs": {"value": 5},
         "optimizer": {"values": ["adam", "sgd"]},
         "dropout": {"values": [0.3, 0.4, 0.5]},
         "lr": {"distribution": "log_uniform_values", "min": 0.0001, "max": 0.1},
         "batch_size": {"distribution": "q_log_uniform_values", "q": 8, "min": 32, "max": 256},
         "hidden": {"min": 32, "max": 512},
         "weight_decay": {"min": 0.0, "max": 0.1}}}
      """)
    #expect(file.method == .bayes && file.trials == 50)
    #expect(
      file.metric == SweepMetric(.valAccuracy, goal: .maximize, target: 0.99, impute: .best))
    #expect(
      file.termination == .hyperband(HyperbandStopping(.below(27, count: 2), isStrict: false)))
    #expect(
      file.space.parameters.map(\.distribution) == [
        .choices([5]), .choices(["adam", "sgd"]), .choices([0.3, 0.4, 0.5]),
        .continuous(.logUniform(0.0001...0.1)), .quantized(.logUniform(32...256), step: 8),
        .integers(32...512), .continuous(.uniform(0...0.1)),
      ])
    #expect(
      file.notes == [
        "sweep.json: only W&B uses 'name', 'description', 'program', 'project' and 'command', "
          + "which are ignored here"
      ])
  }

  @Test func defaultsAreThoseOfTheDialect() throws {
    let file = try sweep(
      """
      {"method": "random", "metric": {"name": "val_loss"}, "parameters": {"lr": {"value": 0.1}},
       "early_terminate": {"type": "hyperband", "min_iter": 3}}
      """)
    #expect(file.metric == SweepMetric(.valLoss, goal: .minimize, impute: .worst))
    #expect(file.termination == .hyperband(HyperbandStopping(.from(3), eta: 3, isStrict: true)))
    #expect(file.trials == nil && file.settings == SweepSettings() && file.notes.isEmpty)
  }

  /// Whether a number is written with a point decides between whole numbers and all between.
  @Test(arguments: [
    (#""min": 1, "max": 5"#, SearchDistribution.integers(1...5)),
    (#""min": 1.0, "max": 5"#, .continuous(.uniform(1...5))),
    (#""min": 1, "max": 5e0"#, .continuous(.uniform(1...5))),
    (#""distribution": "uniform", "min": 1, "max": 5"#, .continuous(.uniform(1...5))),
    (#""distribution": "int_uniform", "min": 1, "max": 5"#, .integers(1...5)),
    (#""distribution": "q_uniform", "min": 1, "max": 5"#, .quantized(.uniform(1...5), step: 1)),
    (
      #""distribution": "inv_log_uniform_values", "min": 1, "max": 5"#,
      .continuous(.logUniform(1...5))
    ),
    (#""distribution": "normal", "mu": 3"#, .continuous(.normal(mean: 3, deviation: 1))),
    (
      #""distribution": "q_normal", "mu": 3, "sigma": 2, "q": 0.5"#,
      .quantized(.normal(mean: 3, deviation: 2), step: 0.5)
    ),
    (#""distribution": "log_normal""#, .continuous(.logNormal(mean: 0, deviation: 1))),
    (#""distribution": "beta", "a": 2"#, .continuous(.beta(a: 2, b: 1))),
    (#""distribution": "categorical", "values": [1, 2.0]"#, .choices([1, 2.0])),
    (#""distribution": "constant", "value": 3"#, .choices([3])),
    (
      #""values": [1, 2], "probabilities": [0.25, 0.75]"#,
      .choices([1, 2], probabilities: [0.25, 0.75])
    ),
  ])
  func everyDistributionIsRead(form: String, expected: SearchDistribution) throws {
    let file = try sweep(parameters: #""weight_decay": {\#(form)}"#)
    #expect(file.space.parameters.map(\.distribution) == [expected])
  }

  /// The best-known trap of the dialect (wandb issue 507).
  @Test func exponentsAreTakenAsExponentsAndSayTheRange() throws {
    let file = try sweep(
      parameters: #""lr": {"distribution": "log_uniform", "min": -2.0, "max": 0}"#)
    guard case .continuous(.logUniform(let range)) = file.space.parameters[0].distribution else {
      Issue.record("not a logarithmic distribution")
      return
    }
    #expect(abs(range.lowerBound - 0.1353352832366127) < 1e-16 && range.upperBound == 1)
    #expect(
      file.notes == [
        "sweep.json: 'parameters.lr': min and max of log_uniform are exponents of e, so values go "
          + "from 0.1353352832366127 to 1.0; log_uniform_values takes the values themselves"
      ])
    let inverse = try sweep(
      parameters: #""lr": {"distribution": "inv_log_uniform", "min": 0.0, "max": 2.0}"#)
    #expect(inverse.space.parameters[0].distribution == file.space.parameters[0].distribution)
  }

  @Test func nestedParametersAreJoinedWithDots() throws {
    let file = try sweep(
      parameters: """
        "training": {"parameters": {"epochs": {"value": 3},
          "optimizer": {"parameters": {"lr": {"values": [0.1, 0.2]}}}}},
        "net.hidden": {"values": [[512, 256], [128]]}
        """, method: "grid")
    #expect(
      file.space.parameters.map(\.name) == [
        "training.epochs", "training.optimizer.lr", "net.hidden",
      ])
    let settings = SearchGrid(file.space)[3]?.settings(in: file.space)
    #expect(settings == ["epochs": 3, "lr": 0.2, "hidden": [128]])
  }

  @Test func choicesMayHoldParametersAndDistributions() throws {
    let file = try sweep(
      parameters: """
        "optimizer": {"values": ["adam", {"value": "sgd", "parameters": {
          "momentum": {"min": 0.5, "max": 0.99}, "lr": {"values": [0.1, 0.2]}}}]},
        "weight_decay": {"values": [0, {"distribution": "log_uniform_values",
          "min": 1e-5, "max": 1e-2}], "probabilities": [0.4, 0.6]}
        """)
    #expect(
      file.space.parameters.map(\.name) == [
        "optimizer", "optimizer.sgd.momentum", "optimizer.sgd.lr", "weight_decay", "weight_decay.1",
      ])
    #expect(file.space.parameters.map { $0.condition?.choice } == [nil, 1, 1, nil, 1])
    let search = SweepSearch(file.space, method: .random, seed: 1)
    for trial in 0..<50 {
      let settings = try #require(search.point(trial: trial, history: [])).settings(in: file.space)
      let isSGD = settings["optimizer"] == "sgd"
      #expect((settings["momentum"] != nil) == isSGD && (settings["lr"] != nil) == isSGD)
      let decay = try #require(settings["weight_decay"]?.double)
      #expect(decay == 0 || (1e-5...1e-2).contains(decay))
    }
  }

  /// A normal distribution reaches below 0, a dropout rate does not.
  @Test(arguments: ["random", "bayes"])
  func valuesThatTheOptionDoesNotTakeAreDrawnAgain(method: String) throws {
    let file = try sweep(
      """
      {"method": "\(method)", "metric": {"name": "val_loss"}, "parameters":
       {"dropout": {"distribution": "normal", "mu": 0.2, "sigma": 0.2}}}
      """)
    let search = SweepSearch(file)
    for trial in 0..<40 {
      let point = try #require(search.point(trial: trial, history: []))
      #expect(try (0..<1).contains(#require(point.values[0]?.double)))
    }
  }

  @Test func ownKeysAreRead() throws {
    let file = try sweep(
      """
      {"method": "random", "parameters": {"lr": {"value": 0.1}},
       "emnist": {"dataset": "digits", "limit": 1000, "seed": 7, "trials": 40, "workers": 2,
         "threads": 1, "max_time": "1h", "folds": 5, "repeats": 3, "base": {"epochs": 2},
         "max_parameters": 50000, "max_macs": 1000000, "refit": 5, "round": 8}}
      """)
    let settings = file.settings
    #expect(settings.base == ["epochs": 2, "dataset": "digits", "limit": 1000])
    #expect(settings.seed == 7 && settings.trials == 40 && settings.workers == 2)
    #expect(settings.threads == 1 && settings.maxTime == 3600 && settings.folds == 5)
    #expect(settings.repeats == 3 && settings.maxParameters == 50_000)
    #expect(settings.maxMacs == 1_000_000 && settings.refit == 5 && settings.round == 8)
  }

  @Test func aBaseFileStandsBesideTheSweepsAndIsTakenInto() throws {
    try withTemporaryDirectory { directory in
      try AtomicFile.write(
        text: #"{"schema": 1, "epochs": 3, "out": "runs/a", "hidden": null, "sources": {}}"#,
        to: directory + "/base.json")
      let path = directory + "/sweep.json"
      try AtomicFile.write(
        text: #"{"method": "grid", "parameters": {"lr": {"value": 1}}, "#
          + #""emnist": {"base": "base.json", "limit": 5}}"#, to: path)
      let sweep = try SweepFile(path: path, overrides: ["limit": 7])
      #expect(sweep.settings.base == ["epochs": 3, "limit": 7])
      #expect(sweep.json["emnist"] == ["base": ["epochs": 3], "limit": 7])
      #expect(try SweepFile(.object(sweep.json), path: "copy").identity == sweep.identity)
    }
  }

  @Test func everyOptionButThoseOfARunIsAParameter() throws {
    for option in ConfigurationOption.all where option.isSearched {
      let given = option.json(in: TrainingConfiguration())
      guard given != .null else { continue }
      let file = try sweep(parameters: #""\#(option.name)": {"value": \#(given.text())}"#)
      #expect(file.space.parameters.map(\.option) == [option.name])
    }
  }

  @Test(arguments: [
    ("learning_rate", "0.01", "lr"), ("batchSize", "64", "batch_size"),
    ("Dropout", "0.1", "dropout"),
    ("fc_layer_size", "128", "hidden"), ("weight-decay", "0.1", "weight_decay"),
    ("num_epochs", "3", "epochs"),
  ])
  func whatOthersCallAnOptionIsTakenForIt(name: String, value: String, option: String) throws {
    let file = try sweep(parameters: #""\#(name)": {"value": \#(value)}"#)
    #expect(file.space.parameters.map(\.option) == [option])
    #expect(file.notes == ["sweep.json: 'parameters.\(name)' is taken for \(option)"])
  }

  @Test func accuracyWithoutAGoalIsMaximized() throws {
    let file = try sweep(
      #"{"method": "random", "metric": {"name": "val_accuracy"}, "parameters": {"lr": {"value": 1}}}"#
    )
    #expect(file.metric.goal == .maximize)
    #expect(
      file.notes == ["sweep.json: 'metric.goal' is not given, so val_accuracy is maximized"])
  }

  @Test func aRandomSearchWithLessToTrySaysSo() throws {
    func notes(_ method: String, cap: Int) throws -> [String] {
      try sweep(
        #"{"method": "\#(method)", "metric": {"name": "val_loss", "goal": "minimize"}, "#
          + #""run_cap": \#(cap), "parameters": {"lr": {"values": [0.1, 0.2]}}}"#
      ).notes
    }
    #expect(
      try notes("random", cap: 5) == [
        "sweep.json: the parameters have 2 combinations, each tried once: 2 trials instead of 5"
      ])
    #expect(try notes("random", cap: 2).isEmpty && notes("bayes", cap: 5).isEmpty)
  }

  @Test func earlyTerminationOfOurOwn() throws {
    func termination(_ text: String) throws -> EarlyTermination? {
      try sweep(
        #"{"method": "random", "metric": {"name": "val_loss"}, "early_terminate": \#(text), "#
          + #""parameters": {"lr": {"value": 0.1}}}"#
      ).termination
    }
    #expect(
      try termination(#"{"type": "asha", "min_iter": 2, "eta": 3, "s": 1}"#)
        == .successiveHalving(SuccessiveHalving(first: 2, eta: 3, skipped: 1)))
    #expect(
      try termination(#"{"type": "median", "min_trials": 3, "min_iter": 2}"#)
        == .median(MedianStopping(startupCount: 3, firstEpoch: 2)))
  }
}
