/// Whether a request means this server. A page elsewhere that has its own name resolve to this
/// machine's address would otherwise get at it through a browser ("DNS rebinding").
struct HostCheck: Sendable {
  /// The names that are taken beside addresses, in small letters.
  private let names: Set<String>
  /// Whether any address may stand there, not only the loopback's.
  private let takesAddresses: Bool

  /// - Parameter host: what the server was asked to listen on.
  init(host: String) {
    names = ["localhost", "127.0.0.1", "[::1]", host.lowercased(), "[\(host.lowercased())]"]
    takesAddresses = !isLoopback(host)
  }

  /// - Throws: ``HTTPProblem`` if the request is another's.
  func check(_ head: HTTPHead) throws(HTTPProblem) {
    guard let host = head.host else {
      throw HTTPProblem(.badRequest, "the request has no Host")
    }
    guard accepts(Self.name(of: host)) else {
      throw HTTPProblem(.misdirectedRequest, "this server has another name than the request's Host")
    }
    guard let origin = head.origin else { return }
    guard origin.lowercased() == "http://" + host.lowercased() else {
      throw HTTPProblem(.forbidden, "pages of other origins are not answered")
    }
  }

  private func accepts(_ name: String) -> Bool {
    if names.contains(name) { return true }
    // A name that is an address was not resolved by anybody.
    let isAddress =
      name.hasPrefix("[")
      || !name.isEmpty && name.utf8.allSatisfy { "0123456789.".utf8.contains($0) }
    return takesAddresses && isAddress
  }

  /// `127.0.0.1:8080` without the port.
  private static func name(of host: String) -> String {
    let end = host.lastIndex(of: "]") ?? host.startIndex
    let colon = host[end...].lastIndex(of: ":")
    return String(colon.map { host[..<$0] } ?? host[...]).lowercased()
  }
}

/// Whether only this machine gets at an address.
public func isLoopback(_ host: String) -> Bool {
  host.lowercased() == "localhost" || host == "::1" || host.hasPrefix("127.")
}
