import NN
import Support
import Tensor
import TestSupport
import Testing

@testable import Interchange

@Suite struct QuantizationTests {
  @Test func aSumIsMultipliedExactlyAndHalvesGoUp() {
    #expect(Requantization(0.5) == Requantization(multiplier: 1 << 30, shift: 31))
    let half = Requantization(0.5)
    #expect(
      [-3, -2, -1, 0, 1, 2, 3].map { half.apply($0, zeroPoint: 0) } == [-1, -1, 0, 0, 1, 1, 2])
    #expect(half.apply(1000, zeroPoint: 0) == 127 && half.apply(-1000, zeroPoint: 5) == -128)
    // The nearest factor below 1 rounds up to it.
    #expect(Requantization(1.0.nextDown) == Requantization(multiplier: 1 << 30, shift: 30))
  }

  /// A model's network, in whole numbers too, calibrated on some images; `nil` if that is refused.
  private func network(_ example: ExportCase) throws -> (ExportedNetwork, Model)? {
    let model = try example.model()
    var network = try ExportCase.network(model)
    let ranges = ActivationRanges(of: network.graph, on: ExportCase.images(3))
    do {
      network.quantized = try QuantizedGraph(network.graph, ranges)
    } catch let error as ExportError {
      #expect(error.exitCode == .dataError)
      return nil
    }
    return (network, model)
  }

  @Test(arguments: ExportCase.all)
  func wholeNumbersAreNearTheModel(_ example: ExportCase) throws {
    guard let (network, model) = try network(example), let graph = network.quantized else { return }
    for pixels in ExportCase.images(1) {
      let (found, wanted) = (
        QuantizedEvaluator(graph).logits(of: pixels), ExportCase.logits(model, pixels)
      )
      let range = (wanted.max() ?? 0) - (wanted.min() ?? 0)
      // Random networks of up to ten layers; each of some hundred roundings errs by half a step.
      for (a, b) in zip(found, wanted) { #expect(abs(a - b) < 0.15 * max(1, range)) }
    }
  }

  @Test(arguments: ExportCase.all)
  func kernelsGiveTheDefinitionsBits(_ example: ExportCase) throws {
    guard let (network, _) = try network(example), let graph = network.quantized else { return }
    // Whole pixels, and the images of two batches.
    let images = ExportCase.images(3).map { $0.map { UInt8($0) } }
    let pixels = Array(repeatElement(images.joined(), count: 7).joined())
    let wanted = images.flatMap { QuantizedEvaluator(graph).logits(of: $0.map { Float($0) }) }
    for level in ByteLevel.usable {
      let plan = QuantizedPlan(graph, on: Device(threads: 2, byteLevel: level))
      let found = plan.logits(of: pixels)
      #expect(found == Array(repeatElement(wanted, count: 7).joined()), "\(level)")
    }
  }

  @Test func whatIsJoinedHasOneScaleFromTheStart() throws {
    let example = try #require(ExportCase.all.first { $0.testDescription == "densenet as it is" })
    let graph = try #require(try network(example)?.0.quantized)
    var joined = 0
    for node in graph.nodes {
      if case .table(_, nil) = node.operation { Issue.record("\(node.name) is scaled again") }
      guard case .concatenate = node.operation else { continue }
      joined += 1
      for input in node.inputs.map({ graph.nodes[$0] }) {
        #expect(input.scale == node.scale && input.zeroPoint == node.zeroPoint, "\(input.name)")
      }
    }
    #expect(joined == 5)
  }

  @Test func aFixedScaleIsChangedWhereItIsJoined() throws {
    let example = try #require(ExportCase.all.first { $0.testDescription == "joined tanh" })
    let graph = try #require(try network(example)?.0.quantized)
    let scaled = graph.nodes.filter {
      if case .table(_, nil) = $0.operation { true } else { false }
    }
    #expect(scaled.map(\.name) == ["concat1.part2"])
  }

  @Test(
    arguments: [
      ([-3, -3, -3, -1], -3), ([-3, -3, -2, -2], -3), ([-3, -2, -2, -2], -2), ([1, 1, 2, 2], 2),
      ([2, 2, 2, 3], 2), ([-128, -128, -128, -128], -128), ([127, 127, 127, 127], 127),
    ] as [([Int8], Int8)])
  func aMeanOfPixelsRoundsHalvesAwayFromZero(_ pixels: [Int8], _ mean: Int8) {
    let image = QuantizedNode(
      name: "image", operation: .image, inputs: [], shape: [2, 2, 1], scale: 1, zeroPoint: 0,
      source: 0)
    let pool = QuantizedNode(
      name: "pool", operation: .averagePool(size: 2, stride: 2), inputs: [0], shape: [1, 1, 1],
      scale: 1, zeroPoint: 0, source: 1)
    let graph = QuantizedGraph(nodes: [image, pool])
    #expect(
      QuantizedEvaluator(graph).output(of: pool, [pixels], image) == [mean])
  }

  @Test func theLayerWithTheCoarsestScaleLosesMost() throws {
    let example = try #require(ExportCase.all.first { $0.testDescription == "lenet5 as it is" })
    let (network, _) = try #require(try network(example))
    let images = ExportCase.images(6)
    var ranges = ActivationRanges(of: network.graph, on: images)
    let place = try #require(network.graph.nodes.firstIndex { $0.name == "fc1" })
    // The layer's numbers and those of the activation behind it in a fortieth of their steps.
    for widened in [place, place + 1] {
      (ranges.lowest[widened], ranges.highest[widened]) = (
        40 * ranges.lowest[widened], 40 * ranges.highest[widened]
      )
    }
    let loss = QuantizationLoss(
      try QuantizedGraph(network.graph, ranges), of: network.graph, on: images)
    #expect(loss.count == 6 && loss.worst?.name.hasPrefix("fc1") == true)
    #expect(loss.layers.map(\.name).contains("conv1"))
    let worst = try #require(loss.worst)
    for layer in loss.layers {
      #expect(layer.signalToNoise >= worst.signalToNoise && layer.scale > 0)
      #expect((0...1).contains(layer.changedAnswers))
    }
    #expect(worst.signalToNoise < 25)
  }

  @Test(arguments: ExportCase.all)
  func filesHoldTheProgramsOwnNumbers(_ example: ExportCase) throws {
    guard let (network, _) = try network(example), let graph = network.quantized else { return }
    let pixels = ExportCase.images(1)[0]
    let own = QuantizedEvaluator(graph).logits(of: pixels)
    for format in [NetworkFormat.c, .tflite] {
      guard let bytes = try? format.encode(network, ExportOptions()) else {
        // Not every activation has an operator in whole numbers.
        #expect(format.name == "tflite")
        continue
      }
      let logits = try format.decode(.init(bytes: bytes, path: "x"), network)
      #expect(logits(pixels) == own)
    }
  }
}
