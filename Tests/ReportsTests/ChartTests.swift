import Configuration
import Metrics
import NN
import Testing

@testable import Reports

/// Drawings of every kind, with few and with many things in them.
private struct DrawingCase: CustomTestStringConvertible {
  let testDescription: String
  let drawing: Drawing

  init(_ name: String, _ drawing: Drawing) {
    testDescription = name
    self.drawing = drawing
  }

  static let all = lines + bars + maps + networks + coverages + others

  private static func curve(
    _ count: Int, _ value: (Int) -> Double
  ) -> [(x: Double, y: Double)] {
    (1...count).map { (Double($0), value($0)) }
  }

  private static func chart(
    _ series: [CurveChart.Series], best: Int? = nil, log: Bool = false,
    within bounds: ClosedRange<Double>? = nil
  ) -> Drawing {
    CurveChart(
      "Loss", y: "loss (nats)", series: series,
      mark: best.map { CurveChart.Mark(x: Double($0), label: "best epoch \($0)") },
      mayBeLogarithmic: log, within: bounds, valueText: { "\($0)" }
    ).drawing
  }

  private static let lines = [
    DrawingCase("one epoch", chart([.init("training", [(1, 0.5)])], best: 1)),
    DrawingCase("no epoch", chart([.init("training", [])])),
    DrawingCase("nothing finite", chart([.init("training", curve(3) { _ in .nan })], best: 1)),
    DrawingCase(
      "infinite in the middle",
      chart([.init("training", curve(9) { $0 == 4 ? .infinity : 1 / Double($0) })], best: 9)),
    DrawingCase(
      "over four powers of ten",
      chart([.init("training", curve(1000) { 100 / Double($0 * $0) })], best: 1000, log: true)),
    DrawingCase(
      "nearly 100 %",
      chart([.init("training", curve(3) { 99.98 + Double($0) / 200 })], best: 2, within: 0...100)),
    DrawingCase("large numbers", chart([.init("training", curve(5) { 1e9 * Double($0) })])),
    DrawingCase(
      "twelve runs with long names",
      chart(
        (0..<12).map { run in
          .init(
            "runs/a-model-of-many-letters-on-a-data-set-\(run)", curve(30) { Double($0 + run) })
        }, best: 17)),
  ]

  private static let bars = [1, 2, 10, 62].map { count in
    DrawingCase(
      "\(count) bars",
      BarChart(
        "F1 of each class", axis: "F1", rows: "class",
        bars: (0..<count).map {
          .init("class \($0)", Double($0) / Double(count), hover: "\($0)")
        }, reference: (Double(count % 2), "macro mean 0.1234")
      ).drawing)
  }

  private static let maps = [
    ("1 class", ["a"]), ("2 classes", ["a", "b"]), ("10 classes", (0..<10).map { "\($0)" }),
    ("clothes", ClothingLabels.all), ("47 classes", (0..<47).map { "\($0)" }),
    ("62 wide classes", [String](repeating: "W", count: 62)),
    ("100 classes", (0..<100).map { "\($0)" }),
  ].map { name, labels in
    DrawingCase(
      name,
      HeatMap(
        "Confusion matrix", labels: labels, rows: "true class", columns: "predicted class",
        cells: labels.indices.map { row in
          labels.indices.map { column in
            // Most of a large matrix is empty.
            labels.count > 10 && abs(row - column) > 2
              ? nil
              : .init(
                intensity: Double((row * 7 + column) % 11) / 10, text: "\(row * column)", hover: "&"
              )
          }
        }, scale: ("images", [(0, "1"), (0.01, "2"), (0.5, "1,000"), (1, "12,345")])
      ).drawing)
  }

  private static let networks = ModelPreset.all.compactMap { preset in
    (try? ModelSummary(preset.description())).map {
      DrawingCase(preset.name, ArchitectureDiagram($0).drawing)
    }
  }

  private static let coverages = [("none", 2), ("half", 0.5), ("all", 0)].compactMap {
    name, threshold in
    let answers = (0..<3000).map {
      Prediction(
        trueClass: 0, predictedClass: UInt16($0 % 3), probability: 0.5, margin: 0.1,
        score: Double($0) / 3000)
    }
    return SelectiveResult(answers, threshold: threshold).map {
      DrawingCase("risk, \(name) answered", CoverageChart(result: $0).drawing)
    }
  }

  private static let others: [DrawingCase] = {
    var calibration = Calibration()
    for step in 0..<1000 { calibration.add(probability: Double(step) / 999, isCorrect: step > 400) }
    let cells = (0..<50).map {
      ImageGrid.Cell(png: [1, 2, 3], lines: ["Sandal → Sneaker", "100.0 %"], hover: "\($0)")
    }
    return [
      DrawingCase("reliability", ReliabilityDiagram(calibration).drawing),
      DrawingCase("reliability of nothing", ReliabilityDiagram(Calibration()).drawing),
      DrawingCase("gallery", ImageGrid("Mistakes", cells: cells).drawing),
      DrawingCase(
        "rows",
        ImageGrid(
          "Pairs",
          rows: [
            .init(["a name that is far too long to stand beside anything → b", "x"], cells),
            .init(["4 → 9", "37 of 980, 3.8 %"], cells),
          ]
        ).drawing),
    ]
  }()
}

enum ClothingLabels {
  static let all = [
    "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot",
  ]
}

@Suite struct ChartTests {
  @Test func everyPresetIsDrawn() {
    let names = Set(DrawingCase.all.map(\.testDescription))
    #expect(ModelPreset.all.allSatisfy { names.contains($0.name) })
  }

  @Test func onPaperNoVariableIsLeft() {
    let plain = ChartStyle.onPaper(ChartStyle.shapes)
    #expect(!plain.contains("var(") && plain.contains(".chart .f0{fill:#0072b2}"))
  }

  @Test(arguments: DrawingCase.all) fileprivate func everyFileIsXMLAndNoTextLiesOverAnother(
    example: DrawingCase
  ) throws {
    let svg = try XMLText(example.drawing.file)
    let root = try #require(svg.elements.first)
    #expect(root.name == "svg")
    #expect(root.attributes["xmlns"] == "http://www.w3.org/2000/svg")
    for element in svg.elements {
      for (key, value) in element.attributes where key != "aria-label" {
        #expect(!value.contains("nan") && !value.contains("inf"), "\(element.name) \(key)")
      }
    }
    let boxes = TextBoxes(svg)
    #expect(!boxes.boxes.isEmpty)
    #expect(boxes.overlaps.isEmpty, "\(boxes.overlaps.prefix(3))")
    #expect(boxes.outside.isEmpty, "\(boxes.outside.prefix(3))")
  }

  @Test func anUnfinishedValueIsMarkedAndNotDrawn() throws {
    let points: [(x: Double, y: Double)] = [(1, 1), (2, .nan), (3, 2), (4, 3)]
    let svg = try XMLText(
      CurveChart(
        "Loss", y: "loss", series: [.init("training", points)], valueText: { "\($0)" }
      ).drawing.file)
    let line = try #require(
      svg.named("path").last { $0.attributes["class"] == "series l0" }?.attributes["d"])
    #expect(line.filter { $0 == "M" }.count == 2 && line.filter { $0 == "L" }.count == 1)
    #expect(svg.named("text").contains { $0.text == "not a finite number" })
    #expect(svg.named("title").filter { $0.text.hasPrefix("epoch ") }.count == 3)
  }

  @Test func everySeriesOfSixDiffersInColorAndDashes() {
    #expect(Set((0..<6).map { LineMarker($0).dashes }).count == 6)
    #expect(ChartStyle.colorCount == 6)
    for index in 0..<6 { #expect(ChartStyle.variables.contains("--s\(index):#")) }
  }

  @Test func theDiagonalIsFlat() throws {
    let cell = HeatMap.Cell(intensity: 1, text: "5", hover: "h")
    let svg = try XMLText(
      HeatMap(
        "m", labels: ["a", "b"], rows: "r", columns: "c", cells: [[cell, cell], [nil, cell]],
        scale: ("s", [])
      ).drawing.file)
    #expect(svg.named("rect").filter { $0.attributes["class"] == "flat" }.count == 2)
    #expect(svg.named("title").filter { $0.text == "h" }.count == 3)
  }
}
