import Reports
import Support
import Testing
import Training

@testable import Configuration
@testable import emnist

/// The command of this type, read from a line without the command's name.
func command<C: Command>(
  _ type: C.Type, _ line: String, environment: [String: String] = [:]
) throws -> C {
  try C(
    ArgumentParser.parse(
      line.split(separator: " ").map(String.init)[...], for: "emnist \(C.name)",
      options: C.options, operands: C.operands, environment: environment))
}

@Suite struct TrainCommandTests {
  @Test func flagsBecomeTheConfiguration() throws {
    let train = try command(
      TrainCommand.self,
      "--model mlp --hidden 512,256 --no-shuffle --no-batch-norm -fq -j 2 -o runs/x")
    let configuration = train.configuration.configuration
    #expect(configuration.model == "mlp")
    #expect(ConfigurationOption.known("hidden").text(in: configuration) == "512,256")
    #expect(configuration.shuffle == false)
    #expect(ConfigurationOption.known("batch_norm").json(in: configuration) == false)
    #expect(configuration.force)
    #expect(configuration.threads == 2)
    #expect(configuration.out == "runs/x")
    #expect(train.output.quiet && !train.output.json && train.output.color == .auto)
    #expect(train.configuration.sources["shuffle"] == .flag)
  }

  @Test func aFlagWinsOverItsVariable() throws {
    let environment = ["EMNIST_EPOCHS": "9", "EMNIST_THREADS": "2", "EMNIST_OTHER": "x"]
    let train = try command(TrainCommand.self, "--epochs 3", environment: environment)
    #expect(train.configuration.configuration.epochs == 3)
    #expect(train.configuration.configuration.threads == 2)
    #expect(train.configuration.sources["threads"] == .environment)
  }

  @Test(arguments: [
    ("--epochs 0", "--epochs must be at least 1, got 0"),
    ("--color red", "unknown color mode 'red'; choose auto, always or never"),
    ("--config=", "--config must be a path, got ''"),
    (
      "--train-images a",
      "--train-images is of use only together with --train-labels; give both"
    ),
  ])
  func everythingIsCheckedBeforeAnythingRuns(line: String, expected: String) {
    #expect(message { _ = try command(TrainCommand.self, line) } == expected)
  }
}

@Suite struct EvalCommandTests {
  @Test func everythingIsRead() throws {
    let eval = try command(
      EvalCommand.self,
      "--confusion runs/a --checkpoint last --fail-under accuracy=0.9 --limit 10 --json")
    #expect(eval.runDirectory == "runs/a")
    #expect(eval.showsConfusion)
    #expect(eval.checkpoint == .last)
    #expect(eval.threshold == MetricThreshold(metric: .accuracy, least: 0.9))
    #expect(eval.overrides.configuration.limit == 10)
    #expect(eval.output.json)
  }

  @Test func withoutArgumentsTheNewestRunsBestWeightsAreMeant() throws {
    let eval = try command(EvalCommand.self, "")
    #expect(eval.runDirectory == nil)
    #expect(eval.checkpoint == .best && eval.part == .test && eval.sort == .label)
    #expect(eval.augmentation == .none && eval.out == nil && !eval.showsReliability)
    #expect(eval.threshold == nil)
    #expect(eval.overrides == LayeredConfiguration())
  }

  @Test(arguments: [
    (
      "--fail-under accuracy",
      "--fail-under must be METRIC=SHARE with a share from 0 to 1, as accuracy=0.9, "
        + "got 'accuracy'"
    ),
    (
      "--fail-under accuracy=95",
      "--fail-under must be METRIC=SHARE with a share from 0 to 1, as accuracy=0.9, "
        + "got 'accuracy=95'"
    ),
    (
      "--fail-under acuracy=0.9",
      "unknown metric 'acuracy'; did you mean 'accuracy'? choose accuracy or macro_f1"
    ),
    ("--checkpoint first", "unknown checkpoint 'first'; choose best or last"),
    ("a b", "unexpected argument 'b' for 'emnist eval'; see 'emnist eval --help'"),
    (
      "--epochs 3",
      "unknown option '--epochs' for 'emnist eval'; see 'emnist eval --help'"
    ),
  ])
  func mistakesAreNamed(line: String, expected: String) {
    #expect(message { _ = try command(EvalCommand.self, line) } == expected)
  }
}

@Suite struct DataCommandTests {
  @Test func aDataSetMayBeNamedWithoutItsFlag() throws {
    let info = try command(DataInfoCommand.self, "letters --data /d")
    #expect(info.dataSet.configuration.dataset == "letters")
    #expect(info.dataSet.configuration.data == "/d")
  }

  @Test func aNameWinsOverTheVariable() throws {
    let info = try command(
      DataInfoCommand.self, "letters", environment: ["EMNIST_DATASET": "digits"])
    #expect(info.dataSet.configuration.dataset == "letters")
  }

  @Test func twoNamesAreRefused() {
    #expect(
      message { _ = try command(DataInfoCommand.self, "letters --dataset digits") }
        == "'letters' and '--dataset digits' name two data sets; give one of them")
  }

  @Test func previewKnowsItsSheet() throws {
    let preview = try command(
      DataPreviewCommand.self, "-o s.png --part test --per-class 2 --seed 5")
    #expect(preview.out == "s.png")
    #expect(preview.part == .test)
    #expect(preview.perClass == 2)
    #expect(preview.seed == 5)
  }
}
