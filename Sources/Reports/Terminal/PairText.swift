import Analysis
import Metrics
import Support

/// Where two runs part: which images and which classes only one of them got right.
struct PairText {
  private let comparison: RunComparison
  private let pair: RunPair
  /// As wide as the window allows.
  private let names: [String]
  /// Whether a table needs an empty line behind it.
  private let isMarkdown: Bool
  private let show: (Table) -> String

  /// The most classes that are shown, and the most images of each side.
  private static let classCount = 10
  private static let imageCount = 8

  init(
    _ comparison: RunComparison, _ pair: RunPair, _ terminal: Terminal, isMarkdown: Bool,
    show: @escaping (Table) -> String
  ) {
    self.comparison = comparison
    self.pair = pair
    self.isMarkdown = isMarkdown
    self.show = show
    // The widest table has two columns with a name each, beside 42 columns of other things.
    let room = terminal.canRedraw ? max(8, (terminal.width - 42) / 2) : .max
    names = [pair.first, pair.second].map { comparison.runs[$0].name.shown }.shortened(to: room)
  }

  /// A table each.
  var blocks: [String] {
    [show(outcomes), classes, images(wonBy: 1), images(wonBy: 0)].compactMap(\.self)
  }

  private var outcomes: Table {
    let outcomes = pair.outcomes
    var table = Table([.left("images"), .right("\(names[1]) right"), .right("wrong")])
    table.add([
      "\(names[0]) right", grouped(outcomes.bothRight), grouped(outcomes.onlyFirstRight),
    ])
    table.add(["wrong", grouped(outcomes.onlySecondRight), grouped(outcomes.neitherRight)])
    return table
  }

  /// The classes in which the two differ most; `nil` if they differ in none.
  private var classes: String? {
    let shown = pair.decisiveClasses.prefix(Self.classCount)
    guard !shown.isEmpty else { return nil }
    var table = Table([
      .left("class"), .right("images"), .right("only \(names[1])"), .right("only \(names[0])"),
      .right("net"),
    ])
    for index in shown {
      let outcomes = pair.classes[index]
      let net = outcomes.onlySecondRight - outcomes.onlyFirstRight
      table.add([
        comparison.labels[index], grouped(outcomes.count), grouped(outcomes.onlySecondRight),
        grouped(outcomes.onlyFirstRight), (net < 0 ? "-" : "+") + grouped(abs(net)),
      ])
    }
    let rest = pair.decisiveClasses.count - shown.count
    return show(table) + (rest > 0 ? "\(breakLine)and \(rest) more classes, less uneven\n" : "")
  }

  private var breakLine: String { isMarkdown ? "\n" : "" }

  /// The first images that only run `winner` of the two got right; `nil` if there is none.
  private func images(wonBy winner: Int) -> String? {
    let won = pair.images.filter { $0.predictedClasses[winner] == $0.trueClass }
    guard !won.isEmpty else { return nil }
    var table = Table([
      .right("image"), .left("only \(names[winner]) right"), .left("\(names[1 - winner]) said"),
    ])
    for image in won.prefix(Self.imageCount) {
      table.add([
        "\(image.index)", comparison.labels[Int(image.trueClass)],
        comparison.labels[Int(image.predictedClasses[1 - winner])],
      ])
    }
    let rest = won.count - Self.imageCount
    return show(table) + (rest > 0 ? "\(breakLine)and \(grouped(rest)) more\n" : "")
  }
}
