import Foundation
import NN
import Support
import Testing
import TestSupport

@testable import Configuration

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
      "unknown optimizer 'adm'; did you mean 'adam'? choose sgd, rmsprop, adagrad, adam, adamw "
        + "or muon"
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
      "EMNIST_OPTIMIZER: unknown optimizer 'adm'; did you mean 'adam'? choose sgd, rmsprop, adagrad, "
        + "adam, adamw or muon"
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
    (#"{"optimizer": 3}"#, "'optimizer' must be sgd, rmsprop, adagrad, adam, adamw or muon, got 3"),
    (
      #"{"optimizer": "adm"}"#,
      "unknown optimizer 'adm'; did you mean 'adam'? choose sgd, rmsprop, adagrad, "
        + "adam, adamw or muon"
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
}
