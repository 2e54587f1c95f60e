import Formats
import Platform
import Support

/// Paths and directory listings.
enum Folder {
  /// The names in a directory in alphabetical order, without hidden ones; none if there is none.
  static func names(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The directories in a directory, as paths.
  static func subfolders(of path: String) -> [String] {
    names(in: path).map { join(path, $0) }.filter(FileStart.isDirectory)
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }

  /// The path without symbolic links and dots, or as it is if nothing is there.
  static func absolute(_ path: String) -> String {
    FileSystem.resolved(path) ?? path
  }

  /// The last component of a path.
  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// What a data set is called that lies in a folder or an archive: as these are, or those around
  /// them where their names only say that data, or a part of some, are in them.
  static func dataSetName(of path: String) -> String? {
    let names = absolute(path).lowercased().split(separator: "/")
    let name = names.last {
      !["data", "archive", "raw", "images"].contains($0) && DataWords($0).owner != ""
    }
    return name.map {
      KnownDataset.canonicalName(String($0.hasSuffix(".zip") ? $0.dropLast(4) : $0))
    }
  }

  /// What stands before the last component, or `.`.
  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// Files that lie together: in a directory, or in a folder of a zip archive.
struct FileGroup {
  let path: String
  /// The paths of the files, in alphabetical order.
  let files: [String]

  /// The groups of a place, which is a directory, a zip archive or a single file: its own files,
  /// those of the folders within, as archives and other tools lay them out (flat, `gzip/`,
  /// `EMNIST/raw/`, `MNIST/raw/`, or a folder for each data set), and those in zip archives there.
  static func all(in place: String) -> [FileGroup] {
    guard FileStart.isDirectory(place) else {
      if place.lowercased().hasSuffix(".zip") { return archived(place) }
      return [FileGroup(path: Folder.parent(place), files: [place])]
    }
    var folders = [place]
    for folder in Folder.subfolders(of: place)
    where DataFileName(Folder.lastComponent(folder)) == nil {
      let inner = ["gzip", "raw"].map { Folder.join(folder, $0) }
      folders += [folder] + inner.filter(FileStart.isDirectory)
    }
    let groups = folders.map { FileGroup($0) }
    let archives = groups.flatMap(\.files).filter { $0.lowercased().hasSuffix(".zip") }
    return groups + archives.flatMap(archived)
  }

  /// The group that a file is in.
  init(around file: String) {
    let folder = Folder.parent(file)
    if FileStart.isDirectory(folder) {
      self.init(folder)
    } else if let end = folder.lowercased().firstRange(of: ".zip")?.upperBound,
      let group = Self.archived(String(folder[..<end])).first(where: { $0.path == folder })
    {
      self = group
    } else {
      self.init(path: folder, files: [file])
    }
  }

  private init(path: String, files: [String]) {
    self.path = path
    self.files = files
  }

  /// The files of a directory. Kaggle's archives have folders that are named like the one file in
  /// them.
  private init(_ folder: String) {
    path = folder
    files = Folder.names(in: folder).flatMap { name in
      let path = Folder.join(folder, name)
      guard FileStart.isDirectory(path) else { return [path] }
      let inside = Folder.join(path, name)
      return DataFileName(name) != nil && FileSystem.exists(inside) ? [inside] : []
    }
  }

  /// The folders of a zip archive, and of archives in it; none if it cannot be read.
  private static func archived(_ path: String) -> [FileGroup] {
    guard let archive = try? ZipArchive(reading: path) else { return [] }
    return groups(of: archive)
  }

  private static func groups(of archive: ZipArchive) -> [FileGroup] {
    let names = archive.members.map(\.name).filter { name in
      !name.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
    }
    let paths = names.map { "\(archive.path)/\($0)" }.sorted()
    let folders = Dictionary(grouping: paths, by: groupFolder)
    let nested = archive.members.filter { $0.name.lowercased().hasSuffix(".zip") }
    return folders.keys.sorted().map { FileGroup(path: $0, files: folders[$0] ?? []) }
      + nested.flatMap { member -> [FileGroup] in
        guard
          let inner = try? ZipArchive(
            parsing: archive.contents(of: member), path: "\(archive.path)/\(member.name)")
        else { return [] }
        return groups(of: inner)
      }
  }

  /// The folder that a file counts to, which is the next one up where it is named like the file.
  private static func groupFolder(_ path: String) -> String {
    let folder = Folder.parent(path)
    return Folder.lastComponent(folder) == Folder.lastComponent(path)
      ? Folder.parent(folder) : folder
  }
}
