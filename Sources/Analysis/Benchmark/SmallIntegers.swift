import Support
import Tensor

// Small whole numbers make exact sums, in any order: a result is right to the last bit or wrong.

extension Tensor {
  /// Whole numbers from −3 to 3, which depend on the seed alone.
  static func smallIntegers(_ shape: Shape, seed: UInt64) -> Tensor {
    let tensor = Tensor(zeros: shape)
    var random = RandomStream(seed: seed, purpose: .testing)
    for i in 0..<tensor.count { tensor[i] = Float(random.below(7) - 3) }
    return tensor
  }
}

/// Compares elements of a result, the first, the last and some between, with their definition.
///
/// - Throws: ``BenchmarkError/wrongElement(subject:index:got:expected:)``.
func checkElements(
  of result: Tensor, _ subject: String, within tolerance: Float = 0,
  _ definition: (_ index: Int) -> Float
) throws {
  var random = RandomStream(seed: 1, purpose: .testing)
  let between = (0..<64).map { _ in random.below(result.count) }
  for index in [0, result.count - 1] + between {
    let (got, expected) = (result[index], definition(index))
    guard abs(got - expected) <= tolerance else {
      throw BenchmarkError.wrongElement(
        subject: subject, index: index, got: got, expected: expected)
    }
  }
}
