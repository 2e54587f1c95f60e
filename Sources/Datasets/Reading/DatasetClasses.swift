import Formats
import Support

/// The classes of a data set and how its files' labels lead to them.
struct DatasetClasses {
  /// What the labels stand for.
  let table: ClassTable
  /// What the files' own names or a mapping say, where the classes are those of a run.
  private let own: ClassTable?
  private let isRuns: Bool
  let file: DataFile?

  init(_ table: ClassTable, file: DataFile? = nil) {
    (self.table, own, isRuns, self.file) = (table, nil, false, file)
  }

  /// A run's classes, which the files' own names lead to if they have some.
  init(run: ClassTable, own: DatasetClasses?) {
    (table, self.own, isRuns, file) = (run, own?.table, true, own?.file)
  }

  /// The class of each label.
  ///
  /// - Throws: ``DatasetError``, with the index of the first label that is none of the classes.
  func indices(of labels: StoredLabels, path: String) throws -> [UInt16] {
    switch labels {
    case .numbers(let numbers):
      let lookup = Dictionary(
        uniqueKeysWithValues: Set(numbers).map { ($0, index(of: $0)) })
      return try numbers.enumerated().map { place, number in
        guard let index = lookup[number] ?? nil else { throw outside(number, place, path) }
        return UInt16(index)
      }
    case .texts(let texts):
      let lookup = Dictionary(
        table.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      return try texts.enumerated().map { place, text in
        guard let index = lookup[text] else {
          throw DatasetError.textLabel(
            path: path, text: text, index: place, classes: table.labels)
        }
        return UInt16(index)
      }
    }
  }

  private func index(of number: Int) -> Int? {
    guard let own else { return table.index(ofStored: number) }
    guard let index = own.index(ofStored: number) else { return nil }
    let name = own.labels[index]
    if table.labels.indices.contains(index), table.labels[index] == name { return index }
    return table.labels.firstIndex(of: name)
  }

  private func outside(_ number: Int, _ place: Int, _ path: String) -> DatasetError {
    guard isRuns else {
      return .label(
        path: path, value: number, index: place, first: table.firstLabel,
        last: table.firstLabel + table.count - 1)
    }
    let name = own.flatMap { own in own.index(ofStored: number).map { own.labels[$0] } }
    return .classOutside(
      path: path, label: name.map { "\(number) ('\($0)')" } ?? "\(number)", index: place,
      count: table.count)
  }
}

extension LocatedDataset {
  /// The classes of parts that were read: those of a run, if it is to judge them; those of the
  /// mapping file that was asked for; of a file or a table that bears the set's name or is the
  /// only one, if the labels fit it; else the labels of the first part, which is the training part if
  /// it is there.
  func classes(
    of parts: [RawPart]
  ) throws -> (classes: DatasetClasses, decisions: [DataDecision]) {
    var decisions: [DataDecision] = []
    var named = try namedClasses()
    if let unfit = named, !unfit.isBinding, !unfit.classes.table.covers(parts.map(\.labels)) {
      if let file = unfit.classes.file { decisions.append(.tableUnfit(path: file.path)) }
      named = nil
    }
    if let run = request.classes {
      return (DatasetClasses(run: run, own: named?.classes), decisions)
    }
    if let named { return (named.classes, decisions) }
    // What is to be judged does not decide what there is to learn.
    let counted = try ClassTable(counting: [parts[0].labels], path: parts[0].labelsPath)
    if case .texts? = parts.first?.labels, parts.first?.hasFolders == false {
      decisions.append(.textLabels(classes: counted.count))
    }
    if counted.firstLabel != 0 { decisions.append(.firstLabel(counted.firstLabel)) }
    return (DatasetClasses(counted), decisions)
  }

  /// The classes that a mapping file or the name tells, without looking at the labels.
  ///
  /// `isBinding` is whether labels outside them are wrong, rather than the classes.
  func namedClasses() throws -> (classes: DatasetClasses, isBinding: Bool)? {
    func read(_ path: String, isBinding: Bool) throws -> (DatasetClasses, Bool) {
      let table = try ClassTable(readingMapping: path)
      let size = (try? SourceFile(path).size) ?? 0
      let file = DataFile(path: path, role: .mapping, bytes: size, count: table.count)
      return (DatasetClasses(table, file: file), isBinding)
    }
    if let path = request.mapping { return try read(path, isBinding: true) }
    // EMNIST's own files are known to be what they say.
    let files = [train.images, train.table, test.images, test.table].compactMap(\.self)
    let isEMNIST = files.contains { Folder.lastComponent($0).hasPrefix("emnist-") }
    let mapping = mappings.first { $0.dataset == name }
    if let known = KnownDataset(rawValue: name), isEMNIST || mapping == nil {
      return (DatasetClasses(known.classes), isEMNIST)
    }
    if let mapping { return try read(mapping.path, isBinding: true) }
    return mappings.count == 1 ? try read(mappings[0].path, isBinding: false) : nil
  }
}

extension ClassTable {
  /// Whether every label is one of the classes.
  func covers(_ parts: [StoredLabels]) -> Bool {
    let names = Set(labels)
    return parts.allSatisfy { part in
      switch part {
      case .numbers(let numbers): Set(numbers).allSatisfy { index(ofStored: $0) != nil }
      case .texts(let texts): Set(texts).isSubset(of: names)
      }
    }
  }

  /// The classes that occur: texts in the order of their characters; numbers from 0, or from 1 if
  /// no label is 0; of numbers with wide gaps only those that occur.
  ///
  /// - Throws: ``DatasetError/tooManyClasses(path:count:)``, or
  ///   ``DatasetError/label(path:value:index:first:last:)`` for a number below 0.
  init(counting parts: [StoredLabels], path: String) throws {
    var (numbers, texts): (Set<Int>, Set<String>) = ([], [])
    for part in parts {
      switch part {
      case .numbers(let some): numbers.formUnion(some)
      case .texts(let some): texts.formUnion(some)
      }
    }
    guard texts.isEmpty else {
      let all = texts.union(numbers.map { "\($0)" })
      try Self.check(all.count, path)
      self.init(labels: all.sorted(by: Self.precedes))
      return
    }
    let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 0)
    try Self.check(numbers.count, path)
    let first = least == 1 ? 1 : 0
    if least >= 0, most - first < Self.mostClasses, most - first + 1 <= 4 * numbers.count + 16 {
      self.init(labels: (first...max(first, most)).map(String.init), firstLabel: first)
    } else {
      let stored = numbers.sorted()
      self.init(labels: stored.map(String.init), storedLabels: stored)
    }
  }

  private static func check(_ count: Int, _ path: String) throws {
    guard count <= mostClasses else { throw DatasetError.tooManyClasses(path: path, count: count) }
  }

  /// Whole numbers by their value, other texts by their characters.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    if let first = Int(a), let second = Int(b), first != second { return first < second }
    return Array(a.unicodeScalars.map(\.value)).lexicographicallyPrecedes(
      b.unicodeScalars.map(\.value))
  }
}
