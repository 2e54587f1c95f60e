import Support
import Tensor

/// A network in whole numbers of eight bits.
///
/// A number `q` of a node's output stands for `scale · (q − zeroPoint)`. Weights are from -127 to 127
/// with a scale for each output channel and no zero point, biases are 32 bits wide at the scale
/// input times weight, and sums are exact in 32 bits. How a sum becomes the next node's number is said
/// at ``Requantization``, and nothing else rounds, so that every machine gives the same bits. The scheme is
/// that of Jacob et al., "Quantization and training of neural networks for efficient
/// integer-arithmetic-only inference", 2018, and of TensorFlow Lite's quantization specification.
public struct QuantizedGraph: Sendable {
  /// Each after those that it takes its inputs from; the first is the image, pixels less 128, the last
  /// gives the logits.
  public internal(set) var nodes: [QuantizedNode]
}

/// One step of it.
public struct QuantizedNode: Sendable {
  /// That of the layer, the ReLU behind it included.
  public let name: String
  public internal(set) var operation: QuantizedOperation
  public let inputs: [Int]
  /// The shape of one item's output.
  public let shape: [Int]
  public let scale: Float
  public let zeroPoint: Int
  /// The place of the node in floats whose numbers it stands for.
  let source: Int

  public var count: Int { shape.reduce(1, *) }
}

public enum QuantizedOperation: Sendable {
  case image
  case convolution(QuantizedLayer, QuantizedWindow)
  case dense(QuantizedLayer)
  /// A weight and a bias for each channel.
  case scaleShift(QuantizedLayer)
  /// What each of the 256 numbers becomes, from -128 on: an activation, or without one another scale.
  case table([Int8], ActivationFunction?)
  /// Keeps scale and zero point, as does what follows.
  case maxPool(size: Int, stride: Int)
  case averagePool(size: Int, stride: Int)
  case flatten
  /// The mean over all pixels.
  case mean(Requantization)
  /// `first` and `second` of the two inputs less their zero points, in units of 2^-20.
  case add(first: Int32, second: Int32)
  case concatenate
}

/// How a convolution moves over its image.
public struct QuantizedWindow: Sendable {
  public let size: Int
  public let stride: Int
  public let padding: Int
}

/// A layer with weights.
public struct QuantizedLayer: Sendable {
  /// For each output those of a window, row by row, channels innermost; for each channel one, where
  /// there is no sum over inputs.
  public internal(set) var weight: [Int8]
  public internal(set) var bias: [Int32]
  /// For each output.
  public internal(set) var requantization: [Requantization]
  /// What a weight of 1 stands for, for each output.
  public let scales: [Float]

  public var outputs: Int { bias.count }
}

/// A positive factor in fixed point: a sum `s` becomes `⌊(s · multiplier + 2^(shift−1)) / 2^shift⌋`,
/// computed in 64 bits, to which the zero point is added; what is beyond -128 or 127 becomes these.
public struct Requantization: Equatable, Sendable {
  /// From 2^30 to 2^31 − 1.
  public let multiplier: Int32
  /// From 1 to 62.
  public let shift: Int32

  public init(multiplier: Int32, shift: Int32) {
    self.multiplier = multiplier
    self.shift = shift
  }

  /// The nearest to a factor.
  init(_ factor: Double) {
    // factor = significand · 2^exponent, the significand from 1 to 2.
    let bounded = min(max(factor, 0x1p-32), 0x1p28)
    var (multiplier, shift) = ((bounded.significand * 0x1p30).rounded(), 30 - bounded.exponent)
    if multiplier == 0x1p31 { (multiplier, shift) = (0x1p30, shift - 1) }
    self.init(multiplier: Int32(multiplier), shift: Int32(shift))
  }

  func apply(_ sum: Int32, zeroPoint: Int) -> Int8 {
    let product = Int64(sum) * Int64(multiplier) + 1 << Int64(shift - 1)
    return saturated(Int(product >> Int64(shift)) + zeroPoint)
  }
}

extension QuantizedNode {
  /// The numbers nearest to floats.
  func quantized(_ values: [Float]) -> [Int8] {
    values.map { value in
      let steps = (Double(value) / Double(scale)).rounded()
      return saturated(Int(max(-1e6, min(1e6, steps))) + zeroPoint)
    }
  }

  /// What its numbers stand for.
  func floats(_ numbers: [Int8]) -> [Float] {
    numbers.map { scale * Float(Int($0) - zeroPoint) }
  }
}

/// The nearest number of eight bits.
func saturated(_ value: Int) -> Int8 { Int8(max(-128, min(127, value))) }
