import Platform
import Support

/// The course of a training's loss, in so little room that a line of text holds it.
struct LossTrace {
  /// Means of equally many losses each, from the first.
  private var means: [Double] = []
  private var sum = 0.0
  private var count = 0
  /// The losses of a mean; doubled when there are too many means.
  private var stride = 1

  private static let mostMeans = 256
  private static let levels = Array("▁▂▃▄▅▆▇█")

  init() { means.reserveCapacity(Self.mostMeans) }

  /// Adds the loss of a step; one that is no positive number is left out.
  mutating func add(_ loss: Double) {
    guard loss.isFinite, loss > 0 else { return }
    sum += loss
    count += 1
    guard count == stride else { return }
    means.append(sum / Double(count))
    (sum, count) = (0, 0)
    if means.count == Self.mostMeans { halve() }
  }

  /// All of it in `columns` block characters, or fewer at the beginning. The scale is logarithmic,
  /// so that the end of a training can be told from its middle.
  func text(columns: Int) -> String {
    let groups = min(columns, means.count)
    guard groups > 0 else { return "" }
    let values = (0..<groups).map { group in
      let part = means[group * means.count / groups..<(group + 1) * means.count / groups]
      return log(part.reduce(0, +) / Double(part.count))
    }
    guard let least = values.min(), let most = values.max(), most > least else {
      return String(repeating: Self.levels[0], count: groups)
    }
    let scale = Double(Self.levels.count - 1) / (most - least)
    return String(values.map { Self.levels[Int((($0 - least) * scale).rounded())] })
  }

  private mutating func halve() {
    for pair in 0..<means.count / 2 { means[pair] = (means[2 * pair] + means[2 * pair + 1]) / 2 }
    means.removeSubrange(means.count / 2..<means.count)
    stride *= 2
  }
}
