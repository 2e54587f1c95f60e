import Datasets
import Metrics
import Support
import Tensor
import Training

/// Tests a run's network on the images of a part as they are, and on the same made harder and harder.
public struct RobustnessTest {
  public let run: RunDirectory
  public let checkpointPath: String
  public let device: Device

  public init(run: RunDirectory, checkpointPath: String, device: Device) {
    (self.run, self.checkpointPath, self.device) = (run, checkpointPath, device)
  }

  /// - Parameters:
  ///   - seed: of what is drawn for each image.
  ///   - progress: is told before each test what it is of.
  /// - Returns: the curves, and the result on the images as they are.
  /// - Throws: as ``RunTester/test(_:of:dataset:batch:shifts:isRehearsal:)``.
  public func curves(
    of selection: Selection, of part: RunPart, dataset: Dataset, _ ranges: [PerturbationRange],
    seed: UInt64, batch: Int = 256, progress: (PerturbationKind, Double) -> Void = { _, _ in }
  ) throws -> (robustness: RunRobustness, plain: TestResult) {
    let plain = try RunTester(run: run, checkpointPath: checkpointPath, device: device)
      .test(selection, of: part, dataset: dataset, batch: batch)
    let (checkpoint, model) = try Checkpoint.read(checkpointPath, on: device)
    let evaluator = Evaluator(model, of: checkpoint, batch: batch)
    let curves = try ranges.map { range in
      let points = try range.strengths.map { strength -> RobustnessCurve.Point in
        guard strength > 0 else { return RobustnessCurve.Point(0, plain.evaluation) }
        progress(range.kind, strength)
        try Interruption.check()
        let images = selection.perturbed(
          by: range.kind, strength: strength, seed: seed, isInkDark: checkpoint.form.isInkDark)
        let evaluation = evaluator.evaluate(
          Selection(images), shouldStop: { Interruption.signal != nil })
        try Interruption.check()
        return RobustnessCurve.Point(strength, evaluation)
      }
      return RobustnessCurve(kind: range.kind, points: points)
    }
    return (
      RunRobustness(
        run: run.path, checkpoint: checkpointPath, dataset: dataset.name, part: part,
        images: plain.images, count: selection.count, seed: seed, curves: curves), plain
    )
  }
}

/// What a network says of harder and harder images.
public struct RobustnessCurve: Sendable {
  /// At one strength.
  public struct Point: Sendable {
    public let strength: Double
    public let loss: Double
    public let accuracy: Double
    public let interval95: (lower: Double, upper: Double)

    init(_ strength: Double, _ evaluation: Evaluation) {
      self.strength = strength
      loss = evaluation.loss
      accuracy = evaluation.accuracy
      interval95 = evaluation.confusion.interval95
    }

    public init(strength: Double, loss: Double, accuracy: Double, count: Int) {
      (self.strength, self.loss, self.accuracy) = (strength, loss, accuracy)
      interval95 = wilsonInterval95(accuracy: accuracy, count: count)
    }
  }

  public let kind: PerturbationKind
  /// By rising strength, from 0.
  public let points: [Point]

  public init(kind: PerturbationKind, points: [Point]) { (self.kind, self.points) = (kind, points) }

  /// The mean over all strengths but 0: one number for how much is left.
  public var meanAccuracy: Double {
    let harder = points.dropFirst()
    return harder.reduce(0) { $0 + $1.accuracy } / Double(max(1, harder.count))
  }
}

/// The curves of one run.
public struct RunRobustness: Sendable {
  public let run: String
  public let checkpoint: String
  public let dataset: String
  public let part: RunPart
  /// What tells the images from others.
  public let images: String?
  public let count: Int
  public let seed: UInt64
  public let curves: [RobustnessCurve]

  public init(
    run: String, checkpoint: String, dataset: String, part: RunPart, images: String?, count: Int,
    seed: UInt64, curves: [RobustnessCurve]
  ) {
    (self.run, self.checkpoint, self.dataset, self.part) = (run, checkpoint, dataset, part)
    (self.images, self.count, self.seed, self.curves) = (images, count, seed, curves)
  }

  /// The member of `runs`.
  fileprivate var json: JSONObject {
    [
      "run": .string(run), "checkpoint": .string(checkpoint),
      "curves": .array(curves.map { .object($0.json) }),
    ]
  }
}

extension RobustnessCurve {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "perturbation": .string(kind.rawValue), "unit": .string(kind.unit),
      "strengths": .array(points.map { .number($0.strength) }),
      "accuracy": .array(points.map { .number($0.accuracy) }),
      "interval95": .array(
        points.map { [.number($0.interval95.lower), .number($0.interval95.upper)] }),
      "loss": .array(points.map { $0.loss.isFinite ? .number($0.loss) : .null }),
    ]
    object.set("mean_accuracy", number: meanAccuracy)
    return object
  }
}

/// The curves of one or more runs on the same images.
public struct Robustness: Sendable {
  /// At least one.
  public let runs: [RunRobustness]

  /// - Throws: ``RobustnessError``.
  public init(_ runs: [RunRobustness]) throws {
    precondition(!runs.isEmpty, "Robustness: no run")
    for run in runs.dropFirst() where run.images != runs[0].images || run.count != runs[0].count {
      throw RobustnessError.otherImages(first: runs[0].run, second: run.run)
    }
    self.runs = runs
  }

  /// The names of the runs: those of their directories, or the paths where two are alike.
  public var names: [String] {
    let names = runs.map { $0.run.split(separator: "/").last.map(String.init) ?? $0.run }
    return Set(names).count == names.count ? names : runs.map(\.run)
  }

  /// The object of `eval --perturb --json` and of `perturbation.json`.
  public var json: JSONObject {
    [
      "schema": 1, "dataset": .string(runs[0].dataset), "part": .string(runs[0].part.rawValue),
      "count": .integer(runs[0].count),
      "images_sha256": runs[0].images.map { .string($0) } ?? .null,
      "seed": ValueKind<UInt64>.seed.json(runs[0].seed),
      "runs": .array(runs.map { .object($0.json) }),
    ]
  }

  /// `perturbation.csv`: a row for each run, perturbation and strength.
  public var csvText: String {
    let header = "run,perturbation,strength,count,accuracy,lower,upper,loss\n"
    return runs.reduce(into: header) { text, run in
      for curve in run.curves {
        for point in curve.points {
          let (lower, upper) = point.interval95
          text += "\(csvField(run.run)),\(curve.kind.rawValue),\(point.strength),\(run.count),"
          text += "\(point.accuracy),\(lower),\(upper),\(point.loss)\n"
        }
      }
    }
  }
}

/// Curves that do not belong into one picture.
public enum RobustnessError: UserError, Equatable {
  case otherImages(first: String, second: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .otherImages(let first, let second):
      "\(second): would be tested on other images than \(first)"
    }
  }
}
