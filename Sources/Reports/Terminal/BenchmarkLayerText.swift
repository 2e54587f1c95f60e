import Analysis
import Support

/// Where a training step's time goes, as `emnist bench --layers` shows it.
public struct BenchmarkLayerText {
  private let profile: LayerProfile
  private let terminal: Terminal

  public init(_ profile: LayerProfile, terminal: Terminal) {
    self.profile = profile
    self.terminal = terminal
  }

  /// The profiles of several models under one heading.
  public static func text(
    _ profiles: [LayerProfile], version: String, terminal: Terminal
  ) -> String {
    let heading = profiles.first?.machine.heading(version: version, terminal) ?? ""
    return ([heading] + profiles.map { BenchmarkLayerText($0, terminal: terminal).text })
      .joined(separator: "\n")
  }

  /// The step as a whole, and a line for each of its parts.
  public var text: String {
    var table = Table([
      .left("pass"), .left("layers"), .right("time"), .right("of step"), .right("GFLOP/s"),
      .right("of peak"),
    ])
    var previous = ""
    for entry in profile.entries {
      let pass = entry.pass.rawValue
      table.add([
        pass == previous ? "" : pass, layers(entry.layers),
        shortTime(entry.seconds.median, terminal), percent(profile.share(of: entry), 1),
        entry.operations > 0 ? fixed(entry.gflops, 1) : "",
        entry.operations > 0 ? percent(entry.gflops / profile.peak, 1) : "",
      ])
      previous = pass
    }
    table.addRule()
    let step = profile.step
    table.add([
      "step", "", shortTime(step.seconds.median, terminal), "", fixed(step.gflops, 1),
      percent(step.gflops / profile.peak, 1),
    ])
    let title = Style(terminal)(.bold, profile.model) + ", batch \(profile.batch): "
    return title + "\(grouped(Int(step.imagesPerSecond.rounded()))) images/s, "
      + "medians of \(grouped(step.seconds.values.count)) steps\n\n" + table.text(for: terminal)
  }

  /// `conv1 + act1 + pool1`, short enough for 80 columns.
  private func layers(_ names: [String]) -> String {
    let text = names.joined(separator: " + ")
    return text.count <= 30 ? text : text.prefix(27) + "..."
  }
}
