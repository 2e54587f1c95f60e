import Analysis
import Configuration
import Datasets
import Formats
import Interchange
import Metrics
import Support
import Tensor
import Training

/// What a run's network answers over HTTP: the page, `/predict`, `/model` and `/healthz`.
public final class PredictionService: Resources {
  private let predictor: Predictor
  private let run: RunDirectory
  private let model: JSONValue
  private let page: HTTPResponse

  /// Reads a run's best checkpoint, and what is known of it.
  ///
  /// - Parameter version: of the program.
  /// - Throws: what ``Analysis/Predictor/init(_:threshold:on:)`` and
  ///   ``Analysis/RunRecord/init(reading:)`` throw.
  public init(_ run: RunDirectory, version: String, on device: Device) throws {
    self.run = run
    predictor = try Predictor(run, on: device)
    model = try .object(Self.description(of: run, predictor))
    let export = try RunExport(checkpoint: run.best, version: version, on: device)
    page = HTTPResponse(page: DrawingPage(export.network))
  }

  private static func description(
    of run: RunDirectory, _ predictor: Predictor
  ) throws -> JSONObject {
    let record = try RunRecord(reading: run)
    var object: JSONObject = [
      "schema": 1, "run": .string(run.path),
      "labels": .array(predictor.labels.map(JSONValue.string)),
      "input": ["height": .integer(predictor.height), "width": .integer(predictor.width)],
    ]
    if let model = record.model {
      object["model"] = .string(model.summary.name)
      object["dataset"] = .string(model.dataset)
      object["parameters"] = .integer(model.summary.parameters)
    }
    if let test = record.test {
      object["test"] = ["count": .integer(test.count), "accuracy": .number(test.accuracy)]
    }
    if let confidence = predictor.confidence {
      object["temperature"] = .number(confidence.temperature.value)
      object["threshold"] = .number(confidence.threshold)
    }
    return object
  }

  private static let methods = [
    "/": "GET, HEAD", "/predict": "POST", "/model": "GET, HEAD", "/healthz": "GET, HEAD",
  ]

  public func refusal(of head: HTTPHead) -> HTTPResponse? {
    guard let methods = Self.methods[head.path] else {
      let known = Self.methods.keys.sorted().asChoices
      return HTTPResponse(HTTPProblem(.notFound, "there is nothing here; there is \(known)"))
    }
    guard methods.split(separator: ", ").contains(head.method[...]) else {
      let problem = HTTPProblem(.methodNotAllowed, "\(head.path) takes \(methods)")
      return HTTPResponse(problem, allow: methods)
    }
    guard head.path != "/predict" || ImageBody.isTaken(head.contentType) else {
      return HTTPResponse(ImageBody.unknownType)
    }
    return nil
  }

  public func answers(to requests: [HTTPRequest]) -> [HTTPResponse] {
    var answers = requests.map { refusal(of: $0.head) ?? fixed($0.head.path) }
    // What is to be classified, all of it in one batch.
    var waiting: [(request: Int, pictures: [PreparedPicture?])] = []
    for (place, request) in requests.enumerated() where answers[place] == nil {
      do throws(HTTPProblem) {
        waiting.append((place, try ImageBody(request).pictures(for: predictor)))
      } catch {
        answers[place] = HTTPResponse(error)
      }
    }
    var found = predictor.answers(to: waiting.flatMap { $0.pictures.compactMap(\.self) })[...]
    for (request, pictures) in waiting {
      let predictions = pictures.enumerated().map { index, picture -> JSONValue in
        guard picture != nil, var prediction = found.popFirst() else { return Self.blank(index) }
        prediction.index = index
        return prediction.json(labels: predictor.labels, top: Self.shownClasses)
      }
      answers[request] = HTTPResponse(json: [
        "schema": 1, "run": .string(run.path), "predictions": .array(predictions),
      ])
    }
    return answers.compactMap(\.self)
  }

  /// Classes in an answer's `top`.
  private static let shownClasses = 5

  /// Of a sheet without ink.
  private static func blank(_ index: Int) -> JSONValue {
    [
      "file": "-", "index": .integer(index), "label": .null, "probability": .null,
      "accepted": false, "remarks": ["nothing stands out from the border"], "top": [],
    ]
  }

  private func fixed(_ path: String) -> HTTPResponse? {
    switch path {
    case "/": page
    case "/healthz": HTTPResponse(json: ["status": "ok"])
    case "/model": HTTPResponse(json: model)
    default: nil
    }
  }
}
