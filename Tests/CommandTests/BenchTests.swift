import Analysis
import NN
import Support
import Tensor
import Testing

@testable import emnist

@Suite struct BenchCommandTests {
  @Test(arguments: [
    (
      "--only matmull",
      "unknown measurement 'matmull'; did you mean 'matmul'? "
        + "choose peak, matmul, convolution, augmentation, training or inference"
    ),
    (
      "--model mlp-4",
      "unknown model 'mlp-4'; did you mean 'mlp-3'? "
        + "choose \(MeasuredModel.names.joined(separator: ", ")) or a FILE.json"
    ),
    ("--rounds 0", "--rounds must be from 1 to 1000, got 0"),
    ("--model no.json", "no.json: no such file; check the name"),
  ])
  func mistakesAreNamed(line: String, expected: String) {
    #expect(message { _ = try command(BenchCommand.self, line) } == expected)
  }

  @Test func optionsMakeThePlan() throws {
    let bench = try command(
      BenchCommand.self, "--only training,peak --model mlp-3 --batch-size 8 --rounds 2 -j 1")
    #expect(bench.plan.groups == [.training, .peak])
    #expect(bench.plan.models.map(\.description.name) == ["mlp-3"])
    #expect(bench.plan.batch == 8)
    #expect(bench.plan.rounds == 2)
    #expect(bench.device.threadCount == 1)
  }

  @Test func everyDocumentedKeyIsThere() throws {
    let result = try ProgramResult([
      "bench", "--quick", "--only", "inference", "--model", "lenet5", "--batch-size", "2",
      "--rounds", "2", "--json",
    ])
    #expect(result.code == 0)
    let json = try JSONValue(parsing: Array(result.output.utf8), path: "stdout")
    #expect(json["schema"] == 1)
    #expect(json["rounds"] == 2)
    #expect(json["peak_gflops"]?.double ?? 0 > 0)
    let results = try #require(json["results"]?.array)
    #expect(results.count == 1)
    #expect(results[0]["group"] == "inference")
    #expect(results[0]["name"] == "lenet5")
    #expect(results[0]["batch"] == 2)
    #expect(results[0]["seconds"]?["rounds"]?.array?.count == 2)
    for key in ["gflops", "images_per_second", "share_of_peak"] {
      #expect(results[0][key]?.double ?? 0 > 0)
    }
  }

  @Test func layersAreALineEach() throws {
    let result = try ProgramResult(
      [
        "bench", "--layers", "--quick", "--model", "lenet5", "--batch-size", "2", "--color",
        "never",
      ], environment: ["LC_ALL": "C"])
    #expect(result.code == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.contains { $0.hasPrefix("forward   conv1 + act1 + pool1 ") })
    #expect(lines.contains { $0.hasPrefix("step ") })
    #expect(lines.allSatisfy { $0.count <= 80 })
  }
}
