/// Takes requests out of the bytes of a connection, which come in pieces of any size.
///
/// It is as strict as RFC 9112 allows: what two readers could understand differently (a line that ends
/// in a bare line feed, a field that is folded or that occurs twice, a space before a colon, a length
/// beside a transfer coding) is an error, after which nothing of the connection is read any more.
public struct RequestParser: Sendable {
  /// The largest head and body, in bytes.
  public static let mostHead = 16 << 10
  public static let mostBody = 16 << 20

  private var bytes: [UInt8] = []
  /// How far the end of the head was looked for.
  private var searched = 0
  /// The head whose body is not whole yet, and where that begins.
  private var open: (head: HTTPHead, bodyStart: Int)?

  public init() {}

  /// The bytes that wait.
  var count: Int { bytes.count }

  /// Whether nothing of a request has come yet.
  public var isEmpty: Bool { bytes.isEmpty }

  /// The head whose body is awaited, if there is one.
  public var openHead: HTTPHead? { open?.head }

  /// Takes the next bytes of the connection.
  public mutating func take(_ more: some Sequence<UInt8>) { bytes += more }

  /// The next request; `nil` if it is not whole yet.
  public mutating func next() throws(HTTPProblem) -> HTTPRequest? {
    if open == nil { open = try head() }
    guard let (head, start) = open, bytes.count - start >= head.contentLength else { return nil }
    let end = start + head.contentLength
    let request = HTTPRequest(head: head, body: Array(bytes[start..<end]))
    bytes.removeFirst(end)
    (open, searched) = (nil, 0)
    return request
  }

  private mutating func head() throws(HTTPProblem) -> (head: HTTPHead, bodyStart: Int)? {
    // Some send an empty line behind a body.
    if bytes.starts(with: [0x0D, 0x0A]) { bytes.removeFirst(2) }
    while searched + 3 < bytes.count {
      if bytes[searched] == 0x0D, bytes[searched + 1] == 0x0A, bytes[searched + 2] == 0x0D,
        bytes[searched + 3] == 0x0A
      {
        guard searched <= Self.mostHead else { break }
        let fields = try HeadFields(bytes[..<searched])
        return (try HTTPHead(fields), searched + 4)
      }
      searched += 1
    }
    guard bytes.count <= Self.mostHead else {
      throw HTTPProblem(.headTooLarge, "the head is larger than \(Self.mostHead) bytes")
    }
    return nil
  }
}

/// A head taken apart into its lines.
struct HeadFields {
  let method: String
  let target: String
  let minorVersion: Int
  /// Names are in small letters.
  private var fields: [(name: String, value: String)] = []

  /// - Parameter bytes: up to the last line, without its end.
  init(_ bytes: ArraySlice<UInt8>) throws(HTTPProblem) {
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x0D || $0 == 0x0A || $0 == 0x09 })
    else { throw HTTPProblem(.badRequest, "the head holds a control character") }
    var lines = try Self.lines(bytes)[...]
    let words = lines.removeFirst().split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(Self.isTokenByte),
      words[1].first == UInt8(ascii: "/"), words[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else {
      throw HTTPProblem(.badRequest, "the first line is not a method, a path and HTTP/1.1")
    }
    (method, target) = (Self.text(words[0]), Self.text(words[1]))
    switch Self.text(words[2]) {
    case "HTTP/1.1": minorVersion = 1
    case "HTTP/1.0": minorVersion = 0
    default: throw HTTPProblem(.versionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    }
    for line in lines {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
        line[..<colon].allSatisfy(Self.isTokenByte)
      else {
        throw HTTPProblem(.badRequest, "a line of the head is not a name, a colon and a value")
      }
      let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
      let kept = value.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
      fields.append((Self.text(line[..<colon]).lowercased(), String(decoding: kept, as: UTF8.self)))
    }
  }

  /// The value of a field that may stand there once.
  func value(_ name: String) throws(HTTPProblem) -> String? {
    let values = fields.filter { $0.name == name }
    guard values.count < 2 else {
      throw HTTPProblem(.badRequest, "the field \(name) stands there twice")
    }
    return values.first?.value
  }

  private static func lines(
    _ bytes: ArraySlice<UInt8>
  ) throws(HTTPProblem) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    for index in bytes.indices where bytes[index] == 0x0A || bytes[index] == 0x0D {
      if bytes[index] == 0x0D {
        guard index + 1 < bytes.endIndex, bytes[index + 1] == 0x0A else {
          throw HTTPProblem(.badRequest, "the head holds a carriage return inside of a line")
        }
        lines.append(bytes[start..<index])
        start = index + 2
      } else if index != start - 1 || index == bytes.startIndex {
        throw HTTPProblem(.badRequest, "a line of the head ends without a carriage return")
      }
    }
    return lines + [bytes[start...]]
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// A character of a method or of a field's name, RFC 9110's `tchar`.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

extension HTTPHead {
  init(_ fields: HeadFields) throws(HTTPProblem) {
    method = fields.method
    path = String(fields.target.prefix { $0 != "?" })
    (host, origin) = (try fields.value("host"), try fields.value("origin"))
    contentType = try fields.value("content-type").map {
      let kind = $0.prefix { $0 != ";" && $0 != " " }
      return kind.lowercased()
    }
    contentLength = try Self.length(fields)
    let expectation = try fields.value("expect")?.lowercased()
    guard expectation == nil || expectation == "100-continue" else {
      throw HTTPProblem(.expectationFailed, "nothing can be expected but 100-continue")
    }
    expectsContinue = expectation != nil && fields.minorVersion == 1
    let connection = try fields.value("connection")?.lowercased() ?? ""
    let words = connection.split(separator: ",").map { $0.filter { $0 != " " } }
    keepsAlive =
      fields.minorVersion == 1 ? !words.contains("close") : words.contains("keep-alive")
  }

  private static func length(_ fields: HeadFields) throws(HTTPProblem) -> Int {
    let text = try fields.value("content-length")
    if try fields.value("transfer-encoding") != nil {
      guard text == nil else {
        throw HTTPProblem(.badRequest, "Content-Length and Transfer-Encoding exclude each other")
      }
      throw HTTPProblem(.lengthRequired, "bodies need a Content-Length; chunks are not read")
    }
    guard let text else { return 0 }
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw HTTPProblem(.badRequest, "Content-Length is not a number")
    }
    guard let length = Int(text), length <= RequestParser.mostBody else {
      throw HTTPProblem(
        .contentTooLarge, "the body is larger than \(RequestParser.mostBody) bytes")
    }
    return length
  }
}
