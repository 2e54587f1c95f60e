import Support
import Testing

@testable import Interchange

@Suite struct CScoreTests {
  private func network(_ facts: [(key: String, value: String)]) throws -> ExportedNetwork {
    let model = try #require(ExportCase.all.first).model()
    return ExportedNetwork(
      name: "a", graph: try ExportCase.graph(of: model), labels: (0..<5).map { "\($0)" },
      facts: facts)
  }

  private let score =
    #"{"name":"character evidence","means":[1,1,1,1,1,1,1,1,1,1,1,1],"#
    + #""deviations":[1,1,1,1,1,1,1,1,1,1,1,1],"#
    + #""weights":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}"#

  @Test func programComparesTheScoreWithItsThreshold() throws {
    let text = try CSource.text(
      of: network([("emnist.score", score), ("emnist.threshold", "-0.25")]))
    #expect(text.contains("return score >= -0.25;") && text.contains("#include <math.h>"))
    #expect(text.contains("static const double weights[25]"))
  }

  @Test func aScoreOfThirteenNumbersIsWrittenToo() throws {
    let longer =
      score.replacing("[1,", with: "[1,1,").replacing(#""weights":[1,"#, with: #""weights":[1,1,"#)
    let text = try CSource.text(
      of: network([("emnist.score", longer), ("emnist.threshold", "0")]))
    #expect(text.contains("static const double weights[27]") && text.contains("i < 13; i++"))
  }

  @Test func aScoreOfSeventeenNumbersIsWrittenToo() throws {
    func longer(_ count: Int) -> String {
      let ones = String(repeating: "1,", count: count - 12)
      return score.replacing("[1,", with: "[\(ones)1,")
        .replacing(#""weights":["#, with: #""weights":[\#(ones)"#)
    }
    let text = try CSource.text(
      of: network([("emnist.score", longer(17)), ("emnist.threshold", "0")]))
    #expect(text.contains("static const double weights[35]") && text.contains("i < 17; i++"))
    #expect(text.contains("evidence[17]") && text.contains("result[16] = core(pixels, 4);"))
    let none = try CSource.text(
      of: network([("emnist.score", longer(14)), ("emnist.threshold", "0")]))
    #expect(none.contains("/* The network has no threshold. */"))
  }

  @Test func withoutAScoreEverythingIsAccepted() throws {
    for facts in [[], [("emnist.threshold", "1")], [("emnist.score", "{}")]] as [[(String, String)]]
    {
      let text = try CSource.text(of: network(facts.map { (key: $0.0, value: $0.1) }))
      #expect(text.contains("/* The network has no threshold. */"))
    }
  }

  @Test func darkInkIsTakenAsInk() throws {
    let facts = [
      (key: "emnist.score", value: score), (key: "emnist.threshold", value: "0"),
      (key: "emnist.form", value: #"{"ink":"dark"}"#),
    ]
    #expect(try CSource.text(of: network(facts)).contains("255 - pixels[row"))
  }
}
