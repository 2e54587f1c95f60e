/// A request as RFC 9112 has it, as far as a server of a few resources asks.
public struct HTTPRequest: Equatable, Sendable {
  public var head: HTTPHead
  public var body: [UInt8]
}

/// A request's first line and the fields that are looked at.
public struct HTTPHead: Equatable, Sendable {
  public let method: String
  /// Without what follows a question mark.
  public let path: String
  /// Whether the next request may come on the same connection.
  public let keepsAlive: Bool
  public let contentLength: Int
  /// Whether the sender waits for a word before it sends the body.
  public let expectsContinue: Bool
  public let host: String?
  public let origin: String?
  /// In small letters, without parameters.
  public let contentType: String?
}

/// Why a request is refused, as a status and a sentence.
public struct HTTPProblem: Error, Equatable, Sendable {
  public let status: HTTPStatus
  public let sentence: String

  public init(_ status: HTTPStatus, _ sentence: String) {
    (self.status, self.sentence) = (status, sentence)
  }
}

/// The statuses that are answered with.
public enum HTTPStatus: Int, Sendable {
  case ok = 200
  case badRequest = 400
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case requestTimeout = 408
  case lengthRequired = 411
  case contentTooLarge = 413
  case unsupportedMediaType = 415
  case expectationFailed = 417
  case misdirectedRequest = 421
  case unprocessable = 422
  case headTooLarge = 431
  case unavailable = 503
  case versionNotSupported = 505

  /// The phrase of RFC 9110.
  var phrase: String {
    switch self {
    case .ok: "OK"
    case .badRequest: "Bad Request"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .lengthRequired: "Length Required"
    case .contentTooLarge: "Content Too Large"
    case .unsupportedMediaType: "Unsupported Media Type"
    case .expectationFailed: "Expectation Failed"
    case .misdirectedRequest: "Misdirected Request"
    case .unprocessable: "Unprocessable Content"
    case .headTooLarge: "Request Header Fields Too Large"
    case .unavailable: "Service Unavailable"
    case .versionNotSupported: "HTTP Version Not Supported"
    }
  }
}
