import Platform
import Support

/// A non-blocking TCP socket, closed with its last owner. The C library's calls take addresses of
/// structures and of arrays' elements, which they do not keep.
final class Socket {
  let descriptor: Int32

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Listens on the first address that a name has here.
  ///
  /// - Throws: ``ServerError``.
  static func listening(host: String, port: Int) throws(ServerError) -> Socket {
    let (descriptor, reason) = unsafe open(host, port)
    guard descriptor >= 0 else {
      throw reason == 0
        ? .noSuchHost(host) : .cannotListen(host: host, port: port, reason: reason)
    }
    return Socket(descriptor)
  }

  /// - Returns: a descriptor, or -1 and the reason; 0 where the name means nothing.
  @unsafe private static func open(_ host: String, _ port: Int) -> (Int32, reason: Int32) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    #if canImport(Glibc)
      unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      unsafe hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, "\(port)", &hints, &found) == 0, let first = unsafe found else {
      return (-1, 0)
    }
    defer { unsafe freeaddrinfo(first) }
    let address = unsafe first.pointee
    let descriptor = unsafe socket(
      address.ai_family, address.ai_socktype, address.ai_protocol)
    guard descriptor >= 0 else { return (-1, errno) }
    var isOn: Int32 = 1
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
    guard unsafe bind(descriptor, address.ai_addr, address.ai_addrlen) == 0,
      listen(descriptor, 1024) == 0
    else {
      let reason = errno
      close(descriptor)
      return (-1, reason)
    }
    return (descriptor, 0)
  }

  /// The port that it listens on.
  var port: Int {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &address) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getsockname(descriptor, $0, &size)
      }
      // IPv4 and IPv6 have the port in the same place.
      return unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe Int(UInt16(bigEndian: $0.pointee.sin_port))
      }
    }
  }

  /// The next connection that waits; `nil` if there is none, or no descriptor is left.
  func accept() -> Socket? {
    let accepted = Platform.accept(descriptor, nil, nil)
    guard accepted >= 0 else { return nil }
    // An answer is one piece; waiting for more would only hold it up.
    var isOn: Int32 = 1
    unsafe setsockopt(
      accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    return Socket(accepted)
  }

  /// What a call came to.
  enum Outcome: Equatable {
    case bytes(Int)
    case later
    case gone
  }

  /// Reads what has come into the beginning of `buffer`.
  func read(into buffer: inout [UInt8]) -> Outcome {
    let count = unsafe Platform.read(descriptor, &buffer, buffer.count)
    return count == 0 ? .gone : Self.outcome(count)
  }

  /// Writes from `start` on as much as there is room for.
  func write(_ bytes: [UInt8], from start: Int) -> Outcome {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Platform.send(
        descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start, Self.sendFlags)
    }
    return Self.outcome(count)
  }

  private static func outcome(_ count: Int) -> Outcome {
    if count >= 0 { return .bytes(count) }
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? .later : .gone
  }

  #if canImport(Darwin)
    private static let sendFlags: Int32 = 0
  #else
    /// Whoever went away is no reason to end.
    private static let sendFlags = Int32(MSG_NOSIGNAL)
  #endif

  /// Waits until something can be done.
  ///
  /// - Parameters:
  ///   - sockets: what is waited for, whose results are filled in.
  ///   - seconds: at most so long.
  static func wait(_ sockets: inout [pollfd], seconds: Double) {
    for place in sockets.indices { sockets[place].revents = 0 }
    _ = unsafe poll(&sockets, nfds_t(sockets.count), Int32(max(0, seconds * 1000)))
  }

  /// Lets this process have as many files open as it may, and says how many.
  static func raiseLimit() -> Int {
    var limit = rlimit()
    #if canImport(Glibc)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    guard unsafe getrlimit(kind, &limit) == 0 else { return 256 }
    let wanted = min(limit.rlim_max, 8192)
    if limit.rlim_cur < wanted {
      limit.rlim_cur = wanted
      unsafe setrlimit(kind, &limit)
      unsafe getrlimit(kind, &limit)
    }
    return Int(min(limit.rlim_cur, 8192))
  }
}

/// A server that cannot begin.
public enum ServerError: UserError, Equatable {
  case noSuchHost(String)
  case cannotListen(host: String, port: Int, reason: Int32)

  public var exitCode: ExitCode {
    switch self {
    case .noSuchHost: .usage
    case .cannotListen: .unavailable
    }
  }

  public var description: String {
    switch self {
    case .noSuchHost(let host): "\(host): is no address of this machine"
    case .cannotListen(let host, let port, EADDRINUSE):
      "\(host):\(port): another program listens there"
    case .cannotListen(let host, let port, EACCES):
      "\(host):\(port): only the administrator may listen on ports below 1024"
    case .cannotListen(let host, let port, EADDRNOTAVAIL):
      "\(host):\(port): is no address of this machine"
    case .cannotListen(let host, let port, let reason):
      "\(host):\(port): cannot be listened on (error \(reason))"
    }
  }
}
