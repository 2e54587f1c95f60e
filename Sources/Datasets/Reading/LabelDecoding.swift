import Formats

extension StoredLabels {
  /// Labels of any type of number, one an image, one-hot, or QMNIST's eight columns; or texts.
  ///
  /// - Returns: the labels, and what was found out about them.
  /// - Throws: ``DatasetError/notLabels(path:found:)`` for any other table.
  static func decode(
    _ contents: NPY.Contents, path: String
  ) throws -> (labels: StoredLabels, decisions: [DataDecision]) {
    switch contents {
    case .texts(let texts, let shape):
      guard shape.count(where: { $0 > 1 }) <= 1 else {
        throw DatasetError.notLabels(path: path, found: "texts of \(NumberArray.text(of: shape))")
      }
      return (.texts(texts), [])
    case .numbers(let array):
      let refused = DatasetError.notLabels(
        path: path, found: ImageNumbers.text(array.shape, array.element))
      guard !array.shape.isEmpty, !array.shape.contains(0),
        array.shape.count(where: { $0 > 1 }) <= 2,
        let values = array.integers()
      else { throw refused }
      let rowCount = array.shape[0]
      let columnCount = values.count / rowCount
      // One column, or one row, as MATLAB has it.
      if columnCount == 1 || rowCount == 1 && columnCount > 8 { return (.numbers(values), []) }
      let rows = TableOfLabels(values: values, columnCount: columnCount)
      if let classes = rows.oneHot { return (.numbers(classes), [.oneHot(columns: columnCount)]) }
      if let classes = rows.qmnist { return (.numbers(classes), [.qmnist]) }
      throw refused
    }
  }
}

/// Several numbers an image.
private struct TableOfLabels {
  let values: [Int]
  let columnCount: Int

  private var rowStarts: StrideTo<Int> { stride(from: 0, to: values.count, by: columnCount) }

  /// The column of the single 1 in each row of zeros.
  var oneHot: [Int]? {
    var classes: [Int] = []
    for start in rowStarts {
      var found: Int?
      for column in 0..<columnCount where values[start + column] != 0 {
        guard found == nil, values[start + column] == 1 else { return nil }
        found = column
      }
      guard let found else { return nil }
      classes.append(found)
    }
    return classes
  }

  /// The first of QMNIST's columns: class, series, writer, number of the writer's digit, code of
  /// the class in hexadecimal, number of all digits, and two that are for nothing. Yadav and Bottou,
  /// "Cold case: the lost MNIST digits", 2019.
  var qmnist: [Int]? {
    guard columnCount == 8 else { return nil }
    let isQMNIST = rowStarts.allSatisfy { start in
      let digit = values[start]
      return (0...9).contains(digit) && [30, 48].contains(values[start + 4] - digit)
    }
    return isQMNIST ? rowStarts.map { values[$0] } : nil
  }
}
