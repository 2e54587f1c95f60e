import Datasets
import Support

/// A data set's files, with what is in them and how large they are.
public enum DataFileTable {
  /// A line a file.
  public static func text(_ files: [DataFile], for terminal: Terminal) -> String {
    var table = Table([.left("file"), .right("holds"), .left(""), .right("size")])
    for file in files {
      table.add([file.path, grouped(file.count), noun(file.role), byteCount(file.bytes)])
    }
    return table.text(for: terminal)
  }

  private static func noun(_ role: DataFile.Role) -> String {
    switch role {
    case .trainImages, .testImages, .trainTable, .testTable: "images"
    case .trainLabels, .testLabels: "labels"
    case .mapping: "classes"
    }
  }
}
