import Support
import Testing
import TestSupport

@testable import Configuration
@testable import Search
@testable import Studies

/// A sweep file in both its forms.
struct SweepForms: CustomTestStringConvertible, Sendable {
  let name: String
  let yaml: String
  let json: String
  var testDescription: String { name }

  static let all = [
    SweepForms(
      name: "bayes with hyperband, as for W&B",
      yaml: """
        # The search of the second week.
        program: train.py
        project: digits
        description: >
          Looks for a learning rate
          and a width.
        command:
          - ${env}
          - python3
          - ${program}
          - ${args}
        method: bayes
        metric:
          name: val_accuracy
          goal: maximize
          target: 0.99
        run_cap: 50
        early_terminate:
          type: hyperband
          max_iter: 27
          s: 2
          eta: 3
          strict: true
        parameters:
          epochs:
            value: 5
          optimizer:
            values: ["adam", 'sgd', adamw]
          dropout:
            values:
            - 0.3
            - 0.4   # W&B's own
            - 0.5
          lr:
            distribution: log_uniform_values
            min: 1e-4
            max: 1e-1
          batch_size: {distribution: q_log_uniform_values, q: 8, min: 32, max: 256}
          hidden: {min: 32, max: 512}
          weight_decay:
            min: 0.
            max: 0.1
        """,
      json: #"""
        {"program": "train.py", "project": "digits",
         "description": "Looks for a learning rate and a width.\n",
         "command": ["${env}", "python3", "${program}", "${args}"], "method": "bayes",
         "metric": {"name": "val_accuracy", "goal": "maximize", "target": 0.99}, "run_cap": 50,
         "early_terminate":
           {"type": "hyperband", "max_iter": 27, "s": 2, "eta": 3, "strict": true},
         "parameters": {
           "epochs": {"value": 5}, "optimizer": {"values": ["adam", "sgd", "adamw"]},
           "dropout": {"values": [0.3, 0.4, 0.5]},
           "lr": {"distribution": "log_uniform_values", "min": 1e-4, "max": 1e-1},
           "batch_size": {"distribution": "q_log_uniform_values", "q": 8, "min": 32, "max": 256},
           "hidden": {"min": 32, "max": 512}, "weight_decay": {"min": 0.0, "max": 0.1}}}
        """#),
    SweepForms(
      name: "a grid of nested parameters",
      yaml: """
        ---
        method: grid
        parameters:
          training:
            parameters:
              epochs: {value: 3}
              optimizer:
                parameters:
                  lr: {values: [0.1, 0.2]}
          net.hidden:
            values:
              - [512, 256]
              - [128]
              -
                - 64
          model: {value: mlp}
        """,
      json: """
        {"method": "grid", "parameters": {
          "training": {"parameters": {"epochs": {"value": 3},
            "optimizer": {"parameters": {"lr": {"values": [0.1, 0.2]}}}}},
          "net.hidden": {"values": [[512, 256], [128], [64]]}, "model": {"value": "mlp"}}}
        """),
    SweepForms(
      name: "choices that hold parameters, and our own object",
      yaml: """
        method: random
        metric: {name: val_loss}
        parameters:
          optimizer:
            values:
              - adam
              - value: sgd
                parameters:
                  momentum: {min: 0.5, max: 0.99}
                  nesterov: {values: [true, false]}
            probabilities: [0.25, 0.75]
          weight_decay:
            values: [0, {distribution: log_uniform_values, min: 1e-5, max: 1e-2}]
          clip_norm: {distribution: normal, mu: 1, sigma: .1}
        early_terminate: {type: asha, min_iter: 2}
        emnist:
          dataset: digits
          trials: 40
          max_time: 1h
          base: {hidden: [16], epochs: 2}
        """,
      json: """
        {"method": "random", "metric": {"name": "val_loss"}, "parameters": {
          "optimizer": {"values": ["adam", {"value": "sgd", "parameters": {
            "momentum": {"min": 0.5, "max": 0.99}, "nesterov": {"values": [true, false]}}}],
            "probabilities": [0.25, 0.75]},
          "weight_decay": {"values": [0, {"distribution": "log_uniform_values",
            "min": 1e-5, "max": 1e-2}]},
          "clip_norm": {"distribution": "normal", "mu": 1, "sigma": 0.1}},
          "early_terminate": {"type": "asha", "min_iter": 2},
          "emnist": {"dataset": "digits", "trials": 40, "max_time": "1h",
            "base": {"hidden": [16], "epochs": 2}}}
        """),
  ]
}

@Suite struct SweepYAMLTests {
  @Test(arguments: SweepForms.all) func yamlAndJSONAreTheSameSweep(_ forms: SweepForms) throws {
    let yaml = try JSONValue(parsingYAML: Array(forms.yaml.utf8), path: "sweep")
    let json = try JSONValue(parsing: Array(forms.json.utf8), path: "sweep")
    #expect(yaml.text() == json.text())
    #expect(try SweepFile(yaml, path: "sweep") == SweepFile(json, path: "sweep"))
  }

  /// As `1` and `1.0` in JSON.
  @Test(arguments: [
    ("min: 1, max: 5", SearchDistribution.integers(1...5)),
    ("min: 1.0, max: 5", .continuous(.uniform(1...5))),
    ("min: 1., max: 5", .continuous(.uniform(1...5))),
    ("min: 1, max: 5e0", .continuous(.uniform(1...5))),
    ("values: [1, 2.0]", .choices([1, 2.0])),
  ])
  func howANumberIsWrittenDecides(form: String, expected: SearchDistribution) throws {
    let text = "method: random\nparameters: {weight_decay: {\(form)}}"
    let file = try SweepFile(
      JSONValue(parsingYAML: Array(text.utf8), path: "sweep.yaml"), path: "sweep.yaml")
    #expect(file.space.parameters.map(\.distribution) == [expected])
  }

  @Test func aFileInYAMLMayNameABaseInYAML() throws {
    try withTemporaryDirectory { directory in
      try AtomicFile.write(text: "epochs: 3\n", to: directory + "/base.yml")
      let path = directory + "/sweep.yaml"
      try AtomicFile.write(
        text: "method: grid\nparameters:\n  lr: {value: 1}\nemnist: {base: base.yml}\n", to: path)
      let sweep = try SweepFile(path: path)
      #expect(sweep.settings.base == ["epochs": 3])
      // The copy that a study keeps is in JSON, and the same sweep.
      let copy = SweepFile.path(in: directory)
      try AtomicFile.write(text: JSONValue.object(sweep.json).text(pretty: true), to: copy)
      #expect(try SweepFile(path: copy).identity == sweep.identity)
    }
  }

  @Test func errorsNameTheKeyAsInJSON() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/sweep.yaml"
      func sentence(for text: String) -> String {
        message {
          try AtomicFile.write(text: text, to: path)
          _ = try SweepFile(path: path)
        }
      }
      #expect(
        sentence(for: "method: random\nparameters:\n  lr: {min: 0.2, max: 0.1}\n")
          == "\(path): line 3: 'parameters.lr.min' must be below max, but min is 0.2 and max 0.1")
      #expect(
        sentence(for: "method: bayes\nmetric:\n  name: val_loss\n   goal: minimize\n")
          == "\(path): line 4, column 4: indented by 3 spaces, but the lines above by 2; "
          + "indent it as those it belongs to")
      // YAML 1.1 took it for a truth value.
      #expect(
        sentence(
          for: "method: random\nmetric: {name: val_loss}\nparameters:\n  lr: {value: 1}\n"
            + "early_terminate: {type: hyperband, min_iter: 3, strict: yes}\n")
          == "\(path): line 5: 'early_terminate.strict' must be true or false, got \"yes\"")
    }
  }
}

@Suite struct SweepMetricNameTests {
  private func sweep(metric: String) throws -> SweepFile {
    try SweepFile(
      [
        "method": "bayes", "metric": ["name": .string(metric), "goal": "maximize"],
        "parameters": ["lr": ["value": 1]],
      ], path: "sweep.json")
  }

  @Test(arguments: [
    ("val_loss", MonitoredMetric.valLoss), ("validation_loss", .valLoss), ("val/loss", .valLoss),
    ("valid_loss", .valLoss), ("Validation Loss", .valLoss), ("valLoss", .valLoss),
    ("loss", .valLoss), ("eval_loss", .valLoss), ("epoch/val_loss", .valLoss),
    ("best_val_loss", .valLoss), ("Loss/val", .valLoss), ("val_accuracy", .valAccuracy),
    ("val_acc", .valAccuracy), ("validation-accuracy", .valAccuracy), ("acc", .valAccuracy),
    ("val/avg_loss", .valLoss), ("val_eval_loss", .valLoss), ("cv_accuracy_mean", .valAccuracy),
    ("val.accuracy", .valAccuracy), ("accuracy", .valAccuracy), ("Val/Acc", .valAccuracy),
  ])
  func whatOthersCallAMetricIsTakenForIt(name: String, metric: MonitoredMetric) throws {
    let file = try sweep(metric: name)
    let plain = try sweep(metric: metric.rawValue)
    #expect(file.metric == SweepMetric(metric, goal: .maximize))
    // Another spelling is no other study.
    #expect(file.identity == plain.identity)
    let isPlain = name == metric.rawValue
    #expect(
      file.notes
        == (isPlain ? [] : ["sweep.json: 'metric.name': '\(name)' is taken for \(metric.rawValue)"])
    )
  }

  @Test(arguments: [
    (
      "test_loss",
      "is 'test_loss', but a trial is chosen on validation, never on test; write val_loss"
    ),
    (
      "Test/Accuracy",
      "is 'Test/Accuracy', but a trial is chosen on validation, never on test; write val_accuracy"
    ),
    (
      "train_acc",
      "is 'train_acc', but a trial is chosen on validation, never on training; write val_accuracy"
    ),
    (
      "validation_los",
      "is 'validation_los', which is unknown; did you mean 'val_loss'? "
        + "choose val_loss or val_accuracy"
    ),
    (
      "Accuracy (val)!x",
      "is 'Accuracy (val)!x', which is unknown; did you mean 'val_accuracy'? "
        + "choose val_loss or val_accuracy"
    ),
    ("f1_macro", "is 'f1_macro', which is unknown; choose val_loss or val_accuracy"),
    ("", "is '', which is unknown; choose val_loss or val_accuracy"),
  ])
  func otherMetricsAreRefused(name: String, expected: String) {
    #expect(
      message { _ = try sweep(metric: name) } == "sweep.json: 'metric.name' " + expected)
  }

  @Test func accuracyByAnyNameIsMaximizedWithoutAGoal() throws {
    let file = try SweepFile(
      ["method": "random", "metric": ["name": "acc"], "parameters": ["lr": ["value": 1]]],
      path: "sweep.json")
    #expect(
      file.notes == [
        "sweep.json: 'metric.name': 'acc' is taken for val_accuracy",
        "sweep.json: 'metric.goal' is not given, so val_accuracy is maximized",
      ])
  }
}
