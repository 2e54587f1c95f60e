import Support

/// What a person wants to know about a data set before training on it.
public struct DataSummary: Sendable {
  public struct Part: Sendable, Equatable {
    /// `train` or `test`.
    public let name: String
    public let count: Int
    /// The number of images of each class.
    public let classCounts: [Int]
    /// Of all pixels, on a scale from 0 to 1.
    public let mean: Double
    public let standardDeviation: Double
    /// The images that equal an earlier one of the part, pixel for pixel.
    public let duplicates: Int
  }

  public let name: String
  /// Whether it is the synthetic set that ships.
  public let isShipped: Bool
  /// What people call each class.
  public let labels: [String]
  /// In pixels.
  public let height: Int
  public let width: Int
  /// Those that were loaded.
  public let parts: [Part]
  /// The test images that are training images too; `nil` if only one part was loaded.
  public let shared: Int?
  /// The images that equal an earlier one, of either part, but have another label.
  public let contradicting: Int
  public let files: [DataFile]
  /// Whether the files hold rows and columns swapped.
  public let transposedOnDisk: Bool
  /// What whoever compares results should know.
  public let note: String?
  /// What was decided by what is in the files.
  public let decisions: [DataDecision]

  /// Summarizes what was loaded; with a limit, a stratified sample of at most so many images of
  /// each part.
  public init(_ data: LoadedData, limit: Int? = nil, seed: UInt64 = 0) {
    let dataset = data.dataset
    name = dataset.name
    isShipped = data.isShipped
    labels = dataset.classes.labels
    let sets = [("train", dataset.train), ("test", dataset.test), ("val", dataset.validation)]
    let first = sets.lazy.compactMap(\.1).first
    (height, width) = (first?.height ?? 0, first?.width ?? 0)
    let classCount = labels.count
    let chosen = sets.compactMap { name, set in
      set.map { (name: name, images: Selection($0)) }.map { part in
        (part.name, limit.map { part.images.limited(to: $0, seed: seed) } ?? part.images)
      }
    }
    let duplicates = Duplicates(in: chosen.map(\.1))
    parts = zip(chosen, duplicates.within).map { part, within in
      Part(part.0, part.1, classCount: classCount, duplicates: within)
    }
    let pair = chosen.filter { $0.0 != "val" }.map(\.1)
    shared =
      pair.count < 2
      ? nil : pair.count == chosen.count ? duplicates.shared : Duplicates(in: pair).shared
    contradicting = duplicates.contradicting
    files = dataset.files
    transposedOnDisk = dataset.transposedOnDisk
    note = dataset.note
    decisions = dataset.decisions
  }
}

extension DataSummary.Part {
  fileprivate init(_ name: String, _ images: Selection, classCount: Int, duplicates: Int) {
    let (mean, deviation) = images.pixelMoments()
    self.init(
      name: name, count: images.count, classCounts: images.counts(classCount: classCount),
      mean: mean, standardDeviation: deviation, duplicates: duplicates)
  }
}

extension DataSummary {
  /// What `emnist data info --json` prints.
  public var json: JSONObject {
    var parts = JSONObject()
    for part in self.parts { parts[part.name] = .object(part.json) }
    return [
      "schema": 1, "dataset": .string(name), "built_in": .bool(isShipped),
      "classes": .integer(labels.count), "labels": .array(labels.map { .string($0) }),
      "height": .integer(height), "width": .integer(width),
      "transposed_on_disk": .bool(transposedOnDisk), "note": note.map { .string($0) } ?? .null,
      "decisions": .array(decisions.map { .string($0.description) }),
      "parts": .object(parts), "shared": shared.map { .integer($0) } ?? .null,
      "contradicting": .integer(contradicting), "files": .array(files.map { .object($0.json) }),
    ]
  }
}

extension DataSummary.Part {
  fileprivate var json: JSONObject {
    [
      "count": .integer(count), "mean": .number(mean),
      "standard_deviation": .number(standardDeviation),
      "duplicates": .integer(duplicates),
      "class_counts": .array(classCounts.map { .integer($0) }),
    ]
  }
}

extension DataFile {
  fileprivate var json: JSONObject {
    [
      "path": .string(path), "role": .string(role.rawValue), "bytes": .integer(bytes),
      "count": .integer(count),
    ]
  }
}
