import NN
import Foundation
import Support
import Testing
import TestSupport

@testable import Configuration

/// A word for each option that is not its default, and the JSON that means the same.
private let samples: [(name: String, word: String, json: JSONValue)] = [
  ("dataset", "letters", "letters"),
  ("data", "/tmp/d", "/tmp/d"),
  ("train_images", "a", "a"),
  ("train_labels", "b", "b"),
  ("test_images", "c", "c"),
  ("test_labels", "d", "d"),
  ("mapping", "m.txt", "m.txt"),
  ("transpose", "false", false),
  ("label_column", "class", "class"),
  ("image_size", "20x30", "20x30"),
  ("limit", "1000", 1000),
  ("limit_test", "500", 500),
  ("test_split", "0.15", 0.15),
  ("val_split", "0.25", 0.25),
  ("model", "net.json", "net.json"),
  ("hidden", "512,256,128", [512, 256, 128]),
  ("filters", "32,64", [32, 64]),
  ("kernel_size", "5", 5),
  ("activation", "leaky_relu", "leaky_relu"),
  ("negative_slope", "0.2", 0.2),
  ("elu_alpha", "0.5", 0.5),
  ("dropout", "0.5", 0.5),
  ("spatial_dropout", "0.1", 0.1),
  ("drop_path", "0.2", 0.2),
  ("batch_norm", "true", true),
  ("norm", "group", "group"),
  ("norm_groups", "4", 4),
  ("batch_norm_momentum", "0.2", 0.2),
  ("batch_norm_epsilon", "0.001", 0.001),
  ("batch_norm_frozen", "true", true),
  ("init", "glorot", "glorot"),
  ("init_from", "w.safetensors", "w.safetensors"),
  ("epochs", "7", 7),
  ("batch_size", "128", 128),
  ("label_smoothing", "0.1", 0.1),
  ("patience", "5", 5),
  ("monitor", "val_accuracy", "val_accuracy"),
  ("shuffle", "false", false),
  ("max_time", "90s", 90.0),
  ("max_steps", "100", 100),
  ("optimizer", "sgd", "sgd"),
  ("lr", "0.001", 0.001),
  ("momentum", "0.9", 0.9),
  ("nesterov", "true", true),
  ("rho", "0.95", 0.95),
  ("beta1", "0.8", 0.8),
  ("beta2", "0.99", 0.99),
  ("momentum_decay", "0.01", 0.01),
  ("epsilon", "1e-07", 1e-07),
  ("weight_decay", "0.0005", 0.0005),
  ("scheduler", "cosine", "cosine"),
  ("warmup_epochs", "1.5", 1.5),
  ("lr_decay", "0.3", 0.3),
  ("lr_period", "2.5", 2.5),
  ("lr_milestones", "5.0,7.5", [5.0, 7.5]),
  ("lr_power", "2.0", 2.0),
  ("lr_min", "0.0001", 0.0001),
  ("lr_restarts", "3", 3),
  ("lr_restart_growth", "2", 2),
  ("one_cycle_rise", "0.4", 0.4),
  ("one_cycle_start", "10.0", 10.0),
  ("one_cycle_end", "100.0", 100.0),
  ("plateau_patience", "4", 4),
  ("plateau_threshold", "0.01", 0.01),
  ("l1", "1e-05", 1e-05),
  ("l2", "0.0002", 0.0002),
  ("clip_norm", "1.0", 1.0),
  ("clip_value", "0.5", 0.5),
  ("ema", "0.999", 0.999),
  ("loss", "focal", "focal"),
  ("focal_gamma", "1.5", 1.5),
  ("class_weights", "1.0,0.5", [1.0, 0.5]),
  ("mixup", "0.2", 0.2),
  ("cutmix", "1.0", 1.0),
  ("accumulate", "4", 4),
  ("overfit_batches", "3", 3),
  ("folds", "5", 5),
  ("repeats", "4", 4),
  ("on_divergence", "restore", "restore"),
  ("augment", "heavy", "heavy"),
  ("augment_shift", "1.5", 1.5),
  ("augment_rotate", "12.0", 12.0),
  ("augment_scale", "0.1", 0.1),
  ("augment_shear", "0.2", 0.2),
  ("augment_perspective", "0.3", 0.3),
  ("augment_elastic", "34.0", 34.0),
  ("augment_elastic_sigma", "3.0", 3.0),
  ("augment_thickness", "0.5", 0.5),
  ("augment_noise", "0.05", 0.05),
  ("augment_erase", "0.25", 0.25),
  ("augment_probability", "0.7", 0.7),
  ("augment_until", "0.9", 0.9),
  ("seed", "42", 42),
  ("split_seed", "7", 7),
  ("threads", "2", 2),
  ("convolution", "direct", "direct"),
  ("out", "o", "o"),
  ("name", "n", "n"),
  ("force", "true", true),
  ("log_steps", "true", true),
  ("fast_dev_run", "true", true),
]

/// A configuration in which every option was given.
private func everythingGiven() throws -> LayeredConfiguration {
  var layers = LayeredConfiguration()
  for sample in samples { try layers.layFlag(.known(sample.name), sample.word) }
  return layers
}

/// The fields of a structure, those of structures in it included. A choice is one value; the settings
/// are none: each stands in a list of its own.
private func fieldCount(of value: Any) -> Int {
  Mirror(reflecting: value).children.reduce(0) { count, child in
    if child.value is Settings { return count }
    let isStructure =
      Mirror(reflecting: child.value).displayStyle == .struct && !(child.value is any Choice)
    return count + (isStructure ? fieldCount(of: child.value) : 1)
  }
}

@Suite struct ConfigurationOptionTests {
  @Test func everyOptionHasASample() {
    #expect(ConfigurationOption.all.map(\.name) == samples.map(\.name))
  }

  @Test func everyFieldBelongsToAnOption() {
    let settings =
      ShapingOption.all.count + OptimizerDescriptor.settings.count
      + ScheduleDescriptor.settings.count + LossDescriptor.settings.count
    #expect(ConfigurationOption.all.count == fieldCount(of: TrainingConfiguration()) + settings)
  }

  @Test func everyOptionReadsItsWordAndItsJSON() throws {
    for sample in samples {
      let option = ConfigurationOption.known(sample.name)
      var fromWord = TrainingConfiguration()
      var fromJSON = TrainingConfiguration()
      try option.set(&fromWord, to: .text(sample.word), at: .flag(option.flag))
      try option.set(&fromJSON, to: .json(sample.json), at: .flag(option.flag))
      #expect(fromWord == fromJSON, "\(sample.name)")
      #expect(fromWord != TrainingConfiguration(), "\(sample.name)")
      #expect(option.json(in: fromWord) == sample.json)
      #expect(option.text(in: fromWord) == sample.word)
    }
  }

  @Test func everyDefaultIsAcceptedAsAValue() throws {
    let untouched = TrainingConfiguration()
    var copy = untouched
    for option in ConfigurationOption.all {
      guard let word = option.text(in: untouched) else { continue }
      try option.set(&copy, to: .text(word), at: .flag(option.flag))
      try option.set(&copy, to: .json(option.json(in: untouched)), at: .flag(option.flag))
    }
    #expect(copy == untouched)
  }

  @Test func namesBecomeFlagsAndVariables() {
    let option = ConfigurationOption.known("val_split")
    #expect(option.flag == "--val-split")
    #expect(option.variable == "EMNIST_VAL_SPLIT")
    #expect(ConfigurationOption.named("epocs") == nil)
  }

  @Test(arguments: [("90", 90), ("90s", 90), ("2m", 120), ("1.5h", 5400), ("1h30m", 5400)])
  func timesHaveUnits(word: String, seconds: Double) throws {
    #expect(try ValueKind<Double>.seconds.value(.text(word), at: .flag("--t")) == seconds)
  }

  @Test func seedsBeyond63BitsSurviveJSON() throws {
    let json = ValueKind<UInt64>.seed.json(.max)
    #expect(json == "18446744073709551615")
    #expect(try ValueKind<UInt64>.seed.value(.json(json), at: .flag("--seed")) == .max)
  }

  @Test func wholeNumbersMayBeWrittenAsFloatsInJSON() throws {
    let kind = ValueKind<Int>.wholeNumber(atLeast: 1)
    #expect(try kind.value(.json(.number(64)), at: .flag("--n")) == 64)
  }

  @Test func reservedIsAValidationSplit() throws {
    let kind = ValueKind<ValidationSplit>.validationSplit
    #expect(try kind.value(.text("reserved"), at: .flag("--val-split")) == .reserved)
    #expect(kind.json(.reserved) == "reserved")
  }
}

@Suite struct LayeredConfigurationTests {
  @Test func flagsWinOverTheEnvironmentWhichWinsOverFilesWhichWinOverRecipes() throws {
    var layers = LayeredConfiguration()
    try withTemporaryFile(#"{"epochs": 1, "batch_size": 1, "lr": 0.1}"#) {
      try layers.layFile($0)
    }
    try layers.layEnvironment(["EMNIST_EPOCHS": "2", "EMNIST_BATCH_SIZE": "2", "EMNIST_LR": ""])
    try layers.layFlag(.known("epochs"), "3")
    let recipe = Recipe(
      name: "cnn", values: ["epochs": 4, "batch_size": 4, "lr": 0.4, "dropout": 0.4])
    let resolved = try layers.resolved(with: recipe)

    #expect(resolved.configuration.epochs == 3)
    #expect(resolved.configuration.batchSize == 2)
    #expect(resolved.configuration.settings[.learningRate] == 0.1)
    #expect(ConfigurationOption.known("dropout").json(in: resolved.configuration) == 0.4)
    #expect(resolved.configuration.model == "cnn")
    let names = ["epochs", "batch_size", "lr", "dropout", "model"]
    #expect(
      names.map { resolved.sources[$0] } == [.flag, .environment, .file, .recipe, .default])
  }

  @Test func aLayerOverAnotherReplacesOnlyWhatItWasGiven() throws {
    var run = try everythingGiven()
    var overrides = LayeredConfiguration()
    try overrides.layEnvironment(["EMNIST_LIMIT": "5"])
    run.lay(overrides)
    #expect(run.configuration.limit == 5)
    #expect(run.configuration.epochs == 7)
    #expect(run.sources["limit"] == .environment)
    #expect(run.sources["epochs"] == .flag)
  }

  @Test func variablesOfOtherOptionsAreLeftAlone() throws {
    var layers = LayeredConfiguration()
    try layers.layEnvironment(["EMNIST_LR": "x"], for: [.known("threads")])
    #expect(layers == LayeredConfiguration())
  }

  @Test func configJSONReadsBackAsTheSameConfiguration() throws {
    let written = try everythingGiven()
    var read = LayeredConfiguration()
    try withTemporaryFile(JSONValue.object(written.json).text(pretty: true)) {
      try read.layFile($0)
    }
    #expect(read.configuration == written.configuration)
    #expect(read.sources["epochs"] == .file)
  }

  @Test func aConfigurationMayBeWrittenInYAML() throws {
    var read = LayeredConfiguration()
    try withTemporaryDirectory { directory in
      let path = directory + "/short.yaml"
      try AtomicFile.write(text: "epochs: 7  # short\nlr: 1e-3\nhidden:\n- 64\n- 32\n", to: path)
      try read.layFile(path)
    }
    #expect(read.configuration.epochs == 7)
    #expect(read.configuration.settings[.learningRate] == 1e-3)
    #expect(ConfigurationOption.known("hidden").json(in: read.configuration) == [64, 32])
  }

  @Test func configJSONOfAnUntouchedConfigurationReadsBackToo() throws {
    var read = LayeredConfiguration()
    let json = LayeredConfiguration().json
    try withTemporaryFile(JSONValue.object(json).text()) { try read.layFile($0) }
    #expect(read.configuration == TrainingConfiguration())
    #expect(read.sources["epochs"] == .default)
  }

  @Test func configJSONSaysWhoDecided() throws {
    var layers = LayeredConfiguration()
    try layers.layFlag(.known("epochs"), "3")
    let json = layers.json
    #expect(json["schema"] == 1)
    #expect(json["epochs"] == 3)
    #expect(json["limit"] == .null)
    #expect(json["sources"]?["epochs"] == "flag")
    #expect(json["sources"]?["limit"] == "default")
    #expect(json.keys == ["schema"] + ConfigurationOption.all.map(\.name) + ["sources"])
  }

  @Test func theTableShowsEveryOptionAligned() throws {
    var layers = LayeredConfiguration()
    try layers.layFlag(.known("hidden"), "512,256")
    let lines = layers.table.split(separator: "\n").map(String.init)
    #expect(lines.count == 1 + ConfigurationOption.all.count)
    let width = ConfigurationOption.all.map(\.name.count).max() ?? 0
    func line(_ cells: String...) -> String {
      let value = cells[1].padded(right: "val_accuracy_then_loss".count)
      return "\(cells[0].padded(right: width))  \(value)  \(cells[2])"
    }
    #expect(lines[0] == line("option", "value", "source"))
    #expect(lines[1] == line("dataset", "-", "default"))
    let hidden = lines.first { $0.hasPrefix("hidden ") }
    #expect(hidden == line("hidden", "512,256", "flag"))
  }

  @Test func imagesWithoutLabelsAreRefused() throws {
    var layers = LayeredConfiguration()
    try layers.layEnvironment(["EMNIST_TEST_LABELS": "l"])
    #expect(
      message { try layers.validate() }
        == "EMNIST_TEST_LABELS is of use only together with --test-images; give both")
  }

  @Test func patienceWithoutValidationImagesIsRefused() throws {
    var layers = LayeredConfiguration()
    try layers.layFlag(.known("val_split"), "0")
    try layers.resolved(with: Recipe(name: "cnn", values: ["patience": 3])).validate()
    try layers.layFlag(.known("patience"), "3")
    #expect(
      message { try layers.validate() }
        == "--patience needs validation images, but --val-split is 0; give a share such as 0.1")
  }
}
