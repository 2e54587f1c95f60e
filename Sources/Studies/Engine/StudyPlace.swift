import Platform
import Support
import Training

/// The names of the files of a study, beside its journal.
public struct StudyPlace: Equatable, Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  public var trials: String { path + "/trials" }
  public var table: String { path + "/trials.csv" }
  public var summary: String { path + "/study.json" }
  public var report: String { path + "/report.html" }
  /// What the winner came to on the test part.
  public var winner: String { path + "/winner.json" }

  /// `trials/0007`.
  public func trial(_ number: Int) -> String {
    let digits = "\(number)"
    return "\(trials)/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// A trial's parameters and value for TensorBoard.
  public func events(ofTrial number: Int) -> String {
    trial(number) + "/events.out.tfevents.trial"
  }

  /// The run directory of the winner trained again with another seed, numbered from 1.
  public func refit(_ number: Int) -> String { "\(path)/winner-\(number)" }

  /// What the trainings of a trial would go on from.
  func checkpoints(ofTrial number: Int) -> [String] {
    directories(ofTrial: number).map { RunDirectory(path: $0).last }
  }

  /// Whether somebody trains in a trial's directory.
  func isInUse(trial number: Int) -> Bool {
    directories(ofTrial: number).contains { DirectoryLock($0) == nil }
  }

  /// Where the trainings of a trial may be: its directory, and what is in that.
  private func directories(ofTrial number: Int) -> [String] {
    let trial = trial(number)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: trial)) ?? []
    return [trial] + names.sorted().map { "\(trial)/\($0)" }
  }
}
