import Support

extension TFLiteModel {
  /// Bytes of the arena that TensorFlow Lite Micro needs for the network: the RAM beside the file, which
  /// stays where it is. Within some percent of what its `print_allocations` counts on a machine of
  /// 64 bits; one of 32 bits needs less.
  var arenaBytes: Int { plannedBytes + keptBytes }

  /// Of the tensors that are computed, each from the operator that writes it to the last that reads it, as
  /// Micro's `GreedyMemoryPlanner` lays them out: the largest first, of equals
  /// the last, each into the first gap.
  private var plannedBytes: Int {
    var tenants = tensors.indices.map { Tenant(bytes: Self.aligned(tensors[$0].bytes)) }
    for place in inputs { tenants[place].use(0) }
    for (time, step) in operators.enumerated() {
      for place in step.inputs + step.outputs { tenants[place].use(time + 1) }
    }
    for place in outputs { tenants[place].use(operators.count) }
    let planned = tensors.indices.filter { tensors[$0].content == nil }
    let ordered = planned.sorted { (tenants[$0].bytes, $0) > (tenants[$1].bytes, $1) }
    var placed: [(start: Int, tenant: Tenant)] = []
    for place in ordered {
      let tenant = tenants[place]
      var start = 0
      let others = placed.filter { $0.tenant.time.overlaps(tenant.time) }
      for other in others.sorted(by: { $0.start < $1.start }) {
        guard other.start < start + tenant.bytes else { break }
        start = max(start, other.start + other.tenant.bytes)
      }
      placed.append((start, tenant))
    }
    return placed.reduce(0) { max($0, $1.start + $1.tenant.bytes) }
  }

  /// Of what is kept as long as the network is: something for each tensor and operator, and multiplier and
  /// shift for each channel that is requantized. Fitted to what Micro counted of eight networks in 2026.
  private var keptBytes: Int {
    let isQuantized = tensors.contains { $0.element == .int8 }
    let channels = operators.reduce(0) { sum, step in
      switch step.code {
      case .convolution, .depthwiseConvolution: sum + (tensors[step.outputs[0]].shape.last ?? 0)
      case .fullyConnected where isQuantized: sum + (tensors[step.outputs[0]].shape.last ?? 0)
      default: sum
      }
    }
    return (isQuantized ? 848 : 752) + 24 * tensors.count + 131 * operators.count + 8 * channels
  }

  private static func aligned(_ bytes: Int) -> Int { (bytes + 15) / 16 * 16 }

  /// A tensor's place in RAM while it is used.
  private struct Tenant {
    let bytes: Int
    /// From the first operator that uses it to the last.
    private(set) var time = Int.max...Int.max

    init(bytes: Int) { self.bytes = bytes }

    mutating func use(_ moment: Int) {
      time =
        time.lowerBound == .max
        ? moment...moment : min(time.lowerBound, moment)...max(time.upperBound, moment)
    }
  }
}

extension TFLiteTensor {
  /// Of its numbers.
  fileprivate var bytes: Int {
    boundedProduct(shape) * (element == .int8 ? 1 : 4)
  }
}
