import NN
import Support
import Tensor
import TestSupport
import Testing

@testable import Interchange

@Suite struct WeightMatchingTests {
  /// A convolution, a normalization and two dense layers.
  private func network(seed: UInt64, hidden: Int = 5) throws -> Model {
    let model = try Model(
      ModelDescription(
        name: "m",
        layers: [
          Conv2D(3, kernelSize: 3, padding: 1), BatchNorm(), Flatten(), Dense(.count(hidden)),
          Dense(.classes),
        ]), inputShape: [4, 4, 2], classes: 2, seed: seed, on: Device(threads: 1))
    for (index, tensor) in (model.parameters.map(\.value) + model.state.map(\.value)).enumerated() {
      tensor.assign(.random(tensor.shape, seed: seed + UInt64(index)))
    }
    return model
  }

  /// The tensors of a model in PyTorch's layout, under other names.
  private func file(_ model: Model, _ rename: (String) -> String) -> SafetensorsFile {
    SafetensorsFile(
      tensors: model.torchTensors(steps: 1).map {
        SafetensorsTensor(name: rename($0.name), dtype: $0.dtype, shape: $0.shape, bytes: $0.bytes)
      }.reversed())
  }

  /// `conv1.weight` as `0.weight`, with the layers' places of these.
  private func numbered(_ name: String, _ places: [String: String]) -> String {
    let (module, leaf) = WeightModule.parts(of: name)
    return "\(places[module] ?? module).\(leaf)"
  }

  private func expectEqual(_ a: Model, _ b: Model) {
    for (a, b) in zip(a.parameters, b.parameters) {
      #expect(bitMismatch(a.value, b.value) == nil, "\(a.name)")
    }
    for (a, b) in zip(a.state, b.state) {
      #expect(bitMismatch(a.value, b.value) == nil, "\(a.name)")
    }
  }

  @Test func onePrefixIsSeenThrough() throws {
    let (theirs, ours) = (try network(seed: 1), try network(seed: 2))
    let matching = try ours.loadMatching(file(theirs) { "module.model." + $0 })
    #expect(matching.evidence == .prefix("module.model."))
    #expect(matching.note == "weights: named as the model's behind 'module.model.'")
    expectEqual(theirs, ours)
  }

  @Test func ownNamesNeedNoWord() throws {
    let (theirs, ours) = (try network(seed: 1), try network(seed: 2))
    #expect(try ours.loadMatching(file(theirs) { $0 }).note == nil)
    expectEqual(theirs, ours)
  }

  @Test func twoPrefixesAreRefused() throws {
    let model = try network(seed: 1)
    var both = file(model) { "student." + $0 }
    both.tensors += file(model) { "teacher." + $0 }.tensors
    let error = #expect(throws: WeightMatchError.self) { try model.loadMatching(both) }
    #expect(
      error?.description
        == "safetensors: holds the model's weights 2 times, behind 'student.' and behind "
        + "'teacher.'; save those that are meant alone")
  }

  @Test func numbersAreOrderedByTheirValue() throws {
    let (theirs, ours) = (try network(seed: 1, hidden: 2), try network(seed: 2, hidden: 2))
    // As characters '10' is before '2'; both dense layers' biases fit either.
    let places = ["conv1": "0", "bn1": "1", "fc1": "2", "fc2": "10"]
    let matching = try ours.loadMatching(file(theirs) { numbered($0, places) })
    #expect(matching.layers.map(\.theirs) == ["0", "1", "2", "10"])
    #expect(
      matching.note
        == "weights: matched by order and shape: conv1 from '0', bn1 from '1', fc1 from '2', "
        + "fc2 from '10'")
    expectEqual(theirs, ours)
  }

  @Test func shapesOrderLayersOfOtherNames() throws {
    let (theirs, ours) = (try network(seed: 1), try network(seed: 2))
    let places = ["conv1": "stem", "bn1": "norm", "fc1": "head.1", "fc2": "head.4"]
    _ = try ours.loadMatching(file(theirs) { numbered($0, places) })
    expectEqual(theirs, ours)
  }

  @Test func whereTwoOrdersFitNoneIsTaken() throws {
    func twice(_ seed: UInt64) throws -> Model {
      try Model(
        ModelDescription(
          name: "m", layers: [Flatten(), Dense(.count(3)), Dense(.count(3)), Dense(.classes)]),
        inputShape: [1, 1, 3], classes: 2, seed: seed, on: Device(threads: 1))
    }
    let model = try twice(1)
    let before = model.parameters.map(\.value.values)
    let places = ["fc1": "first", "fc2": "second", "fc3": "out"]
    let error = #expect(throws: WeightMatchError.self) {
      try model.loadMatching(file(try twice(2)) { numbered($0, places) })
    }
    #expect(
      error?.description
        == "safetensors: both 'first' and 'second' may be layer 'fc1', by order and shape; name "
        + "the tensors as the model does ('fc1.weight')")
    #expect(model.parameters.map(\.value.values) == before)
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let places = ["conv1": "0", "bn1": "1", "fc1": "2", "fc2": "3"]
    let (theirs, ours) = (try network(seed: 1, hidden: 6), try network(seed: 2))
    let error = #expect(throws: WeightMatchError.self) {
      try ours.loadMatching(file(theirs) { numbered($0, places) })
    }
    #expect(
      error?.description
        == "safetensors: does not hold the weights of model 'm', neither by name nor by order and "
        + "shape: its layer 'fc1' needs weight [5, 48], bias [5], where the file has '2' with "
        + "weight [6, 48], bias [6]")
    var fewer = file(try network(seed: 1)) { numbered($0, places) }
    fewer.tensors.removeAll { $0.name.hasPrefix("3.") }
    #expect(
      #expect(throws: WeightMatchError.self) { try ours.loadMatching(fewer) }?.description
        .hasSuffix("its layer 'fc2' needs weight [2, 5], bias [2], and the file has no more")
        == true)
    var more = file(try network(seed: 1)) { numbered($0, places) }
    more.tensors.append(SafetensorsTensor(name: "4.weight", shape: [2], values: [Float(0), 0]))
    #expect(
      #expect(throws: WeightMatchError.self) { try ours.loadMatching(more) }?.description
        == "safetensors: holds more layers than model 'm', the first of them '4' with weight [2]")
  }

  @Test func kerasNamesMeanKerasLayout() throws {
    let (theirs, ours) = (try network(seed: 1), try network(seed: 2))
    let names = [
      "conv1.weight": "0.kernel", "conv1.bias": "0.bias", "bn1.weight": "1.gamma",
      "bn1.bias": "1.beta", "bn1.running_mean": "1.moving_mean",
      "bn1.running_var": "1.moving_variance", "fc1.weight": "3.kernel", "fc1.bias": "3.bias",
      "fc2.weight": "4.kernel", "fc2.bias": "4.bias",
    ]
    let tensors =
      theirs.parameters.map { ($0.name, $0.value) }
      + theirs.state.map { ($0.name, $0.value) }
    let keras = SafetensorsFile(
      tensors: tensors.map { name, value in
        SafetensorsTensor(name: names[name] ?? name, shape: value.shape.array, values: value.values)
      })
    #expect(try ours.loadMatching(keras).note?.contains("in Keras' layout: conv1 from '0'") == true)
    expectEqual(theirs, ours)
  }

  @Test func otherWidthsAreTakenAsFloats() throws {
    func floats(_ dtype: SafetensorsDType, _ bytes: [UInt8]) -> [Float]? {
      let count = bytes.count * 8 / dtype.bitCount
      return SafetensorsTensor(name: "a", dtype: dtype, shape: [count], bytes: bytes).floats
    }
    // 1, -2, the least subnormal, the greatest number, infinity; zero with its sign.
    let halves: [UInt8] = [0, 0x3C, 0, 0xC0, 1, 0, 0xFF, 0x7B, 0, 0x7C, 0, 0x80]
    #expect(floats(.f16, halves) == [1, -2, 0x1p-24, 65504, .infinity, 0])
    #expect(floats(.f16, halves)?.last?.sign == .minus)
    #expect(floats(.f16, [1, 0x7E])?[0].isNaN == true)
    #expect(floats(.bf16, [0x80, 0x3F, 0x20, 0xC1]) == [1, -10])
    let double = SafetensorsTensor(name: "a", shape: [1], values: [0.1])
    #expect(double.floats == [Float(0.1)])
    #expect(floats(.i32, [0, 0, 0, 0]) == nil)
  }
}

@Suite struct ForeignFormatTests {
  /// The start of a zip archive whose first member has this name.
  private func zip(_ name: String) -> [UInt8] {
    Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22)
      + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8) + [0, 0]
  }

  @Test func theFirstBytesSayWhatAFileIs() {
    #expect(ForeignFormat(zip("w/data.pkl")) == .torch)
    #expect(ForeignFormat([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]) == .torch)
    #expect(ForeignFormat(zip("metadata.json")) == .keras)
    #expect(ForeignFormat(zip("w.npy")) == .numPy)
    #expect(ForeignFormat(zip("photo.png")) == .zip)
    #expect(ForeignFormat([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) == .hdf5)
    #expect(ForeignFormat(Array("PAR1".utf8)) == .parquet)
    // A header of 640 bytes.
    #expect(ForeignFormat([0x80, 2, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]) == nil)
    #expect(ForeignFormat(SafetensorsFile().encoded()) == nil)
    #expect(ForeignFormat([]) == nil)
  }

  @Test func theSentenceHoldsTheConversion() {
    #expect(
      ForeignFileError(path: "a/it's.pt", format: .torch).description
        == "a/it's.pt: is PyTorch's weights (.pt), not safetensors; convert it with python3 -c "
        + "\"import torch, safetensors.torch as s; s.save_file({k: v.contiguous() for k, v in "
        + "torch.load('a/it\\'s.pt', map_location='cpu').items()}, 'a/it\\'s.safetensors')\"")
    #expect(
      ForeignFileError(path: "t", format: .parquet).description
        == "t: is a Parquet table, which holds no weights that can be taken; save them as "
        + "safetensors")
  }
}
