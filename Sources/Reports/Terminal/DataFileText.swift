import Datasets
import Support

/// A data set's files, with what is in them and how large they are.
public enum DataFileText {
  /// A line a file, under the directory where they all are, if they are in one.
  public static func text(_ files: [DataFile], for terminal: Terminal) -> String {
    let directories = files.map { directory(of: $0.path) }
    let common = directories.first.flatMap { first in
      directories.allSatisfy { $0 == first } ? first : nil
    }
    var table = Table([.left("file"), .right("holds"), .left(""), .right("size")])
    for file in files {
      let name = file.path.dropFirst(common.map { $0.count } ?? 0)
      table.add([String(name), grouped(file.count), noun(file.role), byteCount(file.bytes)])
    }
    let heading = common.map { $0.isEmpty ? "" : "In \($0)\n" } ?? ""
    return heading + table.text(for: terminal)
  }

  /// With the slash at its end; empty for a bare name.
  private static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  private static func noun(_ role: DataFile.Role) -> String {
    switch role {
    case .trainImages, .testImages, .trainTable, .testTable: "images"
    case .trainLabels, .testLabels: "labels"
    case .mapping: "classes"
    }
  }
}
