import Analysis
import Support
import Testing

@testable import emnist

@Suite struct RunsCommandTests {
  @Test func everythingIsRead() throws {
    let runs = try command(
      RunsCommand.self, "old --sort test_accuracy --filter model=cnn,lr=0.1 -q")
    #expect(runs.root == "old" && runs.order == .testAccuracy && runs.output.quiet)
    #expect(
      runs.filters == [RunFilter(key: "model", value: "cnn"), RunFilter(key: "lr", value: "0.1")])
    #expect(try command(RunsCommand.self, "--filter batch-size=64").filters[0].key == "batch_size")
  }

  @Test(arguments: ["modell=cnn", "model", "=", "model=cnn,"])
  func filtersThatMeanNothingAreRefused(filter: String) {
    #expect(throws: (any Error).self) { try command(RunsCommand.self, "--filter \(filter)") }
  }

  @Test func aDirectoryThatIsNotThereIsASentence() throws {
    let result = try ProgramResult(["runs", "nowhere"])
    #expect(result.code == 66 && result.errors.contains("nowhere"))
  }
}
