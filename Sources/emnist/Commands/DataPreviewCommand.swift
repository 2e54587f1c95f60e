import Configuration
import Datasets
import Formats
import Reports
import Support
import Training

/// `emnist data preview`: a contact sheet, upright.
struct DataPreviewCommand: Command {
  static let name = "preview"
  static let abstract = "show pictures of a data set in the terminal, or write them as a PNG"
  static let examples = [
    Example("emnist data preview balanced", "some of each class, in the terminal"),
    Example("emnist data preview digits -o sheet.png", "the same as a picture"),
    Example("emnist data preview digits --random", "as they come, the classes mixed"),
    Example("emnist data preview mnist --augment heavy", "what a training would see"),
    Example("emnist data preview --mistakes runs/cnn-1 -o m.png", "what a run got wrong"),
  ]
  static let notes = [
    "There is a row for each class, in the order of 'emnist data info', of pictures drawn at "
      + "random, or with --random rows of pictures of any class; the same seed draws the same ones. "
      + "Pictures are as a model sees them, upright.",
    "With --augment or a single strength a row shows one picture: as it is, and then as the "
      + "epochs of a training with the same seed will show it.",
    "With --mistakes there is a row for each pair of classes that the run mixed up most, the surest "
      + "mistakes first; a PNG shows the surest of all, each with true and predicted class.",
  ]
  static let operands = DataSetOptions.operands
  static let options =
    DataSetOptions.options + [out, part.option, perClass.option, random, mistakes]
    + seedOptions.commandOptions(heading: heading) + augmentation.commandOptions()
    + [OutputOptions.color.option]

  /// The values of `--part`.
  enum Part: String, CaseIterable { case train, test }

  private static let heading = "Preview"
  private static let seedOptions = [ConfigurationOption].named("seed")
  private static let augmentation = ConfigurationOption.augmentation.filter {
    $0.name != "augment_until"
  }
  private static let out = CommandOption(
    "--out", short: "o", "FILE", heading: heading, help: "write a PNG instead")
  private static let part = TypedOption(
    "--part", .choice(of: "part"), "NAME", default: Part.train, heading: heading,
    help: "which images")
  private static let perClass = TypedOption(
    "--per-class", .picturesPerClass, "N", default: nil, heading: heading,
    help: "pictures of each class (default: what fits the terminal, 20 in a PNG)")
  private static let random = CommandOption(
    "--random", heading: heading, help: "draw from all classes together, for ten rows")
  private static let mistakes = CommandOption(
    "--mistakes", "RUN", heading: heading, help: "the test images that a run got wrong")

  let dataSet: DataSetOptions
  /// Where the PNG goes; `nil` for the terminal.
  let out: String?
  let part: Part
  let perClass: Int?
  /// Whether pictures are drawn from all classes together.
  let isRandom: Bool
  /// The run whose mistakes are meant.
  let mistakes: String?
  let seed: UInt64
  let augmentation: AugmentationOptions
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    dataSet = try DataSetOptions(arguments)
    out = try arguments.path(Self.out)
    part = try arguments.value(Self.part)
    perClass = try arguments.value(Self.perClass)
    isRandom = arguments.isOn(Self.random)
    mistakes = try arguments.path(Self.mistakes)
    seed = try arguments.configuration(Self.seedOptions).configuration.seed
    let layers = try arguments.configuration(Self.augmentation)
    try layers.validate()
    augmentation = layers.configuration.augmentation
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    if let mistakes {
      try showMistakes(of: RunDirectory.find(mistakes))
      return .success
    }
    let isTrain = part == .train
    let dataset = try dataSet.load(isTrain ? .train : .test, environment: environment).dataset
    guard let images = isTrain ? dataset.train : dataset.test else {
      preconditionFailure("the part that was asked for is not loaded")
    }
    let chosen = dataSet.configuration.limit.map { Selection(images).limited(to: $0, seed: seed) }
    try show(chosen ?? Selection(images), labels: dataset.classes.labels)
    return .success
  }

  private func show(_ images: Selection, labels: [String]) throws {
    let set = images.images
    let isVaried = !augmentation.augmentation.isIdentity
    try augmentation.check(set)
    let preview = AugmentationPreview(set, augmentation, seed: seed)
    func pictures(_ samples: [Int], _ columns: Int) -> [[UInt8]] {
      isVaried
        ? samples.flatMap { preview.pictures(of: $0, count: columns) } : samples.map(set.image)
    }
    if let out {
      let columns = perClass ?? 20
      let rows = rows(of: images, labels, count: isVaried ? 1 : columns)
      guard !isRandom || isVaried else {
        let samples = rows.flatMap(\.samples)
        return try write(samples, of: set, labels, columns: columns, to: out)
      }
      let sheet = LabelledRows(columns: columns, height: set.height, width: set.width)
        .png(rows.map { ($0.label, pictures($0.samples, columns)) })
      return try write(
        sheet.bytes,
        "\(counted(rows.count, "row")) of \(columns), \(sheet.width) x "
          + "\(sheet.height) pixels", to: out)
    }
    let longest = isRandom && !isVaried ? [String(repeating: "m", count: 10)] : labels
    let view = GlyphText(
      labels: longest, height: set.height, width: set.width, terminal: output.resultTerminal)
    let columns = perClass ?? view.columns
    for row in rows(of: images, labels, count: isVaried ? 1 : columns) {
      try StandardStream.output.put(
        view.row(row.label, images: pictures(row.samples, columns)))
    }
  }

  /// A row a class with `count` of its pictures, or rows of so many of any class.
  private func rows(
    of images: Selection, _ labels: [String], count: Int
  ) -> [(label: String, samples: [Int])] {
    guard isRandom else {
      let samples = images.samples(perClass: count, classCount: labels.count, seed: seed)
      return Array(zip(labels, samples))
    }
    let samples = images.sample(count * Self.randomRows, seed: seed)
    return stride(from: 0, to: samples.count, by: count).map { start in
      let row = Array(samples[start..<min(start + count, samples.count)])
      return (row.map { labels[Int(images.images.labels[$0])] }.joined(separator: " "), row)
    }
  }

  /// Rows of pictures of any class.
  private static let randomRows = 10

  /// A sheet of pictures of any class, each with its label under it.
  private func write(
    _ samples: [Int], of set: ImageSet, _ labels: [String], columns: Int, to path: String
  ) throws {
    let sheet = CaptionedSheet(columns: columns, height: set.height, width: set.width)
    let cells = samples.map {
      CaptionedSheet.Cell(image: set.image($0), caption: labels[Int(set.labels[$0])])
    }
    try write(sheet.png(cells), "\(counted(samples.count, "image")), \(columns) a row", to: path)
  }

  private func write(_ file: [UInt8], _ what: String, to path: String) throws {
    try AtomicFile.write(file, to: path)
    try StandardStream.output.put("\(path.shown): \(what), \(byteCount(file.count))\n")
  }
}

extension ValueKind<Int?> {
  /// A number of pictures; `nil` leaves it to the place where they go.
  fileprivate static var picturesPerClass: Self {
    word("a whole number", toText: { $0.map(String.init) ?? "" }) { text throws(ValueProblem) in
      guard let count = Int(text) else { throw .wrongKind(expected: "a whole number") }
      guard (1...100).contains(count) else { throw .outOfBounds("from 1 to 100") }
      return count
    }
  }
}
