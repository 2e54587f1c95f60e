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
