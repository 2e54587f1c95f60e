import Datasets
import Formats
import Interchange
import Metrics
import Platform
import Support
import Tensor
import Training

/// Says what the characters in pictures are, with the model of a run.
public final class Predictor {
  public let labels: [String]
  /// How far its answers are to be believed; `nil` if the checkpoint does not say.
  public let confidence: Confidence?
  private let evaluator: Evaluator
  /// Of an image as the network takes it.
  public let height: Int
  public let width: Int
  /// What pictures are brought into.
  private let form: CharacterForm
  /// How the training images' numbers became pixels.
  private let scale: PixelScale
  /// What was decided about the file that was read last.
  public private(set) var decisions: [DataDecision] = []

  /// Reads a run's best checkpoint.
  ///
  /// - Parameter threshold: what scores lower is no character; `nil`: as the checkpoint has it.
  /// - Throws: ``RunError/noCheckpoint(path:)``, and what ``Checkpoint/read(_:on:)`` throws.
  public init(_ run: RunDirectory, threshold: Double? = nil, on device: Device) throws {
    guard FileSystem.exists(run.best) else { throw RunError.noCheckpoint(path: run.best) }
    let (checkpoint, model) = try Checkpoint.read(run.best, on: device)
    labels = checkpoint.labels
    (height, width) = (checkpoint.inputShape[0], checkpoint.inputShape[1])
    (form, scale) = (checkpoint.form, checkpoint.scale)
    confidence = checkpoint.confidence.map { known in
      Confidence(
        temperature: known.temperature, score: known.score,
        threshold: threshold ?? known.threshold)
    }
    evaluator = Evaluator(model, of: checkpoint)
  }

  /// What the pictures of a file show, in their order.
  ///
  /// - Parameters:
  ///   - inverted: whether ink is dark; `nil` lets each picture's border decide.
  ///   - transposed: whether an IDX file holds rows and columns swapped; `nil` lets its name decide.
  /// - Throws: what ``PictureFile/read(_:_:)`` throws, and ``PictureError/blank``.
  public func predict(
    _ path: String, inverted: Bool? = nil, transposed: Bool? = nil
  ) throws -> [PicturePrediction] {
    let pictures = try read(path, transposed: transposed)
    let prepared = try PreparedPicture.prepare(
      pictures, form: form, height: height, width: width, inkIsDark: inverted
    ).enumerated().map { index, picture in
      guard let picture else {
        throw PictureError.blank(path: path, index: pictures.count > 1 ? index : nil)
      }
      return picture
    }
    return predict(prepared, of: path)
  }

  /// The pictures of a file, on the scale of the training images.
  func read(_ path: String, transposed: Bool?) throws -> [GrayPicture] {
    var request = DataRequest(transposed: transposed)
    request.scale = scale
    let (pictures, decisions) = try PictureFile.read(path, request)
    self.decisions = decisions
    return pictures
  }

  /// Brings a character into the form of the training images; `nil` if there is no ink.
  func prepared(_ mask: InkMask, isInkDark: Bool) -> PreparedPicture? {
    PreparedPicture(mask, isInkDark: isInkDark, form: form, height: height, width: width)
  }

  /// A picture of one character in the form of the training images; `nil` if nothing stands out.
  public func prepared(_ picture: GrayPicture) -> PreparedPicture? {
    PreparedPicture(picture, form: form, height: height, width: width)
  }

  /// A picture that is as the network takes it: `height` · `width` bytes.
  public func taken(_ pixels: [UInt8]) -> PreparedPicture {
    PreparedPicture(taking: pixels, form: form)
  }

  /// What pictures show that are no file's.
  public func answers(to pictures: [PreparedPicture]) -> [PicturePrediction] {
    pictures.isEmpty ? [] : predict(pictures, of: "-")
  }

  /// What prepared pictures of a file show.
  ///
  /// - Parameter places: where they stand in the file's picture, if it holds several.
  func predict(
    _ prepared: [PreparedPicture], of path: String, places: [CharacterPlace]? = nil
  ) -> [PicturePrediction] {
    let images = ImageSet(
      height: height, width: width, pixels: prepared.flatMap(\.pixels),
      labels: [UInt16](repeating: 0, count: prepared.count))
    let answers = evaluator.answers(to: Selection(images))
    return prepared.enumerated().map { index, picture in
      PicturePrediction(
        file: path, index: index, place: places?[index], picture: picture, height: height,
        width: width, probabilities: answers[index].probabilities, score: answers[index].score,
        isCharacter: answers[index].score.flatMap { confidence?.accepts($0) })
    }
  }
}

/// What a picture shows.
public struct PicturePrediction: Sendable {
  public let file: String
  /// The picture's number in its file, or the character's on its page, from 0.
  public var index: Int
  /// Where on a page it stands; `nil` for a picture of one character.
  public var place: CharacterPlace?
  /// What the network saw.
  public let picture: PreparedPicture
  public let height: Int
  public let width: Int
  /// Of each class.
  public let probabilities: [Double]
  /// How much it looks like a character; `nil` if the network has no such score.
  public var score: Double?
  /// Whether that is enough; `nil` if nobody can say.
  public var isCharacter: Bool?

  /// The most probable classes, the best first; of equal ones the lower class.
  public func top(_ count: Int) -> [(class: Int, probability: Double)] {
    let order = probabilities.indices.sorted {
      (-probabilities[$0], $0) < (-probabilities[$1], $1)
    }
    return order.prefix(count).map { ($0, probabilities[$0]) }
  }

  /// The object of `emnist predict --json`.
  ///
  /// - Parameter showsInput: whether it holds what the network was given.
  public func json(labels: [String], top count: Int, showsInput: Bool = false) -> JSONValue {
    let top = top(max(1, count)).map { best -> JSONObject in
      var object: JSONObject = ["label": .string(labels[best.class])]
      object.set("probability", number: best.probability)
      return object
    }
    var object: JSONObject = ["file": .string(file), "index": .integer(index)]
    for (key, value) in top[0] { object[key] = value }
    if let score { object.set("score", number: score) }
    object["accepted"] = isCharacter.map { .bool($0) }
    object["inverted"] = .bool(picture.isInkDark)
    object["form"] = picture.isFitted ? "fitted" : "none"
    if !picture.remarks.isEmpty {
      object["remarks"] = .array(picture.remarks.map { .string($0.description) })
    }
    if let place {
      object["line"] = .integer(place.line)
      object["box"] = .object(place.box.json)
    }
    if showsInput { object["input"] = .array(picture.pixels.map { .integer(Int($0)) }) }
    object["top"] = .array(top.map { .object($0) })
    return .object(object)
  }
}
