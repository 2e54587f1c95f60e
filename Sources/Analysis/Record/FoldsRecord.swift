import Metrics
import Support
import Training

/// A cross-validation read back from its directory.
public struct FoldsRecord: Sendable {
  public let directory: RunDirectory
  /// Those that were begun, in their order.
  public let folds: [RecordedFold]

  /// Reads the folds in `directory`.
  ///
  /// - Throws: as ``RunRecord/init(reading:)``.
  public init(reading directory: RunDirectory) throws {
    self.init(directory, folds: try directory.foldRuns.map(RunRecord.init(reading:)))
  }

  init(_ directory: RunDirectory, folds records: [RunRecord]) {
    self.directory = directory
    let finished = Self.finishedFolds(directory)
    folds = records.map {
      RecordedFold(record: $0, isFinished: finished?.contains($0.name) ?? true)
    }
  }

  /// The names of the folds' directories that the summary tells of; `nil` where it cannot be read.
  private static func finishedFolds(_ directory: RunDirectory) -> Set<String>? {
    let path = directory.summary(of: .folds)
    guard let json = try? JSONValue(parsing: readFile(path, as: .text), path: path) else {
      return nil
    }
    return Set((json["folds"]?.array ?? []).compactMap { $0["fold"]?.int }.map { "fold-\($0)" })
  }

  /// The name of the directory.
  public var name: String {
    directory.path.split(separator: "/").last.map(String.init) ?? directory.path
  }

  /// So many folds were asked for.
  public var count: Int {
    folds.first?.record.options.first { $0.name == "folds" }?.value.flatMap { Int($0) }
      ?? folds.count
  }

  /// What was divided into folds; `nil` without a checkpoint.
  public var dataset: String? { folds.lazy.compactMap(\.record.model?.dataset).first }

  /// Of the finished folds' validation accuracies, each at its best epoch; `nil` before the first.
  public var accuracy: MeanEstimate? { estimate(\.accuracy) }
  /// The same of the losses.
  public var loss: MeanEstimate? { estimate { $0.record.best?.validationLoss } }

  private func estimate(_ value: (RecordedFold) -> Double?) -> MeanEstimate? {
    let values = folds.filter(\.isFinished).compactMap(value)
    return values.isEmpty ? nil : MeanEstimate(values)
  }
}

/// A fold of a cross-validation.
public struct RecordedFold: Sendable {
  public let record: RunRecord
  public let isFinished: Bool

  /// `fold 1`
  public var name: String { record.name.replacing("-", with: " ") }
  /// On its validation part, at its best epoch; `nil` before the first.
  public var accuracy: Double? { record.best?.validationAccuracy }
  /// So many images it is validated on.
  public var images: Int? { record.manifest?["parts", "validation", "count"]?.int }
  /// So many it learns from.
  public var trainingImages: Int? { record.manifest?["parts", "training", "count"]?.int }
  /// What tells the images of both parts from others.
  var digests: [String]? {
    let digests = ["training", "validation"].compactMap { part in
      record.manifest?["parts", part, "sha256"]?.string
    }
    return digests.count == 2 ? digests : nil
  }
}
