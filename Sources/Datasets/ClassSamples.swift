import Support
import Tensor

extension Selection {
  /// Up to `perClass` images of each class, drawn at random, as positions in the image set.
  ///
  /// The same seed draws alike, and of more images the first ones are the same.
  public func samples(perClass: Int, classCount: Int, seed: UInt64) -> [[Int]] {
    var classes = [[Int]](repeating: [], count: classCount)
    for (position, index) in indices.enumerated() {
      classes[Int(label(at: position))].append(Int(index))
    }
    return classes.enumerated().map { c, members in
      var members = members
      var random = RandomStream(seed: seed, purpose: .sampling, major: c)
      random.shuffle(&members)
      return Array(members.prefix(perClass))
    }
  }

  /// Up to `count` images drawn at random from all classes together, as positions in the image set.
  public func sample(_ count: Int, seed: UInt64) -> [Int] {
    var positions = indices.map(Int.init)
    var random = RandomStream(seed: seed, purpose: .sampling)
    random.shuffle(&positions, first: count)
    return Array(positions.prefix(count))
  }
}

extension ImageSet {
  /// The pixels of one image, `[H, W]`.
  public func image(_ index: Int) -> [UInt8] {
    Array(pixels[index * imageSize..<(index + 1) * imageSize])
  }
}
