import Support
import Tensor

/// What training makes small: a number for a batch of logits, and its gradient.
///
/// The loss of a batch is the mean of its rows' losses, each counted with its row's weight, which
/// is 1 unless classes have weights. A row with two classes has `share` times the loss of the
/// first and `1 − share` times that of the second.
public protocol Loss {
  /// Overwrites `logits` `[N, C]` with the gradient of the batch's loss.
  func callAsFunction(_ logits: Tensor, _ targets: Targets, on device: Device) -> LossResult
}

/// What a loss came to over some rows.
public struct LossResult: Equatable, Sendable {
  /// The sum of the rows' losses, each times its row's weight.
  public private(set) var sum = 0.0
  /// The sum of the rows' weights.
  public private(set) var weight = 0.0
  /// The rows whose largest logit, the first of equals, is the target's (larger) class.
  public private(set) var hits = 0
  public private(set) var rows = 0

  /// Over no rows.
  public init() {}

  public init(sum: Double, weight: Double, hits: Int, rows: Int) {
    self.sum = sum
    self.weight = weight
    self.hits = hits
    self.rows = rows
  }

  /// The mean over the rows; 0 where none has a weight.
  public var mean: Double { weight == 0 && sum == 0 ? 0 : sum / weight }

  /// The share of the rows that are right.
  public var accuracy: Double { Double(hits) / Double(rows) }

  public static func += (result: inout LossResult, other: LossResult) {
    result.sum += other.sum
    result.weight += other.weight
    result.hits += other.hits
    result.rows += other.rows
  }
}

/// What the rows of a batch should be: one class each, or two that share the row, as mixup and
/// cutmix make them.
public struct Targets: Sendable {
  /// The class of each row.
  public var labels: [UInt16]
  /// The second class of each row, where ``share`` is below 1.
  public var partners: [UInt16]
  /// How much of each row is its first class, from 0 to 1.
  public var share = 1.0

  /// Room for batches of up to `batch` rows.
  public init(batch: Int) {
    labels = [UInt16](repeating: 0, count: batch)
    partners = labels
  }

  /// These classes, one a row.
  public init(labels: [UInt16]) {
    self.labels = labels
    partners = labels
  }

  /// Whether rows have two classes.
  public var areMixed: Bool { share < 1 }
}

/// How much each class counts in a loss.
public enum ClassWeights: Equatable, Sendable {
  /// So that every class counts alike, however many images it has: `n / (C · n_c)`, where `n` is
  /// the number of images, `C` that of the classes that have any, and `n_c` the class's (King and
  /// Zeng, "Logistic regression in rare events data", 2001; scikit-learn's `balanced`). A class
  /// without images counts nothing.
  case balanced
  /// A number for each class.
  case numbers([Double])

  /// The weight of each class.
  ///
  /// - Parameter counts: the number of training images of each class.
  public func values(counts: [Int]) -> [Double] {
    switch self {
    case .numbers(let numbers): return numbers
    case .balanced:
      let total = Double(counts.reduce(0, +))
      let classes = Double(counts.count { $0 > 0 })
      return counts.map { $0 == 0 ? 0 : total / (classes * Double($0)) }
    }
  }
}

/// What a loss is made for.
public struct LossPlace: Sendable {
  /// The share of the target that is spread over all classes.
  public let labelSmoothing: Double
  /// Of each class; `nil` if all are 1.
  public let weights: [Double]?
  public let classes: Int
  /// The most rows.
  public let batch: Int

  public init(labelSmoothing: Double, weights: [Double]?, classes: Int, batch: Int) {
    self.labelSmoothing = labelSmoothing
    self.weights = weights
    self.classes = classes
    self.batch = batch
  }
}

/// A loss as a person chooses it. Adding one is a file with its type and an extension of this, and an
/// entry in ``all``.
public struct LossDescriptor: Choice {
  public let name: String
  public let abstract: String
  public let uses: [SettingUse]
  private let make: @Sendable (LossPlace, ChoiceValues) -> any Loss

  public static let all: [LossDescriptor] = [.crossEntropy, .focal, .mse]

  init(
    _ name: String, _ abstract: String, uses: [SettingUse] = [],
    make: @escaping @Sendable (LossPlace, ChoiceValues) -> any Loss
  ) {
    self.name = name
    self.abstract = abstract
    self.uses = uses
    self.make = make
  }

  /// The loss with the given numbers, and its defaults for the rest.
  public func makeLoss(_ place: LossPlace, _ given: Settings = Settings()) -> any Loss {
    make(place, values(given))
  }
}
