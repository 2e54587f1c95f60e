import Datasets
import Interchange
import NN
import Support
import Tensor
import Testing
import TestSupport

@testable import Training

@Suite struct CheckpointTests {
  private static let labels = ["a", "b", "ä \"\n"]

  private func model(_ layers: any LayerDescription..., seed: UInt64 = 1) throws -> Model {
    try Model(
      ModelDescription(name: "m", layers: layers), inputShape: [4, 5, 1], classes: 3, seed: seed,
      on: Device(threads: 1))
  }

  private func small() throws -> Model {
    try model(Flatten(), Dense(.count(4), bias: false), BatchNorm(), Dense(.classes))
  }

  /// Writes the checkpoint of a model.
  private func write(_ model: Model, to path: String) throws -> Checkpoint {
    let checkpoint = Checkpoint(
      model: model, classes: ClassTable(labels: Self.labels),
      normalization: Normalization(mean: 0.1 + 0.2, standardDeviation: 1 / 3),
      dataset: "letters", epoch: 3, step: 1234)
    try checkpoint.write(model, to: path)
    return checkpoint
  }

  @Test func everythingComesBack() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/c.safetensors"
      let model = try small()
      let written = try write(model, to: path)
      let (read, loaded) = try Checkpoint.read(path, on: Device(threads: 1))
      #expect(read.description.json == written.description.json)
      #expect(read.inputShape == [4, 5, 1])
      #expect(read.labels == Self.labels)
      // To the last bit, or pixels would not be what the model was trained on.
      #expect(read.normalization == written.normalization)
      #expect(read.dataset == "letters" && read.epoch == 3 && read.step == 1234)
      #expect(loaded.parameters.map(\.value.values) == model.parameters.map(\.value.values))
      #expect(loaded.state.map(\.value.values) == model.state.map(\.value.values))
    }
  }

  @Test func metadataIsOpenToOtherPrograms() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/c.safetensors"
      _ = try write(small(), to: path)
      let file = try SafetensorsFile.read(path: path)
      #expect(file[metadata: "format"] == "pt")
      #expect(file[metadata: "emnist.input"] == "[4,5,1]")
      #expect(file[metadata: "emnist.mean"] == "0.30000000000000004")
      #expect(file[metadata: "emnist.orientation"] == "upright")
      #expect(try file.values(named: "bn1.num_batches_tracked") == [Int64(1234)])
    }
  }

  /// The error of reading a checkpoint whose metadata has `value` for `key`, or no such key; the
  /// path is `P` in it.
  private func error(_ key: String, _ value: String?) throws -> (text: String, code: ExitCode?) {
    try withTemporaryDirectory { folder in
      let path = folder + "/c.safetensors"
      _ = try write(small(), to: path)
      var file = try SafetensorsFile.read(path: path)
      file.metadata.removeAll { [key, SafetensorsFile.checksumKey].contains($0.key) }
      if let value { file.metadata.append((key, value)) }
      try file.write(to: path)
      do {
        _ = try Checkpoint.read(path, on: Device(threads: 1))
        return ("no error", nil)
      } catch {
        return ("\(error)".replacing(path, with: "P"), (error as? any UserError)?.exitCode)
      }
    }
  }

  @Test(arguments: [
    "emnist.model", "emnist.input", "emnist.labels", "emnist.mean", "emnist.std",
    "emnist.dataset", "emnist.epoch", "emnist.step",
  ])
  func aMissingKeyIsNamed(key: String) throws {
    let error = try error(key, nil)
    #expect(
      error.text == "P: has no metadata '\(key)', so it is not a checkpoint that emnist wrote")
    #expect(error.code == .dataError)
  }

  @Test(arguments: [
    ("emnist.input", "[28,28]", "three extents"),
    ("emnist.input", "[28,28,\"x\",1]", "three extents"),
    ("emnist.input", "[28,0,1]", "three extents"),
    ("emnist.input", "[28,28,100000000000]", "three extents"),
    ("emnist.input", "3", "three extents"),
    ("emnist.labels", "[]", "class names"),
    ("emnist.labels", "[\"a\",2,\"b\",\"c\"]", "class names"),
    ("emnist.labels", "{}", "class names"),
    ("emnist.mean", "abc", "a number"),
    ("emnist.mean", "nan", "a number"),
    ("emnist.std", "0", "a number above 0"),
    ("emnist.std", "inf", "a number"),
    ("emnist.epoch", "three", "a number"),
    ("emnist.epoch", "9223372036854775807", "a count"),
    ("emnist.epoch", "-1", "a count"),
    ("emnist.step", "1e300", "a count"),
    ("emnist.step", "", "a number"),
  ])
  func aBadValueIsNamed(key: String, value: String, expected: String) throws {
    let error = try error(key, value)
    #expect(
      error.text
        == "P: metadata '\(key)' is not \(expected); the file is damaged or was edited")
    #expect(error.code == .dataError)
  }

  @Test(arguments: [
    (
      "[1", "P: emnist.model: line 1, column 3: found the end of the text, expected ',' or ']'"
    ),
    (
      "{}",
      "P: emnist.model: needs a key 'layers' with at least one layer"
    ),
    (
      #"{"layers":[{"type":"flatten"}]}"#,
      "P: model 'model': its last layer gives [20], but the data has 3 classes; "
        + "end it with {\"type\": \"dense\", \"units\": \"classes\"}"
    ),
  ])
  func aModelThatCannotBeBuiltIsBadData(json: String, expected: String) throws {
    let error = try error("emnist.model", json)
    #expect(error.text == expected)
    #expect(error.code == .dataError)
  }

  @Test func tensorsOfAnotherModelAreRefused() throws {
    let (wider, convolving) = (
      #"{"name":"m","layers":[{"type":"flatten"},{"type":"dense","units":7},"#
        + #"{"type":"dense","units":"classes"}]}"#,
      #"{"name":"m","layers":[{"type":"conv2d","filters":2,"kernel_size":3},"#
        + #"{"type":"flatten"},{"type":"dense","units":"classes"}]}"#
    )
    #expect(
      try error("emnist.model", wider).text
        == "P: tensor 'fc1.weight' has shape [4, 20], but model 'm' needs [7, 20]; "
        + "the file belongs to another model")
    #expect(
      try error("emnist.model", convolving).text
        == "P: no tensor is named 'conv1.weight', the nearest is 'bn1.weight'; "
        + "use the file of the same model")
    #expect(try error("emnist.model", convolving).code == .dataError)
  }

  @Test func aFileThatIsNotThereIsMissing() {
    #expect(throws: FileError.missing(path: "/nowhere/c.safetensors")) {
      _ = try Checkpoint.read("/nowhere/c.safetensors", on: Device(threads: 1))
    }
  }
}
