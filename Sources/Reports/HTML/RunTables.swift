import Analysis
import Configuration
import Metrics
import NN
import Support
import Training

/// The tables of a run's report.
enum RunTables {
  /// Loss and accuracy of the best epoch, or of the last where the best is not known, and of the
  /// test.
  static func outcome(_ record: RunRecord) -> PageTable {
    let epoch = record.history.first { $0.epoch == record.bestEpoch } ?? record.history.last
    let title =
      record.bestEpoch.map { epoch in
        let reason = record.rule?.reason.map { " \($0)" } ?? ""
        return "\(record.rule == .last ? "Last" : "Best") epoch\(reason): \(epoch)"
      } ?? "Last epoch"
    var table = PageTable(title, [("part", .text), ("loss", .number), ("accuracy", .number)])
    func add(_ part: String, _ loss: Double, _ accuracy: Double, _ classes: String = "") {
      table.add([part, fixed(loss, 4), percent(accuracy)], classes)
    }
    if let epoch {
      add("training", epoch.trainLoss, epoch.trainAccuracy)
      if let loss = epoch.validationLoss, let accuracy = epoch.validationAccuracy {
        add("validation", loss, accuracy)
      }
    }
    if let test = record.test { add(test.part, test.loss, test.accuracy, "total") }
    return table
  }

  /// Precision, recall, F1 and support of every class, and their averages.
  ///
  /// Of more than 100 classes the weakest.
  static func classes(_ matrix: ConfusionMatrix) -> PageTable {
    let (all, supports) = (matrix.classScores, matrix.supports)
    let shown = ClassPictures.weakest(all, supports)
    let isWhole = shown.count == all.count
    var table = PageTable(
      isWhole ? "Scores of each class" : ClassPictures.omission(shown.count, of: matrix),
      [
        ("class", .text), ("precision", .number), ("recall", .number), ("F1", .number),
        ("images", .number),
      ])
    func add(_ name: String, _ scores: Scores, _ count: Int, _ classes: String = "") {
      let values = [scores.precision, scores.recall, scores.f1].map { fixed($0, 4) }
      table.add([name] + values + [grouped(count)], classes)
    }
    for index in isWhole ? Array(all.indices) : shown {
      add(matrix.labels[index], all[index], supports[index])
    }
    add("macro mean", matrix.macro, matrix.count, "total")
    add("weighted mean", matrix.weighted, matrix.count)
    return table
  }

  /// The layers and what they cost.
  static func layers(_ summary: ModelSummary) -> PageTable {
    var table = PageTable(
      "Layers of \(summary.name)",
      [
        ("layer", .text), ("type", .text), ("output", .text), ("parameters", .number),
        ("multiply-adds", .number),
      ])
    table.add(["input", "", shape(summary.inputShape), "", ""])
    for layer in summary.layers {
      table.add([
        layer.name, [layer.type, layer.detail].filter { !$0.isEmpty }.joined(separator: " "),
        shape(layer.outputShape), unlessZero(layer.parameters), unlessZero(layer.multiplyAdds),
      ])
    }
    table.add(
      ["total", "", "", grouped(summary.parameters), grouped(summary.multiplyAdds)], "total")
    return table
  }

  /// The options with a value: chosen ones stand out from defaults.
  static func configuration(_ options: [RecordedOption]) -> PageTable {
    var table = PageTable(
      "Options", [("option", .text), ("value", .free), ("decided by", .text)])
    for option in options {
      guard let value = option.value else { continue }
      table.add(
        [option.name, value, option.source], option.source == "default" ? "soft" : "")
    }
    return table
  }

  private static func unlessZero(_ count: Int) -> String { count == 0 ? "" : grouped(count) }

  private static func shape(_ extents: [Int]) -> String {
    extents.map(String.init).joined(separator: " × ")
  }
}
