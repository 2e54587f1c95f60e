import Datasets
import Metrics
import Support
import Training

/// A sample whose label is doubtful.
public struct LabelIssue: Equatable, Sendable {
  /// Where in its part's files the image stands.
  public let index: Int
  public let given: UInt16
  /// The most probable of the other classes.
  public let suggested: UInt16
  /// The probability of the given label.
  public let selfConfidence: Double
  /// ``selfConfidence`` less the suggested class's probability.
  public let margin: Double
  /// Whether the confident joint counts it for another class than its label.
  public let isConfident: Bool
}

/// The labels of a part of a data set, judged by models that did not learn from it.
public struct LabelAudit: Sendable {
  /// The run that judged, or the directory of its folds.
  public let run: String
  public let dataset: String
  public let part: RunPart
  public let labels: [String]
  public let joint: ConfidentJoint
  /// The images whose label is less probable than not, the least probable first; equal ones in
  /// their order.
  public let issues: [LabelIssue]
  /// The number of images judged.
  public var count: Int { joint.confidentClasses.count }

  /// - Parameters:
  ///   - selection: the images.
  ///   - probabilities: what was said of them, `[N, C]`. The joint is counted with what becomes of
  ///     these when they are made as sure as they are right; issues keep them, because that would
  ///     put a shape that is like no class behind one that is surely like another.
  init(
    run: String, dataset: Dataset, part: RunPart, _ selection: Selection, probabilities: [Float]
  ) {
    let labels = dataset.classes.labels
    let given = (0..<selection.count).map(selection.label(at:))
    let calibrated = Temperature(
      fitting: probabilities, labels: given, classCount: labels.count
    ).apply(to: probabilities, classCount: labels.count)
    let joint = ConfidentJoint(
      probabilities: calibrated, labels: given, classCount: labels.count)
    let issues = given.enumerated().compactMap { position, label -> LabelIssue? in
      let row = probabilities[position * labels.count..<(position + 1) * labels.count]
      let place = row.startIndex + Int(label)
      let own = row[place]
      let others = row.indices.filter { $0 != place }
      guard own < 0.5, let best = others.max(by: { row[$0] < row[$1] }) else { return nil }
      let confident = joint.confidentClasses[position]
      return LabelIssue(
        index: Int(selection.indices[position]), given: label,
        suggested: UInt16(best - row.startIndex), selfConfidence: Double(own),
        margin: Double(own) - Double(row[best]),
        isConfident: confident.map { $0 != label } ?? false)
    }
    (self.run, self.dataset, self.part) = (run, dataset.name, part)
    (self.labels, self.joint) = (labels, joint)
    self.issues = issues.sorted { ($0.selfConfidence, $0.index) < ($1.selfConfidence, $1.index) }
  }

  /// `index,given,suggested,self_confidence,margin,confident`, in the order of ``issues``.
  public var csvText: String {
    let names = labels.map(csvField)
    let header = "index,given,suggested,self_confidence,margin,confident\n"
    return issues.reduce(into: header) { text, issue in
      text += "\(issue.index),\(names[Int(issue.given)]),\(names[Int(issue.suggested)]),"
      text += "\(issue.selfConfidence),\(issue.margin),\(issue.isConfident)\n"
    }
  }

  /// The object of `emnist audit --json`.
  public var json: JSONObject {
    let noise = joint.noise
    return [
      "schema": 1, "run": .string(run), "dataset": .string(dataset),
      "part": .string(part.rawValue), "count": .integer(count),
      "estimated_errors": .number(joint.errorEstimate),
      "issues": .array(issues.map(json)),
      "classes": .array(
        labels.indices.map { index in
          var row: JSONObject = [
            "index": .integer(index), "label": .string(labels[index]),
            "support": .integer(joint.supports[index]), "wrong": .number(noise[index].wrong),
            "missing": .number(noise[index].missing),
          ]
          row.set("threshold", number: joint.thresholds[index])
          return .object(row)
        }),
      "joint": joint.counts.json,
    ]
  }

  private func json(_ issue: LabelIssue) -> JSONValue {
    [
      "index": .integer(issue.index), "given": .string(labels[Int(issue.given)]),
      "suggested": .string(labels[Int(issue.suggested)]),
      "self_confidence": .number(issue.selfConfidence), "margin": .number(issue.margin),
      "confident": .bool(issue.isConfident),
    ]
  }
}
