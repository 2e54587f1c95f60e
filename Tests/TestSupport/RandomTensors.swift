import Support
import Tensor

/// Seeded tensors for tests: the same numbers in every run, others for every seed.
extension Tensor {
  /// Numbers from the uniform distribution on `range`.
  public static func random(
    _ shape: Shape, seed: UInt64 = 1, in range: ClosedRange<Float> = -1...1
  ) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: .testing)
    return Tensor((0..<shape.count).map { _ in stream.uniform(range) }, shape: shape)
  }

  /// Whole numbers from -4 to 4, among which there are ties and zeros.
  public static func randomIntegers(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: .testing)
    return Tensor((0..<shape.count).map { _ in Float(stream.below(9) - 4) }, shape: shape)
  }
}
