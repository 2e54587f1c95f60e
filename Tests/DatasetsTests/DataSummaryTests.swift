import Support
import Testing
import TestSupport

@testable import Datasets

@Suite struct DataSummaryTests {
  /// One pixel an image, equal to its number.
  private let images = ImageSet(
    height: 1, width: 1, pixels: Array(0..<12), labels: (0..<12).map { $0 % 3 })

  @Test func theSummaryIsAlsoJSON() {
    let dataset = Dataset(
      name: "few", classes: ClassTable(labels: ["a", "b", "c"]), train: nil,
      test: ImageSet(height: 1, width: 2, pixels: [0, 255], labels: [1]),
      files: [DataFile(path: "p", role: .testImages, bytes: 5, count: 1)])
    let summary = DataSummary(LoadedData(dataset: dataset))
    #expect(
      summary.json == [
        "schema": 1, "dataset": "few", "built_in": false, "classes": 3, "labels": ["a", "b", "c"],
        "height": 1, "width": 2, "transposed_on_disk": false, "note": .null,
        "decisions": [],
        "parts": [
          "test": [
            "count": 1, "mean": 0.5, "standard_deviation": 0.5, "duplicates": 0,
            "class_counts": [0, 1, 0],
          ]
        ],
        "shared": .null, "contradicting": 0,
        "files": [["path": "p", "role": "test-images", "bytes": 5, "count": 1]],
      ])
  }

  @Test func theInventoryIsAlsoJSON() throws {
    try withTemporaryDirectory { directory in
      _ = try SyntheticData(name: "few", trainCount: 0, testCount: 47).write(to: directory)
      let inventory = try DataInventory(directory: directory, environment: [:])
      #expect(
        inventory.json == [
          "schema": 1,
          "places": [
            [
              "path": .string(directory), "origin": "--data", "exists": true,
              "datasets": [
                [
                  "name": "few", "folder": .string(directory), "parts": ["test"], "train": .null,
                  "test": 47, "classes": 47, "problem": .null,
                ]
              ],
            ]
          ],
          "built_in": [],
        ])
    }
  }

  @Test func samplesAreOfTheirClassAndSeeded() {
    let samples = Selection(images).samples(perClass: 2, classCount: 4, seed: 1)
    #expect(samples.map(\.count) == [2, 2, 2, 0])
    for (c, positions) in samples.enumerated() {
      #expect(positions.allSatisfy { $0 % 3 == c })
      #expect(Set(positions).count == positions.count)
    }
    #expect(samples == Selection(images).samples(perClass: 2, classCount: 4, seed: 1))
    let more = Selection(images).samples(perClass: 9, classCount: 4, seed: 1)
    #expect(more.map(\.count) == [4, 4, 4, 0])
    #expect(zip(more, samples).allSatisfy { $0.starts(with: $1) })
    let seeds = (0..<8).map { Selection(images).samples(perClass: 4, classCount: 3, seed: $0) }
    #expect(Set(seeds).count > 4)
  }

  @Test func samplesOfASelectionArePositionsInItsImages() {
    let selection = Selection(images, indices: [9, 10])
    #expect(selection.samples(perClass: 5, classCount: 3, seed: 0) == [[9], [10], []])
    #expect(images.image(9) == [9])
  }
}
