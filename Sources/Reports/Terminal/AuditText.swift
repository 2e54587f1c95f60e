import Analysis
import Datasets
import Metrics
import Support
import Training

/// Doubtful labels as a person reads and looks at them.
public struct AuditText {
  private let audit: LabelAudit
  private let terminal: Terminal
  /// The most issues that are listed and drawn.
  private let limit: Int

  /// The most classes that are listed.
  private static let classCount = 12

  public init(_ audit: LabelAudit, limit: Int, terminal: Terminal) {
    self.audit = audit
    self.limit = limit
    self.terminal = terminal
  }

  /// The issues that are listed and drawn.
  public var shown: [LabelIssue] { Array(audit.issues.prefix(limit)) }

  /// The estimate, the list and the classes.
  public var text: String {
    [summary, issues, classes].compactMap(\.self).joined(separator: "\n")
  }

  /// The list alone; `nil` without issues.
  public var issues: String? {
    guard !shown.isEmpty else { return nil }
    var table = Table([
      .right("image"), .left("given"), .left("suggested"), .right("probability"),
      .right("margin"), .left(""),
    ])
    for issue in shown {
      table.add([
        "\(issue.index)", audit.labels[Int(issue.given)], audit.labels[Int(issue.suggested)],
        fixed(issue.selfConfidence, 4), fixed(issue.margin, 4),
        issue.isConfident ? "confident" : "",
      ])
    }
    let rest = audit.issues.count - shown.count
    return table.text(for: terminal) + (rest > 0 ? "and \(grouped(rest)) more\n" : "")
  }

  private var summary: String {
    let estimate = audit.joint.errorEstimate
    let judges =
      audit.part == .train ? "training images, each judged by a fold without it" : "test images"
    return """
      \(audit.run.shown) on \(audit.dataset.shown): \(grouped(audit.count)) \(judges)
      \(counted(audit.issues.count, "label")) of a probability below one half; confident learning \
      estimates \(fixed(estimate, 1)) wrong ones (\(percent(estimate / Double(audit.count))))

      """
  }

  /// The classes with the most labels that may be wrong; `nil` if there is none.
  private var classes: String? {
    let noise = audit.joint.noise
    let order = noise.indices.filter { noise[$0].wrong + noise[$0].missing > 0 }
      .sorted { (-noise[$0].wrong, $0) < (-noise[$1].wrong, $1) }.prefix(Self.classCount)
    guard !order.isEmpty else { return nil }
    var table = Table([
      .left("class"), .right("labelled so"), .right("of them wrong"), .right(""),
      .right("labelled otherwise"),
    ])
    for c in order {
      let support = audit.joint.supports[c]
      table.add([
        audit.labels[c], grouped(support), fixed(noise[c].wrong, 1),
        support > 0 ? percent(noise[c].wrong / Double(support)) : "",
        fixed(noise[c].missing, 1),
      ])
    }
    return table.text(fitting: terminal)
  }

  /// The listed images with `given → suggested` under each, as a PNG; `nil` without issues.
  ///
  /// - Parameter images: the part that was audited.
  public func sheet(of images: ImageSet) -> [UInt8]? {
    guard !shown.isEmpty else { return nil }
    return CaptionedSheet(height: images.height, width: images.width).png(
      shown.map { issue in
        CaptionedSheet.Cell(
          image: images.image(issue.index),
          caption: "\(audit.labels[Int(issue.given)])→\(audit.labels[Int(issue.suggested)])".shown)
      })
  }
}
