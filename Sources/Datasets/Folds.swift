import Support
import Tensor

extension Selection {
  /// Divides the images at random into `count` parts of equal size, to within one image, each with
  /// its share of every class, to within one image: the folds of a cross-validation (Kohavi, "A
  /// study of cross-validation and bootstrap for accuracy estimation and model selection", 1995).
  ///
  /// Every part keeps the order of the images. The same seed divides alike.
  /// - Parameter classes: the names of the classes.
  /// - Throws: ``FoldsError/classTooSmall(label:images:folds:)``: each part must have an image of
  ///   every class that there is.
  /// - Returns: for each fold all other images and its own.
  public func folds(
    _ count: Int, seed: UInt64, classes: [String]
  ) throws -> [(training: Selection, validation: Selection)] {
    precondition(count > 1, "folds: \(count) parts")
    let counts = counts(classCount: classes.count)
    let occupied = counts.indices.filter { counts[$0] > 0 }
    if let smallest = occupied.min(by: { counts[$0] < counts[$1] }), counts[smallest] < count {
      throw FoldsError.classTooSmall(
        label: classes[smallest], images: counts[smallest], folds: count)
    }
    let fold = foldOfEachPosition(count, seed: seed, classCount: classes.count)
    return (0..<count).map { number in
      func part(_ isValidation: Bool) -> Selection {
        let kept = zip(indices, fold).filter { ($0.1 == number) == isValidation }
        return Selection(images, indices: kept.map(\.0))
      }
      return (training: part(false), validation: part(true))
    }
  }

  /// Shuffles each class and deals it out; a class begins where the one before it ended.
  private func foldOfEachPosition(_ count: Int, seed: UInt64, classCount: Int) -> [Int] {
    var classes = [[Int]](repeating: [], count: classCount)
    for position in indices.indices { classes[Int(label(at: position))].append(position) }
    var fold = [Int](repeating: 0, count: indices.count)
    var next = 0
    for c in classes.indices {
      var random = RandomStream(seed: seed, purpose: .folds, major: c)
      random.shuffle(&classes[c])
      for position in classes[c] {
        fold[position] = next
        next = (next + 1) % count
      }
    }
    return fold
  }
}

/// Images that cannot be divided into folds.
public enum FoldsError: UserError, Equatable {
  case classTooSmall(label: String, images: Int, folds: Int)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .classTooSmall(let label, let images, let folds):
      "class '\(label)' has \(images) training images, too few for \(folds) folds"
    }
  }
}

extension Dataset {
  /// Divides the training part as EMNIST's authors do: the last part of it, as long as the test
  /// part, is for validation.
  ///
  /// Cohen, Afshar, Tapson and van Schaik, "EMNIST: an extension of MNIST to handwritten
  /// letters", 2017, table II.
  /// - Throws: ``DatasetError/noReservedTail(name:)`` for a data set without such a part and
  ///   ``DatasetError/tailTooLong(name:train:test:)``.
  public func reservedSplit() throws -> (training: Selection, validation: Selection) {
    guard KnownDataset(rawValue: name)?.hasReservedTail == true, let train else {
      throw DatasetError.noReservedTail(name: name)
    }
    // Without the test part at hand: these four have six training images for each test image.
    let tail = test?.count ?? train.count / 6
    guard tail < train.count else {
      throw DatasetError.tailTooLong(name: name, train: train.count, test: tail)
    }
    let (first, end) = (Int32(train.count - tail), Int32(train.count))
    return (
      Selection(train, indices: Array(0..<first)), Selection(train, indices: Array(first..<end))
    )
  }
}
