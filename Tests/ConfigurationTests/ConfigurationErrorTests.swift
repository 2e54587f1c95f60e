import Foundation
import NN
import Support
import Testing
import TestSupport

@testable import Configuration

private let optimizers = OptimizerDescriptor.all.map(\.name).asChoices

@Suite struct ConfigurationErrorTests {
  @Test(arguments: [
    ("epochs", "0", "--epochs must be at least 1, got 0"),
    ("epochs", "ten", "--epochs must be a whole number, got 'ten'"),
    ("epochs", "", "--epochs must be a whole number, got ''"),
    ("threads", "257", "--threads must be from 1 to 256, got 257"),
    ("lr", "0", "--lr must be above 0, got 0"),
    ("lr", "nan", "--lr must be a number, got 'nan'"),
    ("dropout", "1", "--dropout must be at least 0 and below 1, got 1"),
    ("weight_decay", "-1", "--weight-decay must be at least 0, got -1"),
    (
      "val_split", "1.5",
      "--val-split must be a share at least 0 and below 1, or 'reserved', got '1.5'"
    ),
    (
      "hidden", "512,,3",
      "--hidden must be whole numbers from 1 to 65536, as in 512,256, got '512,,3'"
    ),
    ("max_time", "5x", "--max-time must be a time above 0 such as 90s, 2m or 1h, got '5x'"),
    ("max_time", "0", "--max-time must be a time above 0 such as 90s, 2m or 1h, got '0'"),
    ("seed", "-1", "--seed must be a whole number from 0 to 18446744073709551615, got '-1'"),
    ("data", "", "--data must be a directory, got ''"),
    (
      "optimizer", "adm",
      "unknown optimizer 'adm'; did you mean 'adam'? choose "
        + optimizers
    ),
    (
      "scheduler", "xyz",
      "unknown scheduler 'xyz'; choose constant, step, multi_step, exponential, inverse_time, "
        + "polynomial, cosine, one_cycle or plateau"
    ),
    (
      "model", "cnm",
      "unknown model 'cnm'; did you mean 'cnn'? "
        + "choose \(ModelPreset.all.map(\.name).joined(separator: ", ")) or a FILE.json"
    ),
  ])
  func aFlagIsNamed(option: String, word: String, expected: String) {
    var layers = LayeredConfiguration()
    #expect(message { try layers.layFlag(.known(option), word) } == expected)
  }

  @Test(arguments: [
    ("EMNIST_EPOCHS", "0", "EMNIST_EPOCHS must be at least 1, got 0"),
    ("EMNIST_FORCE", "maybe", "EMNIST_FORCE must be true or false, got 'maybe'"),
    (
      "EMNIST_OPTIMIZER", "adm",
      "EMNIST_OPTIMIZER: unknown optimizer 'adm'; did you mean 'adam'? choose "
        + optimizers
    ),
  ])
  func aVariableIsNamed(variable: String, word: String, expected: String) {
    var layers = LayeredConfiguration()
    #expect(message { try layers.layEnvironment([variable: word]) } == expected)
  }

  @Test(arguments: [
    (#"{"epochs": 0}"#, "'epochs' must be at least 1, got 0"),
    (#"{"epochs": "10"}"#, #"'epochs' must be a whole number, got "10""#),
    (#"{"epochs": 1.5}"#, "'epochs' must be a whole number, got 1.5"),
    (
      #"{"hidden": [512, 0]}"#,
      "'hidden' must be whole numbers from 1 to 65536, as in 512,256, got [512,0]"
    ),
    (#"{"optimizer": 3}"#, "'optimizer' must be \(optimizers), got 3"),
    (
      #"{"optimizer": "adm"}"#,
      "unknown optimizer 'adm'; did you mean 'adam'? choose "
        + optimizers
    ),
    (#"{"epocs": 3}"#, "unknown key 'epocs'; did you mean 'epochs'?"),
    (#"{"batch-size": 3}"#, "unknown key 'batch-size'; did you mean 'batch_size'?"),
    (#"{"qqqq": 3}"#, "unknown key 'qqqq'"),
    ("[1]", #"must hold one JSON object of options, as in {"epochs": 5}"#),
  ])
  func aFileAndItsKeyAreNamed(content: String, expected: String) throws {
    try withTemporaryFile(content) { path in
      var layers = LayeredConfiguration()
      #expect(message { try layers.layFile(path) } == "\(path): \(expected)")
    }
  }

  @Test func exitCodesTellTheCommandLineFromConfiguration() {
    func code(_ location: ValueLocation) -> ExitCode {
      ConfigurationError.invalidValue(location, got: .text("0"), .outOfBounds("above 0")).exitCode
    }
    #expect(code(.flag("--lr")) == .usage)
    #expect(code(.environment("EMNIST_LR")) == .configuration)
    #expect(code(.file(path: "f.json", key: "lr")) == .configuration)
    #expect(code(.recipe(name: "cnn", key: "lr")) == .software)
    #expect(
      ConfigurationError.unknownKey("a", path: "f", nearest: nil).exitCode == .configuration)
  }

  @Test func aMissingFileIsMissingInput() {
    var layers = LayeredConfiguration()
    #expect(throws: FileError.missing(path: "/nowhere/f.json")) {
      try layers.layFile("/nowhere/f.json")
    }
  }

  /// Beyond these a product or a sum could not be counted, or not be held.
  @Test(arguments: [
    ("epochs", "9223372036854775807", "--epochs must be at most 1000000, got 9223372036854775807"),
    (
      "accumulate", "4611686018427387904",
      "--accumulate must be from 1 to 65536, got 4611686018427387904"
    ),
    ("patience", "1000001", "--patience must be at most 1000000, got 1000001"),
    ("limit", "2147483648", "--limit must be at most 2147483647, got 2147483648"),
    ("max_steps", "1000000000001", "--max-steps must be at most 1000000000000, got 1000000000001"),
    ("overfit_batches", "1000001", "--overfit-batches must be at most 1000000, got 1000001"),
    ("max_time", "1e300", "--max-time must be at most 100000h, got 1e300"),
    ("max_time", "100001h", "--max-time must be at most 100000h, got 100001h"),
    ("lr", "1e300", "--lr must be at most 1e+30, got 1e300"),
    ("weight_decay", "1e31", "--weight-decay must be at most 1e+30, got 1e31"),
    (
      "lr_milestones", "5,1e300",
      "--lr-milestones must be numbers above 0 and at most 1e+30, as in 5,7.5, got '5,1e300'"
    ),
    (
      "class_weights", "1,1e300",
      "--class-weights must be 'balanced', or a number for each class as in 1,0.5,2, "
        + "got '1,1e300'"
    ),
  ])
  func everyNumberHasAnUpperBound(option: String, word: String, expected: String) {
    var layers = LayeredConfiguration()
    #expect(message { try layers.layFlag(.known(option), word) } == expected)
  }

  @Test func noNumberOfAnyOptionIsWithoutBounds() {
    func takes(_ option: ConfigurationOption, _ value: JSONValue) -> Bool {
      var scratch = TrainingConfiguration()
      return (try? option.set(&scratch, to: .json(value), at: .file(path: "", key: option.name)))
        != nil
    }
    let numbers = ConfigurationOption.all.filter { option in
      [.integer(1), .number(0.75), [2]].contains { takes(option, $0) }
    }
    #expect(numbers.count > 50)
    for option in numbers where option.name != "seed" {
      for number in [1e300, -1e300] {
        #expect(!takes(option, .number(number)), "\(option.name)")
        #expect(!takes(option, [.number(number)]), "\(option.name)")
      }
    }
  }
}
