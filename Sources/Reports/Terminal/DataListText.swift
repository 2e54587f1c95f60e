import Datasets
import Support

/// The data sets that can be had, as `emnist data list` shows them, and where to get EMNIST if
/// there is none.
public struct DataListText {
  private let inventory: DataInventory
  private let terminal: Terminal

  public init(_ inventory: DataInventory, terminal: Terminal) {
    self.inventory = inventory
    self.terminal = terminal
  }

  /// Everything, each line ended by a line break.
  public var text: String {
    let isEmpty = inventory.found.isEmpty
    return [dataSets, problems, places, isEmpty ? advice : ""]
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var dataSets: String {
    var table = Table([
      .left("data set"), .right("train"), .right("test"), .right("classes"), .left("where"),
    ])
    for entry in inventory.found {
      table.add([
        entry.name, count(entry.trainCount, entry.parts.contains(.train)),
        count(entry.testCount, entry.parts.contains(.test)), count(entry.classCount, true),
        entry.folder,
      ])
    }
    for builtIn in inventory.builtIn {
      let data = builtIn.data
      table.add([
        data.name, grouped(data.trainCount), grouped(data.testCount), grouped(data.classCount),
        "built in, \(builtIn.use)",
      ])
    }
    return inventory.found.isEmpty && inventory.builtIn.isEmpty ? "" : table.text(for: terminal)
  }

  /// A question mark stands for what only reading the whole file would tell.
  private func count(_ number: Int?, _ isThere: Bool) -> String {
    isThere ? number.map(grouped) ?? "?" : "-"
  }

  private var problems: String {
    inventory.found.compactMap(\.problem).map { $0 + "\n" }.joined()
  }

  private var places: String {
    let width = inventory.places.map(\.place.path.shown.columnCount).max() ?? 0
    let lines = inventory.places.map { listing in
      let origin = listing.place.origin.hasPrefix("$") ? " (\(listing.place.origin))" : ""
      return "  \(listing.place.path.shown.filled(right: width))  \(state(of: listing))\(origin)\n"
    }
    return "Looked in\n" + lines.joined()
  }

  private func state(of listing: DatasetListing) -> String {
    guard listing.exists else { return "not there" }
    switch listing.entries.count {
    case 0: return "no data set"
    case 1: return "1 data set"
    case let count: return "\(count) data sets"
    }
  }

  private var advice: String {
    """
    To get EMNIST (536 MiB) and train on one of its data sets:
      emnist data fetch
      emnist train --dataset balanced
    The others are byclass, bymerge, letters, digits and emnist-mnist; 'emnist data fetch mnist',
    fashion-mnist or kmnist gets those.

    """
  }
}
