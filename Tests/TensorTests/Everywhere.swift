import TestSupport
import Testing

@testable import Tensor

/// Runs `operation` with every usable instruction set and every number of threads, and expects:
/// results close to their references; the same bits from all that fuse multiply-adds, and for
/// every number of threads; nothing written beside the results, which begin as NaN.
///
/// - Parameters:
///   - results: the shape of each result, its reference and how close it must be.
///   - operation: writes the results.
func expectEverywhere(
  _ results: [(reference: Reference, tolerance: Tolerance)], _ what: String = "",
  threads: [Int] = [1, 2, 3], sourceLocation: SourceLocation = #_sourceLocation,
  _ operation: (_ device: Device, _ results: [Tensor]) -> Void
) {
  var fused: [Tensor]?
  for level in SIMDLevel.usable {
    var first: [Tensor]? = level.isFused ? fused : nil
    for count in threads {
      let outputs = results.map { GuardedTensor(unwritten: $0.reference.shape) }
      let tensors = outputs.map(\.tensor)
      operation(Device(level: level, threads: count), tensors)
      for (index, (expected, tolerance)) in results.enumerated() {
        let failures = [
          mismatch(tensors[index], expected, within: tolerance),
          first.flatMap { bitMismatch(tensors[index], $0[index]) }.map { "other bits: \($0)" },
          outputs[index].isIntact ? nil : "wrote beside the result",
        ]
        for failure in failures.compactMap(\.self) {
          Issue.record(
            "\(what) result \(index), \(level), \(count) threads: \(failure)",
            sourceLocation: sourceLocation)
        }
      }
      first = first ?? tensors
    }
    if level.isFused { fused = first }
  }
}

/// The same for one result.
func expectEverywhere(
  _ reference: Reference, within tolerance: Tolerance, _ what: String = "",
  threads: [Int] = [1, 2, 3], sourceLocation: SourceLocation = #_sourceLocation,
  _ operation: (_ device: Device, _ result: Tensor) -> Void
) {
  expectEverywhere(
    [(reference, tolerance)], what, threads: threads, sourceLocation: sourceLocation
  ) { operation($0, $1[0]) }
}

extension SIMDLevel {
  /// Whether its multiply-adds round once, which makes its bits those of the others that do.
  var isFused: Bool {
    #if arch(arm64)
      true
    #else
      self != .portable
    #endif
  }
}

/// Sizes around every vector width and pair of vectors: 4, 8 and 16 floats.
let edgeCounts = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100]
