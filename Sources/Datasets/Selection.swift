import Support
import Tensor

/// Some of the images of a set, in a certain order.
public struct Selection: Sendable, Equatable {
  public let images: ImageSet
  /// Positions in `images`.
  public let indices: [Int32]

  /// The images at `indices`.
  public init(_ images: ImageSet, indices: [Int32]) {
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < images.count },
      "Selection: an index is outside 0 ..< \(images.count)")
    self.images = images
    self.indices = indices
  }

  /// All images, in their own order.
  public init(_ images: ImageSet) {
    self.images = images
    indices = Array(0..<Int32(images.count))
  }

  /// The number of images.
  public var count: Int { indices.count }

  /// The class index of the image at `position`.
  public func label(at position: Int) -> UInt16 { images.labels[Int(indices[position])] }

  /// The number of images of each class.
  public func counts(classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for index in indices { counts[Int(images.labels[Int(index)])] += 1 }
    return counts
  }
}

extension Selection {
  /// Divides the images at random so that each class gives its share to the validation part.
  ///
  /// The validation part has `validationShare` of all images, rounded; no class loses its last
  /// image to it. Both parts keep the order of the images. The same seed divides alike.
  /// - Parameter validationShare: at least 0 and below 1.
  public func split(
    validationShare: Double, seed: UInt64
  ) -> (training: Selection, validation: Selection) {
    precondition(
      (0..<1).contains(validationShare), "split: the share \(validationShare) is not 0 ..< 1")
    let classes = positionsByClass()
    var quotas = apportion(
      Int((Double(count) * validationShare).rounded()), over: classes.map(\.count))
    for (c, positions) in classes.enumerated() where quotas[c] == positions.count {
      quotas[c] = max(0, quotas[c] - 1)
    }
    let (drawn, rest) = draw(quotas, from: classes, seed: seed, purpose: .validationSplit)
    return (training: rest, validation: drawn)
  }

  /// At most `limit` images, drawn at random in proportion to the classes, in their order.
  ///
  /// Every class keeps at least one image if `limit` is not below the number of classes. The same
  /// seed draws alike. Files may be sorted by class, so the first images would not do.
  public func limited(to limit: Int, seed: UInt64) -> Selection {
    guard limit < count else { return self }
    let classes = positionsByClass()
    var quotas = apportion(max(0, limit), over: classes.map(\.count))
    let occupied = classes.indices.filter { !classes[$0].isEmpty }
    if limit >= occupied.count {
      for c in occupied where quotas[c] == 0 {
        let richest = occupied.reduce(c) { quotas[$1] > quotas[$0] ? $1 : $0 }
        quotas[richest] -= 1
        quotas[c] = 1
      }
    }
    return draw(quotas, from: classes, seed: seed, purpose: .sampling).drawn
  }

  /// The positions of each class up to the last that occurs.
  private func positionsByClass() -> [[Int]] {
    let last = indices.reduce(0) { max($0, Int(images.labels[Int($1)])) }
    var classes = [[Int]](repeating: [], count: last + 1)
    for position in indices.indices { classes[Int(label(at: position))].append(position) }
    return classes
  }

  /// Draws `quotas[c]` of the positions of each class.
  private func draw(
    _ quotas: [Int], from classes: [[Int]], seed: UInt64, purpose: RandomPurpose
  ) -> (drawn: Selection, rest: Selection) {
    var isDrawn = [Bool](repeating: false, count: count)
    for (c, quota) in quotas.enumerated() where quota > 0 {
      var positions = classes[c]
      var random = RandomStream(seed: seed, purpose: purpose, major: c)
      random.shuffle(&positions)
      for position in positions.prefix(quota) { isDrawn[position] = true }
    }
    func kept(_ wanted: Bool) -> Selection {
      Selection(images, indices: zip(indices, isDrawn).filter { $0.1 == wanted }.map(\.0))
    }
    return (drawn: kept(true), rest: kept(false))
  }
}

/// Divides `total` in proportion to `counts` into whole numbers: each share rounded down, and what
/// is left given to the largest remainders, of equal ones to the first (Hamilton's method).
func apportion(_ total: Int, over counts: [Int]) -> [Int] {
  let sum = counts.reduce(0, +)
  guard sum > 0 else { return counts }
  var quotas = counts.map { $0 * total / sum }
  let remainders = counts.map { $0 * total % sum }
  let order = counts.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
  for c in order.prefix(total - quotas.reduce(0, +)) { quotas[c] += 1 }
  return quotas
}

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
