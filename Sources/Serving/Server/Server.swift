import Platform
import Support

/// What answers requests.
public protocol Resources {
  /// Why the body of a request need not be sent, if so.
  func refusal(of head: HTTPHead) -> HTTPResponse?
  /// An answer to each of the requests that are there at the same time.
  func answers(to requests: [HTTPRequest]) -> [HTTPResponse]
}

/// A server of HTTP/1.1 on one thread: it reads what has come on all connections, has the requests
/// that are whole answered together, and sends the answers.
///
/// Nothing that a sender does makes it wait for it: sockets do not block, requests and answers have
/// a time limit and a size, and where there is no room for another connection, the one that has been
/// unfinished the longest makes it.
public final class Server {
  /// The most connections at a time.
  private let mostConnections: Int
  private let listener: Socket
  private let check: HostCheck
  private let resources: any Resources
  private var connections: [Connection] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  /// What all connections together may have sent, or have to be sent.
  private static let mostHeldBytes = 256 << 20
  /// Answers that are on their way at the end get this many seconds.
  private static let secondsForTheEnd = 5.0

  /// Listens; 0 is any port that is free.
  ///
  /// - Throws: ``ServerError``.
  public init(host: String, port: Int, _ resources: any Resources) throws(ServerError) {
    mostConnections = max(16, min(4096, Socket.raiseLimit() - 64))
    listener = try Socket.listening(host: host, port: port)
    (check, self.resources) = (HostCheck(host: host), resources)
  }

  /// The port that it listens on.
  public var port: Int { listener.port }

  /// Answers until `shouldStop`, which is asked several times a second; what is whole then is
  /// still answered.
  public func run(until shouldStop: () -> Bool) {
    var end: Double?
    while true {
      let now = monotonicSeconds()
      if end == nil, shouldStop() { end = now + Self.secondsForTheEnd }
      if let end, now > end || !connections.contains(where: \.isSending) {
        guard now <= end, answerWhole(now: now) else { return }
      }
      let isEnding = end != nil
      waitAndReceive(isEnding: isEnding)
      while answerWhole(now: monotonicSeconds()) {}
      dropLate(now: monotonicSeconds())
    }
  }

  private func waitAndReceive(isEnding: Bool) {
    var waiting = connections.map { connection in
      pollfd(
        fd: connection.socket.descriptor,
        events: Int16(connection.isSending ? POLLOUT : POLLIN), revents: 0)
    }
    if !isEnding {
      waiting.append(pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0))
    }
    Socket.wait(&waiting, seconds: 0.2)
    let now = monotonicSeconds()
    for (connection, result) in zip(connections, waiting) where result.revents != 0 {
      if connection.isSending {
        connection.flush(now: now)
      } else {
        connection.receive(&buffer, now: now)
      }
    }
    if !isEnding, waiting.last?.revents != 0 { acceptAll(now: now) }
    connections.removeAll(where: \.isClosed)
    keepWithinMemory()
  }

  /// Drops who holds the most until all hold no more than may be held.
  private func keepWithinMemory() {
    var held = connections.reduce(0) { $0 + $1.heldBytes }
    while held > Self.mostHeldBytes,
      let largest = connections.indices.max(by: {
        connections[$0].heldBytes < connections[$1].heldBytes
      })
    {
      held -= connections[largest].heldBytes
      connections.remove(at: largest)
    }
  }

  private func acceptAll(now: Double) {
    // Others are not kept waiting by whoever connects all the time.
    for _ in 0..<256 {
      guard let socket = listener.accept() else { return }
      if connections.count >= mostConnections {
        guard let oldest = connections.indices.min(by: { longest($0) < longest($1) }) else {
          return
        }
        connections.remove(at: oldest)
      }
      connections.append(Connection(socket, now: now))
    }
  }

  /// Unfinished requests before idle connections before answers.
  private func longest(_ place: Int) -> (Int, Double) {
    let connection = connections[place]
    return (connection.isSending ? 2 : connection.isIdle ? 1 : 0, connection.since)
  }

  /// Answers a request of each connection that has one.
  ///
  /// - Returns: whether there was any.
  private func answerWhole(now: Double) -> Bool {
    var (askers, requests): ([Connection], [HTTPRequest]) = ([], [])
    for connection in connections {
      do throws(HTTPProblem) {
        if let request = try connection.nextRequest() {
          try check.check(request.head)
          askers.append(connection)
          requests.append(request)
        } else if let head = connection.headToContinue() {
          try check.check(head)
          answer(head, of: connection, now: now)
        }
      } catch {
        connection.send(
          HTTPResponse(error).bytes(keepsAlive: false), last: true, now: now)
      }
    }
    guard !requests.isEmpty else { return false }
    let answers = resources.answers(to: requests)
    for (connection, (request, answer)) in zip(askers, zip(requests, answers)) {
      let keepsAlive = request.head.keepsAlive
      connection.send(
        answer.bytes(keepsAlive: keepsAlive, withoutBody: request.head.method == "HEAD"),
        last: !keepsAlive, now: now)
    }
    connections.removeAll(where: \.isClosed)
    return true
  }

  /// Tells whoever waits with the body to send it, or why not.
  private func answer(_ head: HTTPHead, of connection: Connection, now: Double) {
    if let refusal = resources.refusal(of: head) {
      connection.send(refusal.bytes(keepsAlive: false), last: true, now: now)
    } else {
      connection.send(HTTPResponse.continue, last: false, now: now)
    }
  }

  private func dropLate(now: Double) {
    for connection in connections where connection.deadline < now {
      if connection.isIdle || connection.isSending {
        connection.drop()
      } else {
        let problem = HTTPProblem(
          .requestTimeout, "the request was not whole after \(Int(Connection.mostSeconds)) seconds")
        connection.send(HTTPResponse(problem).bytes(keepsAlive: false), last: true, now: now)
      }
    }
    connections.removeAll(where: \.isClosed)
  }
}
