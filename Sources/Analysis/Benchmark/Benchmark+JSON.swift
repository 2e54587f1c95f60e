import Platform
import Support
import Tensor

extension BenchmarkOutcome {
  /// The machine and every result, as `emnist bench --json` prints them.
  public func json(version: String) -> JSONObject {
    var object = machine.json(version: version)
    object["rounds"] = .integer(rounds)
    object["peak_gflops"] = .number(peak)
    object["results"] = .array(results.map { .object(json(of: $0)) })
    return object
  }

  private func json(of result: BenchmarkResult) -> JSONObject {
    let subject = result.subject
    var object: JSONObject = [
      "group": .string(subject.group.rawValue), "name": .string(subject.name),
    ]
    if !subject.variant.isEmpty { object["pass"] = .string(subject.variant) }
    if subject.countsImages { object["batch"] = .integer(subject.batch) }
    object["threads"] = .integer(subject.threads)
    if subject.operations > 0 { object["operations"] = .integer(subject.operations) }
    object["seconds"] = .object(result.seconds.json)
    if subject.operations > 0 { object["gflops"] = .number(result.gflops) }
    if subject.countsImages { object["images_per_second"] = .number(result.imagesPerSecond) }
    if subject.group != .peak, subject.operations > 0 {
      object["share_of_peak"] = .number(share(of: result))
    }
    return object
  }
}

extension BenchmarkSubject {
  fileprivate var countsImages: Bool { group != .peak && group != .matmul }
}

extension [LayerProfile] {
  /// The profiles, as `emnist bench --layers --json` prints them.
  public func json(version: String) -> JSONObject {
    var object = first?.machine.json(version: version) ?? ["schema": 1]
    object["profiles"] = .array(map { .object($0.json) })
    return object
  }
}

extension LayerProfile {
  fileprivate var json: JSONObject {
    [
      "model": .string(model), "batch": .integer(batch), "peak_gflops": .number(peak),
      "steps": .integer(step.seconds.values.count),
      "seconds": .object(step.seconds.summary), "images_per_second": .number(step.imagesPerSecond),
      "gflops": .number(step.gflops), "share_of_peak": .number(step.gflops / peak),
      "parts": .array(entries.map { .object(json(of: $0)) }),
    ]
  }

  private func json(of entry: Entry) -> JSONObject {
    [
      "pass": .string(entry.pass.rawValue), "layers": .array(entry.layers.map { .string($0) }),
      "operations": .integer(entry.operations), "seconds": .object(entry.seconds.summary),
      "gflops": .number(entry.gflops), "share_of_step": .number(share(of: entry)),
    ]
  }
}

extension Machine {
  fileprivate func json(version: String) -> JSONObject {
    [
      "schema": 1, "version": .string(version), "processor": .string(processor),
      "simd": .string(simd), "threads": .integer(threads), "caches": .object(caches.json),
    ]
  }
}

extension Sample {
  fileprivate var summary: JSONObject {
    ["median": .number(median), "least": .number(least), "most": .number(most)]
  }

  fileprivate var json: JSONObject {
    var object = summary
    object["rounds"] = .array(values.map { .number($0) })
    return object
  }
}

/// What a speed must be reported with.
public struct Machine: Equatable, Sendable {
  /// The processor's name as the system tells it, or its architecture.
  public let processor: String
  /// The instruction set in use.
  public let simd: String
  public let threads: Int
  /// Those that it goes by.
  public let caches: CacheSizes

  public init(processor: String, simd: String, threads: Int, caches: CacheSizes = .current) {
    self.processor = processor
    self.simd = simd
    self.threads = threads
    self.caches = caches
  }

  init(_ device: Device) {
    self.init(
      processor: Processor.current.name, simd: device.level.rawValue, threads: device.threadCount,
      caches: device.caches)
  }
}
