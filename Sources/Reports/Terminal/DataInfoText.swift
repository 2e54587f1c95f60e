import Datasets
import Support

/// A data set's parts, classes and files, as `emnist data info` shows them.
public struct DataInfoText {
  private let summary: DataSummary
  private let terminal: Terminal

  public init(_ summary: DataSummary, terminal: Terminal) {
    self.summary = summary
    self.terminal = terminal
  }

  /// Everything, each line ended by a line break.
  public var text: String {
    let blocks = [title, partTable, classTable, fileTable].filter { !$0.isEmpty }
    return blocks.joined(separator: "\n")
  }

  private var title: String {
    let times = terminal.allowsUnicode ? "×" : "x"
    var lines = [
      Style(terminal)(.bold, summary.name.shown)
        + ": \(grouped(summary.labels.count)) classes, images of \(summary.height) \(times) "
        + "\(summary.width) pixels"
    ]
    if let note = summary.note { lines.append(note) }
    lines += summary.decisions.map(\.description)
    return lines.map { $0 + "\n" }.joined()
  }

  private var partTable: String {
    var table = Table([
      .left("part"), .right("images"), .right("a class"), .right("mean"), .right("deviation"),
      .right("duplicates"),
    ])
    for part in summary.parts {
      table.add([
        part.name, grouped(part.count), range(part.classCounts),
        fixed(part.mean, 4), fixed(part.standardDeviation, 4),
        grouped(part.duplicates),
      ])
    }
    return table.text(for: terminal) + overlap
  }

  /// What the parts have in common, and images with two labels.
  private var overlap: String {
    var text = ""
    if let shared = summary.shared, shared > 0 {
      text += "\(grouped(shared)) of the test images are training images too\n"
    }
    if summary.contradicting > 0 {
      let images = counted(summary.contradicting, "image")
      text += "\(images) with the pixels of another one, but another label\n"
    }
    return text
  }

  /// `120`, or `2,400–4,800`
  private func range(_ counts: [Int]) -> String {
    guard let least = counts.min(), let most = counts.max(), least < most else {
      return grouped(counts.first ?? 0)
    }
    return grouped(least) + (terminal.allowsUnicode ? "–" : "-") + grouped(most)
  }

  /// The count of each class, in as many blocks side by side as fit.
  private var classTable: String {
    let blockCount = min(blocksThatFit, (shownCount + 9) / 10)
    let height = (shownCount + blockCount - 1) / blockCount
    let columns =
      [Table.Column.left("class")] + summary.parts.map { .right($0.name) }
    var table = Table(
      Array((0..<blockCount).map { _ in columns }.joined(separator: [.left("")])))
    for row in 0..<height {
      let blocks = (0..<blockCount).map { cells(ofClass: $0 * height + row) }
      table.add(Array(blocks.joined(separator: [""])))
    }
    let rest = summary.labels.count - shownCount
    return table.text(for: terminal)
      + (rest > 0 ? "and \(grouped(rest)) more classes; --json has all\n" : "")
  }

  /// A person reads hundreds of classes, not thousands.
  private var shownCount: Int { summary.labels.count > 500 ? 100 : summary.labels.count }

  private func cells(ofClass index: Int) -> [String] {
    guard index < shownCount else {
      return Array(repeating: "", count: 1 + summary.parts.count)
    }
    return [summary.labels[index]] + summary.parts.map { grouped($0.classCounts[index]) }
  }

  private var blocksThatFit: Int {
    let label = max("class".count, summary.labels.map(\.shown.columnCount).max() ?? 0)
    let counts = summary.parts.map { part in
      max(part.name.count, grouped(part.classCounts.max() ?? 0).count)
    }
    let width = label + counts.reduce(0) { $0 + 2 + $1 }
    return max(1, (terminal.width + 4) / (width + 4))
  }

  private var fileTable: String {
    summary.files.isEmpty ? "" : DataFileText.text(summary.files, for: terminal)
  }
}

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
    let heading = common.map { $0.isEmpty ? "" : "In \($0.shown)\n" } ?? ""
    return heading + table.text(for: terminal)
  }

  /// With the slash at its end; empty for a bare name.
  private static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  private static func noun(_ role: DataFile.Role) -> String {
    switch role {
    case .trainImages, .testImages, .validationImages: "images"
    case .trainTable, .testTable, .validationTable: "images"
    case .trainLabels, .testLabels, .validationLabels: "labels"
    case .mapping: "classes"
    }
  }
}
