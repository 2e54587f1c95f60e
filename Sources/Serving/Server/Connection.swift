import Support

/// A connection: what has come of its next request, and what of its last answer has not gone yet.
final class Connection {
  let socket: Socket
  private var parser = RequestParser()
  private var output: [UInt8] = []
  private var sent = 0
  private var endsAfterOutput = false
  private var hasSaidContinue = false
  private(set) var isClosed = false
  /// When the oldest byte of the unfinished request came, or the last answer went, in seconds of a
  /// clock that only goes forward.
  private(set) var since: Double

  /// A request must be whole after this many seconds, an answer taken.
  static let mostSeconds = 10.0
  /// A connection on which nothing happens is closed after this many.
  static let mostIdleSeconds = 60.0

  init(_ socket: Socket, now: Double) { (self.socket, since) = (socket, now) }

  /// Whether an answer is still on its way; the next request waits for it.
  var isSending: Bool { sent < output.count }

  /// Whether it waits for nothing but a first byte.
  var isIdle: Bool { parser.isEmpty && !isSending }

  /// When it is dropped if nothing happens.
  var deadline: Double { since + (isIdle ? Self.mostIdleSeconds : Self.mostSeconds) }

  /// Takes what has come.
  func receive(_ buffer: inout [UInt8], now: Double) {
    switch socket.read(into: &buffer) {
    case .later: break
    case .gone: isClosed = true
    case .bytes(let count):
      if parser.isEmpty { since = now }
      parser.take(buffer[..<count])
    }
  }

  /// The next whole request, if there is one.
  ///
  /// - Throws: ``HTTPProblem`` after which the connection is of no use.
  func nextRequest() throws(HTTPProblem) -> HTTPRequest? {
    guard !isSending, !isClosed, !endsAfterOutput else { return nil }
    let request = try parser.next()
    if request != nil { hasSaidContinue = false }
    return request
  }

  /// The head of a request whose sender waits to be told to send the body, once.
  func headToContinue() -> HTTPHead? {
    guard !hasSaidContinue, let head = parser.openHead, head.expectsContinue else { return nil }
    hasSaidContinue = true
    return head
  }

  /// Sends bytes as far as there is room, and the rest as soon as there is.
  ///
  /// - Parameter last: whether the connection ends with them.
  func send(_ bytes: [UInt8], last: Bool, now: Double) {
    output = isSending ? Array(output[sent...]) + bytes : bytes
    (sent, since) = (0, now)
    endsAfterOutput = endsAfterOutput || last
    flush(now: now)
  }

  /// Goes on sending.
  func flush(now: Double) {
    while isSending {
      switch socket.write(output, from: sent) {
      case .later: return
      case .gone: return isClosed = true
      case .bytes(let count): sent += count
      }
    }
    (output, sent, since) = ([], 0, now)
    if endsAfterOutput { isClosed = true }
  }

  /// The bytes that are kept for it.
  var heldBytes: Int { parser.count + output.count }

  func drop() { isClosed = true }
}
