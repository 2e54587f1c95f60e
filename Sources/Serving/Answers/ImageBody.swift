import Analysis
import Formats
import Support

/// The images of a request's body: a picture of any format that is read, raw bytes or numbers in
/// JSON.
///
/// Pictures are prepared as `predict` prepares them. Bytes and numbers are a network's input already:
/// `H · W` of them an image, upright, ink bright if it is so in the training images.
struct ImageBody {
  private let request: HTTPRequest

  /// The most images in a request.
  static let mostImages = 1_000

  init(_ request: HTTPRequest) { self.request = request }

  static let unknownType = HTTPProblem(
    .unsupportedMediaType,
    "a body is a picture (image/png, image/jpeg, …), raw bytes (application/octet-stream) or "
      + "application/json")

  static func isTaken(_ type: String?) -> Bool {
    guard let type else { return false }
    return type.hasPrefix("image/") || type == "application/octet-stream"
      || type == "application/json"
  }

  /// - Returns: the images as a network takes them; `nil` for each without ink.
  func pictures(for predictor: Predictor) throws(HTTPProblem) -> [PreparedPicture?] {
    switch request.head.contentType {
    case "application/octet-stream": try raw(request.body, predictor)
    case "application/json": try numbers(predictor)
    default: [try picture(predictor)]
    }
  }

  private func picture(_ predictor: Predictor) throws(HTTPProblem) -> PreparedPicture? {
    do {
      return predictor.prepared(try PictureFormat.decode(request.body, path: "the body"))
    } catch {
      throw HTTPProblem(.badRequest, (error as? any UserError)?.description ?? "\(error)")
    }
  }

  private func raw(
    _ bytes: [UInt8], _ predictor: Predictor
  ) throws(HTTPProblem) -> [PreparedPicture?] {
    let size = predictor.height * predictor.width
    guard !bytes.isEmpty, bytes.count % size == 0 else {
      throw HTTPProblem(
        .badRequest, "the body has \(bytes.count) bytes, not \(size) (or a multiple of it)")
    }
    guard bytes.count / size <= Self.mostImages else {
      throw HTTPProblem(.contentTooLarge, "a request holds at most \(Self.mostImages) images")
    }
    return stride(from: 0, to: bytes.count, by: size).map { start in
      predictor.taken(Array(bytes[start..<start + size]))
    }
  }

  /// `{"image": […]}` or `{"images": [[…], …]}`, each with numbers from 0 to 255, also row by row.
  private func numbers(_ predictor: Predictor) throws(HTTPProblem) -> [PreparedPicture?] {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: request.body, path: "the body")
    } catch {
      throw HTTPProblem(.badRequest, (error as? any UserError)?.description ?? "\(error)")
    }
    guard let images = json["images"]?.array ?? json["image"].map({ [$0] }), !images.isEmpty else {
      throw HTTPProblem(.badRequest, "the body has no member image or images with numbers")
    }
    guard images.count <= Self.mostImages else {
      throw HTTPProblem(.contentTooLarge, "a request holds at most \(Self.mostImages) images")
    }
    let size = predictor.height * predictor.width
    var pictures: [PreparedPicture?] = []
    for (index, image) in images.enumerated() {
      let numbers = (image.array ?? []).flatMap { $0.array ?? [$0] }
      let bytes = numbers.compactMap { number -> UInt8? in
        guard let value = number.double, (0...255).contains(value) else { return nil }
        return UInt8(value.rounded())
      }
      guard bytes.count == size, numbers.count == size else {
        throw HTTPProblem(.badRequest, "image \(index) is not \(size) numbers from 0 to 255")
      }
      pictures.append(predictor.taken(bytes))
    }
    return pictures
  }
}
