import Configuration
import Foundation
import NN
import Support
import TestSupport
import Testing

@testable import emnist

/// What people type who come from other programs.
@Suite struct OtherSpellingsTests {
  @Test(arguments: [
    ("--learning-rate", "--lr"), ("--batch", "--batch-size"), ("--validation-split", "--val-split"),
    ("--early-stopping", "--patience"), ("--dropout-rate", "--dropout"), ("--wd", "--weight-decay"),
    ("--num_epochs", "--epochs"), ("--lr_scheduler", "--scheduler"), ("--learning_rate", "--lr"),
  ])
  func aFlagOfAnotherProgramIsAnsweredWithOurs(given: String, flag: String) {
    let sentence = message { try train([given, "1"]) }
    #expect(
      sentence == "unknown option '\(given)' for 'emnist train'; did you mean '\(flag)'? "
        + "see 'emnist train --help'")
  }

  @Test(arguments: [
    (["--optimizer", "Adam"], "optimizer", "adam"),
    (["--scheduler", "cosine_annealing"], "scheduler", "cosine"),
    (["--activation", "ReLU"], "activation", "relu"), (["--init", "xavier"], "init", "glorot"),
    (["--monitor", "val_acc"], "monitor", "val_accuracy"),
    (["--monitor", "valid_loss"], "monitor", "val_loss"),
    (["--loss", "MSELoss"], "loss", "mse"), (["--model", "LeNet5"], "model", "lenet5"),
    (["--optimizer", "nesterov"], "nesterov", "true"),
  ])
  func choicesMayBeSpelledAsElsewhere(words: [String], option: String, value: String) throws {
    let configuration = try train(words).configuration.configuration
    #expect(ConfigurationOption.known(option).text(in: configuration) == value)
  }

  @Test func aFilesKeyIsAnsweredWithOurs() throws {
    try withTemporaryFolder { folder in
      let file = try folder.write("a.yaml", Array("learning_rate: 0.1\n".utf8))
      #expect(
        message { try train(["--config", file]) }
          == "\(file): unknown key 'learning_rate'; did you mean 'lr'?")
      let choices = try folder.write("b.yaml", Array("optimizer: SGD\nmomentum: 0.5\n".utf8))
      #expect(
        try train(["--config", choices]).configuration.configuration.optimizer?.name == "sgd")
    }
  }

  @Test func variablesThatMeanNothingAreNamed() throws {
    let result = try ProgramResult(
      ["train", "--print-config"],
      environment: ["EMNIST_LEARNING_RATE": "1", "EMNIST_ZEBRA": "1", "EMNIST_LR": "0.5"])
    #expect(
      result.errors == """
        emnist: the variable EMNIST_LEARNING_RATE means nothing here; did you mean EMNIST_LR?
        emnist: the variable EMNIST_ZEBRA means nothing here

        """)
    #expect(result.code == 0)
  }

  @Test func allObstaclesOfASweepStandBelowEachOther() throws {
    try withTemporaryFolder { folder in
      let text = "method: random\nparameters:\n  tau: {values: [1, 2]}\n  lr: {min: 1}\n"
      let file = try folder.write("s.yaml", Array(text.utf8))
      let result = try ProgramResult(["sweep", file, "--out", folder.path + "/study"])
      #expect(
        result.errors == """
          emnist: \(file): 2 obstacles; --ignore-unknown leaves out what is unknown here
            line 3: 'parameters.tau' is not a training option
            line 4: 'parameters.lr.max' is missing; give both min and max

          """)
      #expect(result.code == 78)
      let rest = try ProgramResult(["sweep", file, "--ignore-unknown"])
      #expect(
        rest.errors
          == "emnist: \(file): line 4: 'parameters.lr.max' is missing; give both min and max\n")
    }
  }

  private func train(_ words: [String]) throws -> TrainCommand {
    try TrainCommand(
      ArgumentParser.parse(
        words[...], for: "emnist train", options: TrainCommand.options,
        operands: TrainCommand.operands, environment: [:]))
  }
}
