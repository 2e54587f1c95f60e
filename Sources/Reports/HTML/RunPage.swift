import Analysis
import Configuration
import Support

/// A run on one page: what it reached, how it got there and what it gets wrong.
///
/// Each of its main numbers stands in a `data` element with all its digits.
public struct RunPage: ReportPage {
  private let record: RunRecord
  private let images: TestImages
  private let curves: [ReportPicture]
  private let variations: ReportPicture?
  private let confusion: [ReportPicture]
  private let scores: ReportPicture?
  private let reliability: ReportPicture?
  private let confidence: [ReportPicture]
  private let examples: [ReportPicture]
  private let architecture: ReportPicture?
  private let filters: ReportPicture?

  /// Draws everything that the run has.
  ///
  /// - Parameter varied: what it was trained on, if that was varied.
  public init(_ record: RunRecord, images: TestImages, varied: VariedImages? = nil) {
    self.record = record
    self.images = images
    curves = CurvePictures(record).pictures
    variations = varied?.picture
    architecture = record.model.map { Self.architecture($0.summary) }
    filters = record.model.flatMap(FilterPicture.init)?.picture
    guard let matrix = record.test?.confusion else {
      (confusion, scores, reliability, confidence, examples) = ([], nil, nil, [], [])
      return
    }
    confusion = ConfusionPictures(matrix).pictures
    let classes = ClassPictures(
      matrix: matrix, calibration: record.predictions.isEmpty ? nil : record.calibration)
    scores = classes.scores
    reliability = classes.reliability
    confidence = ConfidencePictures(record).pictures
    guard case .found(let found) = images else {
      examples = []
      return
    }
    examples =
      ExamplePictures(found, predictions: record.predictions, matrix: matrix).pictures
  }

  /// Every picture, in the order of the page.
  public var pictures: [ReportPicture] {
    curves + [variations].compactMap(\.self) + confusion + [scores, reliability].compactMap(\.self)
      + confidence + examples
      + [architecture, filters].compactMap(\.self)
  }

  /// The content of `report.html`.
  public var html: String {
    let sections = [
      training, confusionSection, classes, exampleSection, model, configuration,
      record.manifest.map { ManifestSection($0).section },
    ]
    .compactMap(\.self)
    return PageStyle.document(
      title: "\(record.name): \(subject)", body: header + PageSection.all(sections))
  }

  private var subject: String {
    let model = record.model?.summary.name ?? value("model") ?? "a model"
    let trained = record.model?.dataset ?? value("dataset") ?? "unknown data"
    guard let test = record.test, test.dataset != trained else { return "\(model) on \(trained)" }
    return "\(model), trained on \(trained), tested on \(test.dataset)"
  }

  private func value(_ option: String) -> String? {
    record.options.first { $0.name == option }?.value
  }

  private var header: Markup {
    let numbers = KeyNumber.all(of: record)
    var markup = Markup.element("h1", [:], Markup(record.name))
    markup += .element("p", ["class": "lead"], Markup(subject))
    if record.test == nil {
      markup += Self.paragraph("This run has not been tested: there is no evaluation.json.")
    }
    guard !numbers.isEmpty else { return markup }
    return markup + .element("dl", ["class": "keys"], numbers.map(\.markup).joined())
  }

  private var training: PageSection {
    PageSection(
      id: "training", title: "Training",
      body: curves.isEmpty
        ? Self.paragraph("The run ended before its first epoch; there are no curves.")
        : PageStyle.arranged(
          .grid,
          curves.map(\.figure) + [RunTables.outcome(record).markup]
            + [variations?.figure].compactMap(\.self)))
  }

  private var confusionSection: PageSection? {
    guard !confusion.isEmpty else { return nil }
    return PageSection(
      id: "confusion", title: "Confusion matrix",
      body: PageStyle.arranged(.grid, confusion.map(\.figure)))
  }

  private var classes: PageSection? {
    guard let scores, let matrix = record.test?.confusion else { return nil }
    let missing = Self.paragraph(
      "There is no reliability diagram: the run has no predictions.csv.")
    return PageSection(
      id: "classes", title: "Classes and calibration",
      body: PageStyle.arranged(
        .grid,
        [
          PageStyle.arranged(.stack, [scores.figure, reliability?.figure ?? missing]),
          RunTables.classes(matrix).markup,
        ] + (confidence.isEmpty ? [unknownConfidence] : confidence.map(\.figure))))
  }

  private let unknownConfidence = Self.paragraph(
    "The run has no temperature and no threshold: they are fitted on a validation part.")

  private var exampleSection: PageSection? {
    guard record.test != nil else { return nil }
    let body: Markup
    switch images {
    case .missing(let reason): body = Self.paragraph(reason)
    case .found where examples.isEmpty:
      body = Self.paragraph("There are no examples: the run has no predictions.csv.")
    case .found: body = PageStyle.arranged(.flow, examples.map(\.figure))
    }
    return PageSection(id: "examples", title: "Examples", body: body)
  }

  private var model: PageSection {
    guard let summary = record.model?.summary else {
      return PageSection(
        id: "model", title: "Model",
        body: Self.paragraph("The run has no best.safetensors, so the layers are not known."))
    }
    let note = Self.paragraph(
      "The first layer's weights are not drawn: they do not look at single pixels.")
    return PageSection(
      id: "model", title: "Model",
      body: PageStyle.arranged(
        .grid,
        [
          PageStyle.arranged(
            .stack, [architecture?.figure ?? Markup(), RunTables.layers(summary).markup]),
          filters?.figure ?? note,
        ]))
  }

  private static func architecture(_ summary: ModelSummary) -> ReportPicture {
    ReportPicture(
      "architecture", ArchitectureDiagram(summary).drawing,
      caption:
        "From the pixels to the classes: a block for each layer with weights or another shape, "
        + "as high as its maps and thicker the more there are. What lies between is said under the "
        + "pointer.")
  }

  private var configuration: PageSection {
    PageSection(
      id: "configuration", title: "Configuration",
      body: Self.paragraph("Defaults are grey; options without a value are left out.")
        + RunTables.configuration(record.options).markup)
  }

  private static func paragraph(_ text: String) -> Markup { .element("p", [:], Markup(text)) }
}
