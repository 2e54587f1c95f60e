import Support
import TestSupport
import Testing

@testable import Tensor

/// One operation at a size that is dealt to many threads, with results in parts that begin at no
/// particular alignment.
struct Operation: CustomTestStringConvertible {
  let testDescription: String
  let shapes: [Shape]
  let run: @Sendable (_ device: Device, _ results: [Tensor]) -> Void

  init(
    _ name: String, _ shapes: [Shape], _ run: @escaping @Sendable (Device, [Tensor]) -> Void
  ) {
    (testDescription, self.shapes, self.run) = (name, shapes, run)
  }
}

/// Results have the same bits for every number of threads, whatever the sizes of the caches are, and for
/// every instruction set that fuses multiply-adds.
@Suite struct ReproducibilityTests {
  /// More than four threads' worth of elements, and no multiple of anything.
  private static let long: Shape = [4 * Device.elementGrain + 1_001]
  private static var x: Tensor { Tensor.random(long, seed: 1, in: -5...5) }
  private static var y: Tensor { Tensor.random(long, seed: 2) }

  static let elementwise =
    ActivationFunction.tested.map { f in
      Operation("\(f)", [long, long]) { device, results in
        device.activate(f, x, into: results[0])
        device.activateBackward(f, saved: x, y, into: results[1])
      }
    } + [
      Operation("add and dropout", [long, long]) { device, results in
        results[0].assign(x)
        device.add(y, to: results[0])
        let mask = Bytes(count: x.count)
        device.fillDropoutMask(mask, count: x.count, rate: 0.3, seed: 1, step: 2, layer: 3)
        device.applyMask(mask, x, factor: 1.4, into: results[1])
      },
      Operation("gradient descent", [long, long]) { device, results in
        results[0].assign(x)
        results[1].assign(y)
        device.sgdUpdate(
          results[0], gradient: y, velocity: results[1], rate: 0.1, momentum: 0.9, decay: 0.01,
          nesterov: true)
      },
      Operation("Adam", [long, long, long]) { device, results in
        results[0].assign(x)
        results[1].assign(y)
        device.activate(.sigmoid, y, into: results[2])
        let step = AdamCoefficients(
          step: 3, rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01,
          decoupledDecay: 0.01)
        device.adamUpdate(
          results[0], gradient: y, firstMoment: results[1], secondMoment: results[2], step: step)
      },
    ]

  static let reductions = [
    Operation("softmax", [[300, 47], [300, 47], [3, 300]]) { device, results in
      let logits = x.prefix([300, 47])
      device.softmax(logits, into: results[0])
      _ = device.softmaxCrossEntropy(
        logits, labels: (0..<300).map { UInt16($0 % 47) }, smoothing: 0.1, rowResults: results[2],
        gradient: results[1])
    },
    Operation("sums of rows", [[33]]) { device, results in
      device.sumRows(x.prefix([1900, 33]), into: results[0])
    },
    Operation(
      "batch normalization", [[33], [33], [1900, 33], [1900, 33], [33], [33]]
    ) { device, results in
      let (x, dy) = (x.prefix([1900, 33]), y.prefix([1900, 33]))
      let statistics = BatchStatistics(channels: 33)
      device.moments(x, into: statistics)
      results[0].assign(statistics.mean)
      results[1].assign(statistics.variance)
      statistics.fold(gamma: y.prefix([33]), beta: x.prefix([33]), epsilon: 1e-3)
      device.scaleShift(
        x, scale: statistics.scale, shift: statistics.shift, rectifying: true, into: results[2])
      device.batchNormBackward(
        dy, x, statistics, epsilon: 1e-3, rectifying: true, gammaGradient: results[4],
        betaGradient: results[5], into: results[3])
    },
  ]

  static let products = [
    Operation("matrix products", [[300, 130], [300, 130]]) { device, results in
      let bias = y.prefix([130])
      device.matmul(
        x.prefix([300, 100]), y.prefix([100, 130]), bias: bias, rectifying: true, into: results[0])
      device.matmul(
        x.prefix([100, 300]), y.prefix([130, 100]), transposingA: true, transposingB: true,
        into: results[1])
    },
    // The tiles of the first go together in blocks, more of them where the second-level cache is small.
    Operation("gradients of weights", [[300, 64], [64, 128]]) { device, results in
      device.matmul(
        x.prefix([160, 300]), y.prefix([160, 64]), transposingA: true, into: results[0])
      device.matmul(
        x.prefix([300, 64]), y.prefix([300, 128]), transposingA: true, into: results[1])
    },
    attention(AttentionGeometry(tokens: 49, width: 32, heads: 2)),
    attention(AttentionGeometry(tokens: 70, width: 72, heads: 1)),
    convolution(
      40,
      ConvolutionGeometry(
        height: 9, width: 9, channels: 17, filters: 33, kernelSize: 3, stride: 2, padding: 1)),
    convolution(
      10, ConvolutionGeometry(height: 28, width: 28, channels: 1, filters: 32, kernelSize: 3)),
    convolution(
      20, ConvolutionGeometry(height: 14, width: 14, channels: 1, filters: 6, kernelSize: 5)),
    Operation("convolution by Winograd's algorithm", [[20, 14, 14, 32]]) { device, results in
      let convolution = WinogradConvolution(
        ConvolutionGeometry(
          height: 14, width: 14, channels: 16, filters: 32, kernelSize: 3, padding: 1))
      device.convolve(
        x.prefix([20, 14, 14, 16]), y.prefix([3, 3, 16, 32]), convolution, into: results[0])
    },
    pooling(11, PoolingGeometry(height: 9, width: 8, channels: 33, size: 3, stride: 2)),
  ]

  private static func attention(_ g: AttentionGeometry) -> Operation {
    Operation(
      "attention of \(g.tokens) tokens", [g.outputShape(3), g.projectedShape(3)]
    ) { device, results in
      let qkv = x.prefix(g.projectedShape(3))
      device.attention(qkv, g, into: results[0])
      device.attentionBackward(y.prefix(g.outputShape(3)), qkv, g, into: results[1])
    }
  }

  private static func convolution(_ images: Int, _ g: ConvolutionGeometry) -> Operation {
    let shapes = [g.outputShape(images), g.inputShape(images), g.weightShape]
    return Operation("convolution of \(g.inputShape(images))", shapes) { device, results in
      let convolution = Convolution(g, on: device)
      let (weight, dy) = (y.prefix(g.weightShape), Tensor.random(g.outputShape(images)))
      let padded = Tensor(zeros: g.paddedShape(images))
      device.pad(x.prefix(g.inputShape(images)), for: convolution, into: padded)
      device.convolve(
        padded, weight, convolution, bias: y.prefix([g.filters]), rectifying: true,
        into: results[0])
      device.convolveInputGradient(dy, weight, convolution, into: results[1])
      device.convolveWeightGradient(padded, dy, convolution, into: results[2])
    }
  }

  private static func pooling(_ images: Int, _ g: PoolingGeometry) -> Operation {
    let (input, output) = (g.inputShape(images), g.outputShape(images))
    return Operation("pooling", [output, input, output, input]) { device, results in
      let choices = Bytes(count: output.count)
      device.maxPool(x.prefix(input), g, choices: choices, into: results[0])
      device.maxPoolBackward(y.prefix(output), g, choices: choices, into: results[1])
      device.averagePool(x.prefix(input), g, into: results[2])
      device.averagePoolBackward(y.prefix(output), g, into: results[3])
    }
  }

  private static let machines = [
    (threads: 1, caches: CacheSizes(level1Bytes: 32 << 10, level2Bytes: 1 << 20)),
    (threads: 2, caches: CacheSizes(level1Bytes: 1 << 10, level2Bytes: 4 << 10)),
    (threads: 3, caches: CacheSizes(level1Bytes: 48 << 10, level2Bytes: 2 << 20)),
    (threads: 8, caches: CacheSizes(level1Bytes: 1 << 20, level2Bytes: 1 << 30)),
    (threads: 1, caches: CacheSizes(level1Bytes: 16 << 10, level2Bytes: 64 << 10)),
  ]

  @Test(arguments: elementwise + reductions + products)
  func bitsDependOnNeitherThreadsNorVectorsNorCaches(_ operation: Operation) {
    var fused: [Tensor]?
    for level in SIMDLevel.usable {
      var first = level.isFused ? fused : nil
      for (threads, caches) in Self.machines {
        let outputs = operation.shapes.map { GuardedTensor(unwritten: $0) }
        let results = outputs.map(\.tensor)
        operation.run(Device(level: level, threads: threads, caches: caches), results)
        for (index, expected) in (first ?? []).enumerated() {
          let failure = bitMismatch(results[index], expected)
          #expect(failure == nil, "result \(index), \(level), \(threads) threads, \(caches.text)")
        }
        #expect(outputs.allSatisfy { $0.isIntact })
        first = first ?? results
      }
      if level.isFused { fused = first }
    }
  }
}
