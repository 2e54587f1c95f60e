import Analysis
import Support

/// What `emnist bench` found: a table a group.
public struct BenchmarkText {
  private let outcome: BenchmarkOutcome
  private let version: String
  private let terminal: Terminal

  public init(_ outcome: BenchmarkOutcome, version: String, terminal: Terminal) {
    self.outcome = outcome
    self.version = version
    self.terminal = terminal
  }

  /// Everything, each line ended by a line break.
  public var text: String {
    let tables = BenchmarkGroup.allCases.compactMap { group -> String? in
      let results = outcome.results.filter { $0.subject.group == group }
      return results.isEmpty ? nil : table(group, results)
    }
    return ([heading] + tables).joined(separator: "\n")
  }

  private var heading: String {
    outcome.machine.heading(version: version, terminal)
      + "medians of \(outcome.rounds) interleaved rounds; spread: from least to most; of peak: of "
      + "\(fixed(outcome.peak, 0))\nGFLOP/s, two a nominal multiply-add\n"
  }

  private func table(_ group: BenchmarkGroup, _ results: [BenchmarkResult]) -> String {
    switch group {
    case .peak: peaks(results)
    case .matmul: products(results, "matrix product, m x k x n")
    case .convolution:
      products(results, "3 x 3 convolution, batch \(results[0].subject.batch)")
    case .augmentation: fillings(results)
    case .training: models(results, "training step")
    case .inference: models(results, "inference")
    }
  }

  private func peaks(_ results: [BenchmarkResult]) -> String {
    var table = Table([
      .left("multiply-adds alone"), .right("threads"), .right("GFLOP/s"), .right("spread"),
    ])
    for result in results {
      table.add([
        result.subject.name, "\(result.subject.threads)", fixed(result.gflops, 1), spread(result),
      ])
    }
    return table.text(for: terminal)
  }

  private func products(_ results: [BenchmarkResult], _ title: String) -> String {
    var table = Table([
      .left(title), .left("pass"), .right("time"), .right("GFLOP/s"), .right("of peak"),
      .right("spread"),
    ])
    var previous = ""
    for result in results {
      let name = result.subject.name
      table.add([
        name == previous ? "" : withSigns(name), result.subject.variant,
        shortTime(result.seconds.median, terminal), fixed(result.gflops, 1), share(result),
        spread(result),
      ])
      previous = name
    }
    return table.text(for: terminal)
  }

  private func fillings(_ results: [BenchmarkResult]) -> String {
    var table = Table([
      .left("batch of varied images"), .right("batch"), .right("time"), .right("images/s"),
      .right("an image"), .right("spread"),
    ])
    for result in results {
      table.add([
        result.subject.name, "\(result.subject.batch)",
        shortTime(result.seconds.median, terminal),
        grouped(Int(result.imagesPerSecond.rounded())),
        shortTime(result.seconds.median / Double(result.subject.batch), terminal),
        spread(result),
      ])
    }
    return table.text(for: terminal)
  }

  private func models(_ results: [BenchmarkResult], _ title: String) -> String {
    var table = Table([
      .left(title), .right("batch"), .right("time"), .right("images/s"), .right("GFLOP/s"),
      .right("of peak"), .right("spread"),
    ])
    var previous = ""
    for result in results {
      let name = result.subject.name
      table.add([
        name == previous ? "" : name, "\(result.subject.batch)",
        shortTime(result.seconds.median, terminal),
        grouped(Int(result.imagesPerSecond.rounded())), fixed(result.gflops, 1), share(result),
        spread(result),
      ])
      previous = name
    }
    return table.text(for: terminal)
  }

  private func share(_ result: BenchmarkResult) -> String {
    percent(outcome.share(of: result), 1)
  }

  private func spread(_ result: BenchmarkResult) -> String {
    percent(result.seconds.spread, 1)
  }

  private func withSigns(_ name: String) -> String {
    guard terminal.allowsUnicode else { return name }
    return name.replacing(" x ", with: " × ").replacing("->", with: "→")
  }
}

extension Machine {
  /// `emnist 0.1.0 on AMD EPYC, avx512, 2 threads, caches of 32K and 1M`
  func heading(version: String, _ terminal: Terminal) -> String {
    Style(terminal)(.bold, "emnist \(version)")
      + " on \(processor), \(simd), \(counted(threads, "thread")), caches of \(caches.text)\n"
  }
}

/// `12.3 µs`, `1.53 ms`, `2.41 s`: a short duration in three digits.
func shortTime(_ seconds: Double, _ terminal: Terminal) -> String {
  let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, terminal.allowsUnicode ? "µs" : "us")]
  let (size, unit) = units.first { seconds >= 0.9995 * $0.0 } ?? units[2]
  let value = seconds / size
  return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + " \(unit)"
}

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
