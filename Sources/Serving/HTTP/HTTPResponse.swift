import Interchange
import Support

/// An answer: a status, the content and its kind.
public struct HTTPResponse: Equatable, Sendable {
  public let status: HTTPStatus
  public let contentType: String
  public let body: [UInt8]
  /// Fields beyond those that every answer has.
  private(set) var fields: [String] = []

  public init(_ status: HTTPStatus = .ok, json: JSONValue) {
    self.status = status
    contentType = "application/json"
    body = Array((json.text() + "\n").utf8)
  }

  public init(page: DrawingPage) {
    status = .ok
    contentType = "text/html; charset=utf-8"
    body = Array(page.html.utf8)
    fields = ["Content-Security-Policy: \(page.policy); frame-ancestors 'none'"]
  }

  /// One sentence that says why there is no other answer.
  public init(_ problem: HTTPProblem, allow: String? = nil) {
    self.init(problem.status, json: ["error": .string(problem.sentence)])
    if let allow { fields = ["Allow: \(allow)"] }
  }

  /// The bytes of the answer.
  ///
  /// - Parameters:
  ///   - keepsAlive: whether another request may follow.
  ///   - withoutBody: as the method HEAD asks.
  func bytes(keepsAlive: Bool, withoutBody: Bool = false) -> [UInt8] {
    var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
    head += "Content-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
    head += "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
    for field in fields { head += field + "\r\n" }
    head += keepsAlive ? "\r\n" : "Connection: close\r\n\r\n"
    return Array(head.utf8) + (withoutBody ? [] : body)
  }

  /// What a sender hears that waits before it sends a body.
  static let `continue` = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
