import Support
import Testing
import TestSupport

@testable import Analysis
@testable import Training

@Suite struct SeedGroupingTests {
  /// A run of a seed, on these images, as a directory of `folder`.
  private func run(
    _ name: String, model: String = "m", seed: Int, split: Int? = nil, images: String,
    in folder: String
  ) throws -> RunRecord {
    let place = "\(folder)/\(name)"
    try makeDirectories(place)
    let run = try RunFixture().write(to: place).run
    var config: JSONObject = ["model": .string(model), "seed": .integer(seed)]
    config["split_seed"] = split.map(JSONValue.integer) ?? .null
    try AtomicFile.write(text: JSONValue.object(config).text(), to: run.config)
    let manifest: JSONValue = [
      "schema": 1, "kind": "run", "sessions": [],
      "parts": ["training": ["count": 9, "sha256": .string(images)]],
    ]
    try AtomicFile.write(text: manifest.text(), to: run.manifest)
    return try RunRecord(reading: run)
  }

  @Test func aRunOnTheImagesOfARepeatedTrainingBelongsToIt() throws {
    try withTemporaryDirectory { folder in
      var runs = try (0..<3).map {
        try run("five/repeat-\($0 + 1)", seed: $0, split: 0, images: "a", in: folder)
      }
      try runs.append(run("alone", seed: 3, images: "a", in: folder))
      let comparison = try RunComparison(runs)
      #expect(comparison.contenders == [Contender(name: "five and 1 more", runs: [0, 1, 2, 3])])
      #expect(comparison.leftOut.isEmpty)
    }
  }

  @Test func aRunOnOtherImagesDoesNot() throws {
    try withTemporaryDirectory { folder in
      var runs = try (0..<3).map {
        try run("five/repeat-\($0 + 1)", seed: $0, split: 0, images: "a", in: folder)
      }
      try runs.append(run("alone", seed: 3, images: "b", in: folder))
      let comparison = try RunComparison(runs)
      #expect(comparison.contenders.map(\.runs) == [[0, 1, 2], [3]])
      #expect(comparison.contenders.map(\.name) == ["five", "alone"])
    }
  }

  @Test func runsThatAllDrewTheirImagesByTheirSeedsAreAGroup() throws {
    try withTemporaryDirectory { folder in
      let runs = try (0..<3).map { try run("m-seed\($0)", seed: $0, images: "\($0)", in: folder) }
      #expect(try RunComparison(runs).contenders == [Contender(name: "m", runs: [0, 1, 2])])
    }
  }

  @Test func groupsOfOneNameAreToldApartByTheirDirectories() throws {
    try withTemporaryDirectory { folder in
      let runs = try ["a", "b"].flatMap { model in
        try (0..<3).map {
          try run(
            "search-\(model)/winner-\($0 + 1)", model: model, seed: $0, images: "i", in: folder)
        }
      }
      let names = try RunComparison(runs).contenders.map(\.name)
      #expect(names == ["a", "b"].map { "\(folder)/search-\($0)/winner" })
    }
  }
}
