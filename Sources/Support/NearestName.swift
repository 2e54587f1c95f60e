/// The candidate closest to `name`, if one is close enough to be what was meant.
///
/// Closeness is the Damerau-Levenshtein distance (optimal string alignment), at most a third of
/// the longer name, or one edit for short names. Ties go to the earlier candidate. Nobody mistypes a
/// name of more than ``longestName`` bytes, and comparing takes as long as the product of the two.
public func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
  guard name.utf8.count <= longestName else { return nil }
  let folded = Array(name.lowercased().utf8)
  var best: (distance: Int, name: String)?
  for candidate in candidates where candidate.utf8.count <= longestName {
    let other = Array(candidate.lowercased().utf8)
    let distance = editDistance(folded, other)
    let allowed = max(1, max(folded.count, other.count) / 3)
    if distance <= allowed, distance < best?.distance ?? Int.max { best = (distance, candidate) }
  }
  return best?.name
}

private let longestName = 256

extension String {
  /// The text, cut if it is longer than anybody reads in an error message.
  public var cutShort: String { utf8.count > 200 ? prefix(60) + "…" : self }
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, rows[i - 1][j - 1] + 1)
      }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}

extension Sequence<String> {
  /// `a, b or c`: how error messages list the valid choices.
  public var asChoices: String {
    let names = Array(self)
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }

  /// `a, b and c`.
  public var asEnumeration: String {
    let names = Array(self)
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
