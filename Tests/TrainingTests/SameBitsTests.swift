import Support
import Tensor
import TestSupport
import Testing
import TrainingFixtures

@testable import Training

/// With what a training is computed, of which nothing may show.
struct Machine: CustomTestStringConvertible {
  let level: SIMDLevel
  let threads: Int
  var testDescription: String { "\(level), \(threads) threads" }

  /// Those that fuse multiply-adds; where there is none, the portable one.
  static let all: [Machine] = {
    let fusing = SIMDLevel.usable.filter { $0 != .portable }
    return (fusing.isEmpty ? [.portable] : fusing).flatMap { level in
      [1, 2, 3].map { Machine(level: level, threads: $0) }
    }
  }()
}

/// The short form of `Scripts/check_bits.sh`.
@Suite struct SameBitsTests {
  /// Of what a training draws and computes something of everything.
  static let trainings = [
    ["model": "mlp-small", "hidden": "24,16", "dropout": "0.2", "mixup": "0.3"],
    ["model": "cnn-2", "filters": "8,16", "augment": "heavy", "scheduler": "cosine", "ema": "0.9"],
  ]

  /// Trains twenty steps, as many epochs as there are machines, an epoch on each, and returns the
  /// tensors of the checkpoints.
  private func trained(
    _ options: [String: String], on machines: [Machine]
  ) throws -> [ArraySlice<UInt8>] {
    try withTemporaryDirectory { folder in
      for (index, machine) in machines.enumerated() {
        let given = options.merging(
          [
            "epochs": "4", "batch_size": "32", "val_split": "0.1",
            "max_steps": "\(20 * (index + 1) / machines.count)",
          ]
        ) { $1 }
        let session =
          try index == 0
          ? TrainingFixtures.session(
            given, in: folder, level: machine.level, threads: machine.threads)
          : TrainingFixtures.resumed(
            given, run: folder + "/run", level: machine.level, threads: machine.threads)
        _ = try session.train(Witness())
        #expect(session.trainer.step == 20 * (index + 1) / machines.count)
      }
      return try ["best", "last"].map { name in
        let file = try readFile("\(folder)/run/\(name).safetensors")
        return file[(8 + file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) })...]
      }
    }
  }

  @Test(arguments: trainings)
  func neitherThreadsNorInstructionSetChangeABit(_ options: [String: String]) throws {
    let first = try trained(options, on: [Machine.all[0]])
    for machine in Machine.all.dropFirst() {
      #expect(try trained(options, on: [machine]) == first, "\(machine.testDescription)")
    }
  }

  @Test(arguments: trainings)
  func partsOfATrainingOnDifferentMachinesAreTheTraining(_ options: [String: String]) throws {
    let machines = Machine.all
    let first = try trained(options, on: [machines[0]])
    let alternating = [0, machines.count - 1, 1, machines.count - 2].map { machines[$0] }
    #expect(try trained(options, on: alternating) == first)
  }
}
