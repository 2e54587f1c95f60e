import Datasets
import Foundation
import NN
import Support
import Testing
import TestSupport
import TrainingFixtures

@testable import Training

/// Copies a run directory as a kill at a certain moment would leave it.
private final class Camera: TrainingObserver {
  private let run: String
  private let copy: String
  private let step: Int?
  private let epoch: Int?

  /// - Parameters:
  ///   - step: the step after which the copy is made, or
  ///   - epoch: the epoch.
  init(_ run: String, to copy: String, afterStep step: Int? = nil, afterEpoch epoch: Int? = nil) {
    (self.run, self.copy, self.step, self.epoch) = (run, copy, step, epoch)
  }

  private func shoot() {
    do {
      try FileManager.default.copyItem(atPath: run, toPath: copy)
    } catch {
      Issue.record("\(error)")
    }
  }

  func trainer(_ trainer: Trainer, didStep progress: StepProgress) {
    if progress.record.step == step { shoot() }
  }

  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) {
    if record.epoch == epoch { shoot() }
  }
}

/// A training and what is special about it.
struct ResumeCase: CustomTestStringConvertible {
  let testDescription: String
  let options: [String: String]

  init(_ description: String, _ options: [String: String]) {
    testDescription = description
    self.options = options.merging(["epochs": "4"]) { given, _ in given }
  }

  static let all =
    special
    + OptimizerDescriptor.all.map(\.name)
    .filter { name in !special.contains { $0.options["optimizer"] == name } }
    .map { ResumeCase($0, ["optimizer": $0, "hidden": "16,16"]) }

  private static let special = [
    ResumeCase("sgd", ["optimizer": "sgd", "momentum": "0.9", "nesterov": "true"]),
    ResumeCase(
      "rmsprop",
      ["optimizer": "rmsprop", "momentum": "0.5", "scheduler": "one_cycle", "l2": "0.01"]
    ),
    ResumeCase("adagrad", ["optimizer": "adagrad", "clip_norm": "0.5", "shuffle": "false"]),
    ResumeCase(
      "adam, cosine",
      ["optimizer": "adam", "scheduler": "cosine", "warmup_epochs": "0.5", "dropout": "0.3"]),
    ResumeCase("adamw, average", ["optimizer": "adamw", "ema": "0.9", "batch_norm": "true"]),
    ResumeCase("muon", ["optimizer": "muon", "hidden": "16,16,16", "ema": "0.8"]),
    ResumeCase(
      "plateau",
      ["scheduler": "plateau", "plateau_patience": "0", "plateau_threshold": "0.5", "lr": "0.003"]),
    ResumeCase(
      "augmentation", ["augment": "heavy", "augment_noise": "0.1", "augment_until": "0.75"]),
    ResumeCase("mixing", ["mixup": "0.3", "cutmix": "1", "accumulate": "2", "dropout": "0.2"]),
    ResumeCase("without validation", ["val_split": "0", "log_steps": "true"]),
    ResumeCase("accuracy", ["monitor": "val_accuracy", "class_weights": "balanced"]),
    ResumeCase("accuracy, then loss", ["monitor": "val_accuracy_then_loss", "patience": "3"]),
    ResumeCase("the last epoch", ["monitor": "last", "patience": "3", "scheduler": "plateau"]),
    ResumeCase("recorded steps", ["log_steps": "true", "label_smoothing": "0.1"]),
  ]
}

@Suite struct ResumeTests {
  /// The columns of `history.csv` that the clock has no part in.
  private func history(_ run: String) throws -> [[Substring]] {
    try text(of: run + "/history.csv").split(separator: "\n").map { row in
      let columns = row.split(separator: ",", omittingEmptySubsequences: false)
      return Array(columns[...0] + columns[3...])
    }
  }

  private func expectSame(_ a: String, _ b: String) throws {
    #expect(try files(in: a) == files(in: b))
    // The clock has a part in what the others hold.
    let others = ["config.json", "history.csv", "events.out.tfevents.emnist", "manifest.json"]
    for name in try files(in: a) where !others.contains(name) {
      #expect(try readFile("\(a)/\(name)") == readFile("\(b)/\(name)"), "\(name)")
    }
    #expect(try history(a) == history(b))
  }

  @Test(arguments: ResumeCase.all) func nothingTellsThatATrainingWasEnded(_ part: ResumeCase) throws
  {
    try withTemporaryDirectory { folder in
      let (whole, copy) = (folder + "/run", folder + "/copy")
      let session = try TrainingFixtures.session(part.options, in: folder)
      #expect(try session.train(Camera(whole, to: copy, afterEpoch: 2)) == .finished)
      let resumed = try TrainingFixtures.resumed(part.options, run: copy, threads: 2)
      #expect(resumed.resumption?.epochs == 2)
      #expect(try resumed.train(Witness()) == .finished)
      try expectSame(whole, copy)
      #expect(resumed.trainer.bestEpoch == session.trainer.bestEpoch)
      #expect(resumed.trainer.trainedImages == session.trainer.trainedImages)
    }
  }

  @Test func aKillInTheMiddleOfAnEpochLosesThatEpochAlone() throws {
    try withTemporaryDirectory { folder in
      // 144 images in batches of 32: five steps an epoch.
      let (whole, copy) = (folder + "/run", folder + "/copy")
      let options = ["epochs": "4", "ema": "0.9", "dropout": "0.2", "log_steps": "true"]
      let session = try TrainingFixtures.session(options, in: folder)
      _ = try session.train(Camera(whole, to: copy, afterStep: 13))
      let (resumed, witness) = (try TrainingFixtures.resumed(options, run: copy), Witness())
      _ = try resumed.train(witness)
      #expect(witness.steps.first?.record.step == 11)
      try expectSame(whole, copy)
    }
  }

  /// Ended by `limit` in the middle of an epoch, a training goes on with the images that are left.
  @Test(arguments: [
    ["scheduler": "cosine", "mixup": "0.2", "accumulate": "2"],
    ["scheduler": "plateau", "plateau_patience": "0", "plateau_threshold": "0.9", "ema": "0.9"],
    ["augment": "default", "optimizer": "muon", "hidden": "16,16,16", "log_steps": "true"],
  ])
  func anEpochThatWasCutShortGoesOnInItsMiddle(_ options: [String: String]) throws {
    try withTemporaryDirectory { folder in
      let all = options.merging(["epochs": "4", "batch_size": "16"]) { $1 }
      let whole = try TrainingFixtures.session(all, in: folder)
      #expect(try whole.train(Witness()) == .finished)
      let cut = folder + "/cut"
      func train(_ stops: [String: String]) throws -> StopReason {
        let options = all.merging(stops) { $1 }
        return try FileManager.default.fileExists(atPath: cut)
          ? TrainingFixtures.resumed(options, run: cut).train(Witness())
          : TrainingFixtures.session(options.merging(["out": cut]) { $1 }, in: folder)
            .train(Witness())
      }
      for steps in [2, 12, 13, 16] { #expect(try train(["max_steps": "\(steps)"]) == .steps) }
      #expect(try train([:]) == .finished)
      try expectSame(whole.run.path, cut)
    }
  }

  @Test func theBestEpochIsNotTheOneThatWasCutShort() throws {
    try withTemporaryDirectory { folder in
      // A rate that only does harm in the second epoch, which is worse as a whole than in part.
      let options = [
        "epochs": "2", "lr": "0.05", "scheduler": "constant", "optimizer": "sgd", "momentum": "0",
        "val_split": "0.25", "batch_norm": "false",
      ]
      let cut = ["max_steps": "5"]
      let run = RunDirectory(path: folder + "/run")
      do {
        let first = try TrainingFixtures.session(options.merging(cut) { $1 }, in: folder)
        #expect(try first.train(Witness()) == .steps)
        #expect(first.trainer.bestEpoch == 2 && first.trainer.resumption.bestEpoch == 1)
      }
      #expect(try files(in: run.path).contains("best-before.safetensors"))
      let before = try readFile(run.earlierBest)
      let saved = try SavedTraining(reading: run)
      try saved.prepareDirectory(isOver: false)
      #expect(try readFile(run.best) == before)
      #expect(try !files(in: run.path).contains("best-before.safetensors"))
      unlink(run.best)
      #expect(
        message { try saved.prepareDirectory(isOver: false) }
          == "\(run.best): is not the checkpoint of epoch 1, the best so far")
    }
  }

  @Test func patienceCountsOverTheEnd() throws {
    try withTemporaryDirectory { folder in
      let options = ["epochs": "60", "patience": "3", "val_split": "0.25"]
      let whole = try TrainingFixtures.session(
        options, on: TrainingFixtures.senseless, in: folder)
      let (run, copy) = (whole.run.path, folder + "/copy")
      #expect(try whole.train(Camera(run, to: copy, afterEpoch: 2)) == .early)
      let resumed = try TrainingFixtures.resumed(
        options, on: TrainingFixtures.senseless, run: copy)
      #expect(try resumed.train(Witness()) == .early)
      try expectSame(run, copy)
    }
  }

  @Test func moreEpochsGoOnBehindTheLast() throws {
    try withTemporaryDirectory { folder in
      let whole = try TrainingFixtures.session(["epochs": "3"], in: folder)
      _ = try whole.train(Witness())
      _ = try TrainingFixtures.session(["epochs": "2", "out": folder + "/more"], in: folder)
        .train(Witness())
      let more = try TrainingFixtures.resumed(
        ["epochs": "3"], run: folder + "/more")
      _ = try more.train(Witness())
      try expectSame(folder + "/run", folder + "/more")
      #expect(more.trainer.history.count == 3 && more.trainer.trainingSeconds > 0)
    }
  }

  @Test func theTimeIsThatOfTheWholeTraining() throws {
    try withTemporaryDirectory { folder in
      do {
        let first = try TrainingFixtures.session(["max_time": "1e-9", "epochs": "2"], in: folder)
        #expect(try first.train(Witness()) == .time)
        #expect(first.trainer.step == 1)
      }
      let resumed = try TrainingFixtures.resumed(
        ["max_time": "1000", "epochs": "2"], run: folder + "/run")
      #expect(try resumed.train(Witness()) == .finished)
      #expect(resumed.trainer.step == 10)
    }
  }
}
