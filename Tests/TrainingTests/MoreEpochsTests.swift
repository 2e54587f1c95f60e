import Configuration
import NN
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Training

/// What a finished training does with more `epochs`, a case a schedule.
struct MoreEpochsCase: CustomTestStringConvertible {
  let testDescription: String
  let options: [String: String]
  /// Whether no step that is over would have been another under the new number.
  let isAsInOneGo: Bool

  init(_ name: String, _ options: [String: String] = [:], isAsInOneGo: Bool) {
    testDescription = ([name] + options.map { "\($0)=\($1)" }).joined(separator: " ")
    self.options = options.merging(["scheduler": name]) { $1 }
    self.isAsInOneGo = isAsInOneGo
  }

  static let all = [
    MoreEpochsCase("constant", isAsInOneGo: true),
    MoreEpochsCase("constant", ["warmup_epochs": "0.5"], isAsInOneGo: true),
    MoreEpochsCase("step", isAsInOneGo: false),
    MoreEpochsCase("step", ["lr_period": "1"], isAsInOneGo: true),
    MoreEpochsCase("multi_step", isAsInOneGo: false),
    MoreEpochsCase("multi_step", ["lr_milestones": "1"], isAsInOneGo: true),
    MoreEpochsCase("exponential", isAsInOneGo: false),
    MoreEpochsCase("exponential", ["lr_decay": "0.5"], isAsInOneGo: true),
    MoreEpochsCase("inverse_time", isAsInOneGo: true),
    MoreEpochsCase("polynomial", isAsInOneGo: false),
    MoreEpochsCase("cosine", isAsInOneGo: false),
    MoreEpochsCase("one_cycle", isAsInOneGo: false),
    MoreEpochsCase(
      "plateau", ["plateau_patience": "0", "plateau_threshold": "0.5"], isAsInOneGo: true),
  ]
}

@Suite struct MoreEpochsTests {
  @Test func everyScheduleHasACase() {
    let names = Set(MoreEpochsCase.all.compactMap { $0.options["scheduler"] })
    #expect(names == Set(ScheduleDescriptor.all.map(\.name)))
  }

  /// From its first new step on the rate is the one that a plan for all epochs has there.
  @Test(arguments: MoreEpochsCase.all)
  func aFinishedTrainingGoesOnByThePlanForTheNewNumber(_ part: MoreEpochsCase) throws {
    try withTemporaryDirectory { folder in
      func options(_ epochs: Int) -> [String: String] {
        part.options.merging(["epochs": "\(epochs)", "log_steps": "true"]) { $1 }
      }
      let whole = try TrainingFixtures.session(options(4), in: folder + "/whole")
      _ = try whole.train(Witness())
      // What goes on needs the directory's lock.
      do {
        let session = try TrainingFixtures.session(options(2), in: folder)
        #expect(try session.train(Witness()) == .finished)
      }
      let witness = Witness()
      let resumed = try TrainingFixtures.resumed(options(4), run: folder + "/run")
      #expect(try resumed.train(witness) == .finished)
      #expect(resumed.trainer.history.map(\.epoch) == [1, 2, 3, 4])
      let rates = try [StepRecord](csvFile: whole.run.steps).map(\.learningRate)
      let new = witness.steps.map(\.record.learningRate)
      if part.options["scheduler"] != "plateau" { #expect(new == Array(rates.suffix(new.count))) }
      let isSame =
        resumed.trainer.model.parameters.map(\.value.values)
        == whole.trainer.model.parameters.map(\.value.values)
      #expect(isSame == part.isAsInOneGo)
      let (old, all) = (
        try TrainingFixtures.configuration(options(2)).configuration,
        try TrainingFixtures.configuration(options(4)).configuration
      )
      // And a person is told so.
      #expect(all.stepsDiffer(from: old) == !part.isAsInOneGo)
    }
  }
}
