import Formats
import Support

/// A part of a data set that has a folder of pictures for each class.
struct ClassFolders: Equatable, Sendable {
  /// The directory or zip archive that they are in.
  let place: String
  /// The folder within that they are in; empty for the place itself.
  let folder: String
  /// The folders' names.
  let classes: [String]

  /// The path of the folder, as messages have it.
  var path: String { folder.isEmpty ? place : Folder.join(place, folder) }

  /// The folders in a folder that hold pictures.
  ///
  /// - Returns: `nil` if there are less than `least`.
  init?(in tree: FolderTree, _ folder: String, least: Int) {
    classes = tree.folders(in: folder).filter {
      Self.holdsPictures(tree, FolderTree.join(folder, $0))
    }
    guard classes.count >= least, !classes.allSatisfy({ DataPart(word: $0) != nil }) else {
      return nil
    }
    (place, self.folder) = (tree.path, folder)
  }

  /// Whether one of the first files of a folder is a picture.
  private static func holdsPictures(_ tree: FolderTree, _ folder: String) -> Bool {
    tree.files(in: folder).prefix(8).contains { file in
      let start = tree.start(of: FolderTree.join(folder, file))
      return PictureFormat.of(start) != nil || PictureName.isPicture(file)
    }
  }

  /// The files of all classes in the order of their names, whichever their classes, so that what
  /// was written in an order from one is read in the same.
  func files(_ tree: FolderTree) -> [(file: String, class: Int)] {
    let all = classes.enumerated().flatMap { index, name -> [(name: String, class: Int)] in
      tree.files(in: FolderTree.join(folder, name)).map { ($0, index) }
    }
    return all.sorted { ($0.name, $0.class) < ($1.name, $1.class) }.map { name, index in
      (FolderTree.join(FolderTree.join(folder, classes[index]), name), index)
    }
  }
}

/// Endings that pictures have, which tell what a file was meant to be.
enum PictureName {
  private static let endings: Set = [
    "png", "jpg", "jpeg", "bmp", "webp", "heic", "heif", "avif", "pgm", "ppm", "pbm", "pnm", "gif",
    "tif", "tiff",
  ]

  static func isPicture(_ name: String) -> Bool {
    name.lastIndex(of: ".").map { endings.contains(name[name.index(after: $0)...].lowercased()) }
      ?? false
  }
}

extension LocatedDataset {
  /// The data sets in a place that have a folder a class, with or without a folder for each part
  /// above; at most three folders deep, and in zip archives.
  static func ofFolders(in place: String) -> [LocatedDataset] {
    let isDirectory = FileStart.isDirectory(place)
    let archives = (isDirectory ? Folder.names(in: place).map { Folder.join(place, $0) } : [place])
      .filter { $0.lowercased().hasSuffix(".zip") }
    let trees = (isDirectory ? [place] : []) + archives
    return trees.flatMap { path in
      (try? FolderTree(path)).map { sets(in: $0, "", depth: 3) } ?? []
    }
  }

  private static func sets(in tree: FolderTree, _ folder: String, depth: Int) -> [LocatedDataset] {
    let location = tree.location(of: folder)
    var set = LocatedDataset(
      name: Folder.dataSetName(of: location) ?? "custom", folder: location)
    let inner = tree.folders(in: folder)
    for name in inner {
      guard let part = DataWords(name).part else { continue }
      let place = Self.files(of: part).appending(path: \.classes)
      guard set[keyPath: place] == nil else { continue }
      set[keyPath: place] = ClassFolders(in: tree, FolderTree.join(folder, name), least: 1)
    }
    if set.train.isComplete || set.test.isComplete { return [set] }
    if let classes = ClassFolders(in: tree, folder, least: 2) {
      set.train.classes = classes
      return [set]
    }
    guard depth > 0 else { return [] }
    return inner.flatMap { sets(in: tree, FolderTree.join(folder, $0), depth: depth - 1) }
  }
}
