import Analysis
import Support

extension [String] {
  /// The names, or where one takes more columns what tells them from each other: without the parts
  /// between hyphens that all begin or end with; if that is not enough, what has a name within a
  /// directory goes by the directory's; and then cut in the middle, or where that leaves two alike at
  /// the end.
  func shortened(to columns: Int) -> [String] {
    let short = withoutCommonParts
    let cut = short.map { $0.cutInTheMiddle(to: columns) }
    let choices = [
      self, short, short.map(\.directory), cut,
      short.map(\.directory).map { $0.cutInTheMiddle(to: columns) },
      short.map { $0.cut(to: columns) },
    ]
    return choices.first { names in
      names.allSatisfy { $0.columnCount <= columns } && Set(names).count == Set(self).count
    } ?? cut
  }

  private var withoutCommonParts: [String] {
    var parts = map { $0.split(separator: "-", omittingEmptySubsequences: false)[...] }
    guard count > 1 else { return self }
    while parts.allSatisfy({ $0.count > 1 && $0.last == parts[0].last }) {
      for index in parts.indices { parts[index].removeLast() }
    }
    while parts.allSatisfy({ $0.count > 1 && $0.first == parts[0].first }) {
      for index in parts.indices { parts[index].removeFirst() }
    }
    return parts.map { $0.joined(separator: "-") }
  }
}

extension String {
  /// `search` of `search/winner-1`; of a name alone the name.
  fileprivate var directory: String {
    lastIndex(of: "/").map { String(self[..<$0]) } ?? self
  }

  /// The text, or its beginning and its end around `…` if it takes more columns: names of runs
  /// begin and end differently.
  func cutInTheMiddle(to columns: Int) -> String {
    guard columnCount > columns, columns > 2 else { return self }
    let tail = (columns - 1) / 2
    return cut(to: columns - 1 - tail) + "…" + String(suffix(tail))
  }
}

extension RunComparison {
  /// A contender's name as a picture has room for it.
  func short(_ contender: Contender) -> String {
    let names = contenders.map(\.name).shortened(to: 15)
    return contenders.firstIndex(of: contender).map { names[$0] } ?? contender.name
  }

  /// Of more than two contenders that only the two best are looked at; empty of two.
  var closestNote: String {
    contenders.count > 2 ? ", the two best of \(contenders.count)" : ""
  }
}
