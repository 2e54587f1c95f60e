import NN
import Support
import Tensor
import Training

/// How long a run's network takes for one image alone, on one thread of this machine.
public enum SingleImageTime {
  private static let rounds = 15
  /// A round is so long at least, in seconds: far longer than reading the clock takes.
  private static let roundSeconds = 1e-3

  /// The median of some rounds, in seconds; `nil` without a checkpoint that can be read.
  public static func seconds(of run: RunRecord) -> Double? {
    guard run.model != nil,
      let (_, model) = try? Checkpoint.read(run.run.best, on: Device(threads: 1))
    else { return nil }
    let plan = InferencePlan(model, batch: 1)
    plan.refresh()
    let input = plan.input(1)
    for index in 0..<input.count { input[index] = Float(index % 7) / 7 }
    var passes = 1
    while round(passes, plan) * Double(passes) < roundSeconds { passes *= 2 }
    let times = (0..<rounds).map { _ in round(passes, plan) }
    return times.sorted()[rounds / 2]
  }

  /// Seconds a pass.
  private static func round(_ passes: Int, _ plan: InferencePlan) -> Double {
    let begin = monotonicSeconds()
    for _ in 0..<passes { _ = plan.run(1) }
    return (monotonicSeconds() - begin) / Double(passes)
  }
}
