import Analysis
import Configuration
import Metrics
import Support
import Training

/// What each of several runs costs: weights, arithmetic, time.
struct ComparedCosts {
  let units: [PageUnit]
  let comparison: RunComparison?

  /// Accuracy over multiply-adds; `nil` where less than two are known.
  var picture: ReportPicture? {
    guard let comparison else { return nil }
    let points = zip(units, comparison.contenders).compactMap { unit, contender in
      unit.multiplyAdds.map { cost in
        let value = comparison.value(of: .accuracy, for: contender)
        let interval = comparison.interval95(of: .accuracy, for: contender)
        return CostChart.Point(
          unit.name, cost: cost, value: value * 100,
          interval: interval.map { ($0.lower * 100, $0.upper * 100) }, color: unit.color,
          hover: "\(unit.name): \(percent(value)) with \(grouped(Int(cost))) multiply-adds an image"
        )
      }
    }
    guard points.count > 1, points.allSatisfy({ $0.cost > 0 }) else { return nil }
    return ReportPicture(
      "cost",
      CostChart(
        "What accuracy costs", x: "multiply-adds an image", y: "accuracy (%)", points: points,
        within: 0...100
      ).drawing,
      caption: "Left and high is best. A training takes three times the multiply-adds an image and "
        + "epoch.")
  }

  private typealias Row = (name: String, value: (PageUnit) -> String?)

  private static var rows: [Row] {
    [
      ("trainings", { $0.records.count > 1 ? grouped($0.records.count) : "1" }),
      ("parameters", { $0.parameters.map { grouped(Int($0)) } }),
      ("multiply-adds an image", { $0.multiplyAdds.map { grouped(Int($0)) } }),
      (
        "epochs",
        { $0.mean { Double($0.history.count) }.map { fixed($0, $0.rounded() == $0 ? 0 : 1) } }
      ),
      ("training time", { $0.trainingSeconds.map(duration) }),
      ("an image of the test", { $0.testSeconds.map(Self.short) }),
      ("one image alone, here", { $0.latency.map(Self.short) }),
      ("threads", { $0.shared { $0.manifest?.sessions.last?["threads"]?.int.map(String.init) } }),
      ("processor", { $0.shared { $0.manifest?.sessions.last?["processor"]?["name"]?.string } }),
    ]
  }

  var table: PageTable {
    let isTall = units.count <= 3
    let rows = Self.rows.filter { row in
      units.contains { row.value($0) != nil }
        && (row.name != "trainings" || units.contains { $0.records.count > 1 })
    }
    guard isTall else {
      var table = PageTable("Costs", [("run", .text)] + rows.map { ($0.name, .number) })
      for unit in units { table.add([unit.name] + rows.map { $0.value(unit) ?? "–" }) }
      return table
    }
    var table = PageTable("Costs", [("", .text)] + units.map { ($0.name, .number) })
    for row in rows { table.add([row.name] + units.map { row.value($0) ?? "–" }) }
    return table
  }

  /// `cnn has 1.5 times the parameters of mlp, …`; empty for other than two.
  var sentence: String {
    guard units.count == 2 else { return "" }
    let (first, second) = (units[0], units[1])
    let parts = [
      ratio(first.parameters, second.parameters).map { "has \($0) times the parameters" },
      ratio(first.multiplyAdds, second.multiplyAdds).map { "needs \($0) times the multiply-adds" },
      ratio(first.trainingSeconds, second.trainingSeconds).map {
        "took \($0) times as long to train"
      },
      ratio(first.latency, second.latency).map { "takes \($0) times as long for one image alone" },
    ].compactMap(\.self)
    guard !parts.isEmpty else { return "" }
    return "Against \(first.name), \(second.name) \(parts.asEnumeration)."
  }

  private func ratio(_ a: Double?, _ b: Double?) -> String? {
    guard let a, let b, a > 0, b > 0 else { return nil }
    let ratio = b / a
    return fixed(ratio, ratio < 0.1 ? 3 : ratio < 10 ? 2 : ratio < 100 ? 1 : 0)
  }

  /// `12 µs`, `1.3 ms`
  private static func short(_ seconds: Double) -> String {
    seconds < 1e-3
      ? "\(fixed(seconds * 1e6, seconds < 1e-5 ? 1 : 0)) µs" : "\(fixed(seconds * 1e3, 1)) ms"
  }

  /// What one should know of the times.
  var note: String {
    "Times of training and test are those of where and when they ran; the test's are of batches."
      + (units.contains { $0.latency != nil }
        ? " One image alone was measured on one thread of the machine that drew this page, when it did."
        : "")
  }
}

extension PageUnit {
  var parameters: Double? { mean { $0.model.map { Double($0.summary.parameters) } } }
  var multiplyAdds: Double? { mean { $0.model.map { Double($0.summary.multiplyAdds) } } }
  var trainingSeconds: Double? { mean { $0.history.isEmpty ? nil : $0.seconds } }

  var testSeconds: Double? {
    mean { run in
      run.test.flatMap { $0.imagesPerSecond > 0 ? 1 / $0.imagesPerSecond : nil }
    }
  }

  /// What all runs have in common.
  func shared(_ value: (RunRecord) -> String?) -> String? {
    let values = Set(records.map(value))
    return values.count == 1 ? values.first ?? nil : nil
  }
}
