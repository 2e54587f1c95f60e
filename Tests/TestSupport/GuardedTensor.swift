import Tensor

/// A tensor in the middle of a larger one that is filled with a NaN of its own: whoever reads
/// beside it gets a result that is not a number, whoever writes beside it is found out.
public struct GuardedTensor {
  /// The part in the middle. It begins at no particular alignment.
  public let tensor: Tensor
  private let whole: Tensor

  private static let margin = 67
  private static let guardBits: UInt32 = 0x7FC0_1234

  /// A guarded tensor whose elements are NaN too, as an output's are before it is written.
  public init(unwritten shape: Shape) {
    whole = Tensor(zeros: [shape.count + 2 * Self.margin])
    whole.fill(Float(bitPattern: Self.guardBits))
    tensor = whole.items(from: Self.margin, count: shape.count).reshaped(shape)
  }

  /// A guarded copy.
  public init(_ original: Tensor) {
    self.init(unwritten: original.shape)
    tensor.assign(original)
  }

  /// Whether nothing beside the tensor was written.
  public var isIntact: Bool {
    let bits = whole.values.map(\.bitPattern)
    return bits.prefix(Self.margin).allSatisfy { $0 == Self.guardBits }
      && bits.suffix(Self.margin).allSatisfy { $0 == Self.guardBits }
  }
}

extension Tensor {
  /// A copy that has NaN on both sides.
  public var guarded: Tensor { GuardedTensor(self).tensor }
}
