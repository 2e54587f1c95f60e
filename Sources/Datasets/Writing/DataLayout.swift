import Formats
import Platform
import Support

/// How a data set is written.
public enum DataLayout: String, CaseIterable, Sendable {
  /// MNIST's files, compressed, with one that names the classes.
  case idx
  /// Keras' file of arrays, with one that names the classes beside it.
  case npz
  /// A folder of PNG pictures for each class.
  case folders
}

extension Dataset {
  /// Writes the parts in memory, upright, with the labels that the set's own files have.
  ///
  /// What is written reads back as the same images in the same order with the same classes. Nothing
  /// is overwritten, and what is begun has a name of its own until it is whole.
  /// - Parameters:
  ///   - path: a directory that is not there or empty, or for ``DataLayout/npz`` a file that is not.
  ///   - progress: called while pictures are written.
  /// - Returns: what was written.
  /// - Throws: ``DataWritingError`` or ``FileError``; nothing is left behind then.
  public func write(
    as layout: DataLayout, to path: String, progress: ReadingProgress? = nil
  ) throws -> [DataFile] {
    try checkName(of: path, layout)
    switch layout {
    case .npz: return try writeArrays(to: path)
    case .idx:
      return try StagedDirectory.write(path) { directory in
        try idxContents.map { role, count, name, bytes in
          try directory.write(bytes(), to: name)
          return (name, role, count)
        }
      }
    case .folders:
      return try StagedDirectory.write(path) { try writeFolders($0, progress) }
    }
  }

  private func checkName(of path: String, _ layout: DataLayout) throws {
    let isArray = path.lowercased().hasSuffix(".npz")
    guard isArray == (layout == .npz) else {
      throw DataWritingError.ending(path: path, isArray: layout == .npz)
    }
    guard !isArray || !Folder.lastComponent(path).lowercased().hasPrefix("emnist-") else {
      throw DataWritingError.emnistName(path: path)
    }
  }

  /// The name in files' names. EMNIST's own MNIST is called by two, of which one is another set's
  /// and the other says that images lie on their side.
  private var writtenName: String {
    name == KnownDataset.emnistMNIST.rawValue ? "mnist-from-emnist" : name
  }

  private typealias Content = (
    role: DataFile.Role, count: Int, name: String, bytes: () -> [UInt8]
  )

  private var idxContents: [Content] {
    var contents: [Content] = []
    for (part, set, images, labels) in writtenParts {
      let stem = "\(writtenName)-\(part)"
      contents.append(
        (
          images, set.count, "\(stem)-images-idx3-ubyte.gz",
          { Gzip.compress(set.imagesFile.encoded()) }
        ))
      let file = classes.labelsFile(set)
      let ending = file.elementType == .unsignedByte ? "ubyte" : "int"
      contents.append(
        (labels, set.count, "\(stem)-labels-idx1-\(ending).gz", { Gzip.compress(file.encoded()) }))
    }
    if let text = classes.mappingText {
      contents.append((.mapping, classes.count, "\(writtenName)-mapping.txt", { Array(text.utf8) }))
    }
    return contents
  }

  /// The parts in memory, with what their files are called and hold.
  private var writtenParts:
    [(part: String, set: ImageSet, images: DataFile.Role, labels: DataFile.Role)]
  {
    [
      ("train", train, DataFile.Role.trainImages, DataFile.Role.trainLabels),
      ("val", validation, .validationImages, .validationLabels),
      ("test", test, .testImages, .testLabels),
    ].compactMap { part, set, images, labels in set.map { (part, $0, images, labels) } }
  }

  private func writeArrays(to path: String) throws -> [DataFile] {
    let stem = String(path.dropLast(".npz".count))
    let mapping = "\(stem)-mapping.txt"
    for file in [path, mapping] where FileSystem.exists(file) {
      throw DataWritingError.exists(path: file)
    }
    var arrays: [(name: String, array: NumberArray)] = []
    for (part, set, _, _) in writtenParts {
      arrays.append(
        ("x_\(part)", NumberArray(.uint8, [set.count, set.height, set.width], bytes: set.pixels)))
      arrays.append(("y_\(part)", classes.labelsArray(set)))
    }
    let bytes = NPZ.encode(arrays, level: 6)
    var files: [DataFile] = []
    if let text = classes.mappingText {
      try AtomicFile.write(text: text, to: mapping)
      files = [
        DataFile(path: mapping, role: .mapping, bytes: text.utf8.count, count: classes.count)
      ]
    }
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      FileSystem.removeFile(mapping)
      throw error
    }
    let count = writtenParts.reduce(0) { $0 + $1.set.count }
    return [DataFile(path: path, role: .trainImages, bytes: bytes.count, count: count)] + files
  }

  /// Pictures are numbered in the order of the set, which is that of their names.
  private func writeFolders(
    _ directory: StagedDirectory, _ progress: ReadingProgress?
  ) throws -> [(name: String, role: DataFile.Role, count: Int)] {
    try classes.checkFolderNames()
    let total = writtenParts.reduce(0) { $0 + $1.set.count }
    var done = 0
    return try writtenParts.map { part, set, role, _ in
      for index in Set(set.labels.map { Int($0) }).sorted() {
        try directory.create("\(part)/\(classes.labels[index])")
      }
      let digits = max(6, "\(set.count)".count)
      for index in 0..<set.count {
        let number = "\(index)"
        let name = String(repeating: "0", count: digits - number.count) + number
        let pixels = Array(set.pixels[index * set.imageSize..<(index + 1) * set.imageSize])
        try directory.write(
          PNG.encode(gray: pixels, width: set.width, height: set.height),
          to: "\(part)/\(classes.labels[Int(set.labels[index])])/\(name).png")
        done += 1
        if done % 256 == 0 { progress?(done, total) }
      }
      return (part, role, set.count)
    }
  }
}
