import Testing

@testable import Serving

@Suite struct RequestParserTests {
  private func parsed(_ text: String) throws -> HTTPRequest? {
    var parser = RequestParser()
    parser.take(text.utf8)
    return try parser.next()
  }

  @Test func headAndBodyAreTakenApart() throws {
    let request = try #require(
      try parsed(
        "POST /predict?a=b HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: Image/PNG; x=y\r\n"
          + "Content-Length: 3\r\n\r\nabcGET"))
    #expect(request.head.method == "POST" && request.head.path == "/predict")
    #expect(request.head.host == "localhost:8080" && request.head.contentType == "image/png")
    #expect(request.body == Array("abc".utf8) && request.head.keepsAlive)
  }

  @Test func piecesOfAnySizeGiveTheSameRequests() throws {
    let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
    for size in 1...text.utf8.count {
      var (parser, found) = (RequestParser(), [HTTPRequest]())
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        parser.take(bytes[start..<min(start + size, bytes.count)])
        while let request = try parser.next() { found.append(request) }
      }
      #expect(found.map(\.head.path) == ["/", "/x"] && found.last?.body == Array("hi".utf8))
      #expect(parser.isEmpty)
    }
  }

  struct Refused: CustomTestStringConvertible {
    let text: String
    let status: HTTPStatus
    var testDescription: String { "\(status.rawValue) \(text.debugDescription)" }
  }

  @Test(arguments: [
    Refused(text: "GET /\r\n\r\n", status: .badRequest),
    Refused(text: "GET  / HTTP/1.1\r\n\r\n", status: .badRequest),
    Refused(text: "GET x HTTP/1.1\r\n\r\n", status: .badRequest),
    Refused(text: "G(T / HTTP/1.1\r\n\r\n", status: .badRequest),
    Refused(text: "GET / HTTP/2.0\r\n\r\n", status: .versionNotSupported),
    Refused(text: "GET / HTTP/1.1\r\nA : b\r\n\r\n", status: .badRequest),
    Refused(text: "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", status: .badRequest),
    Refused(text: "GET / HTTP/1.1\nA: b\r\n\r\n", status: .badRequest),
    Refused(text: "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", status: .badRequest),
    Refused(text: "GET / HTTP/1.1\r\nA: \u{0}\r\n\r\n", status: .badRequest),
    Refused(text: "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", status: .badRequest),
    Refused(
      text: "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      status: .badRequest),
    Refused(
      text: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", status: .lengthRequired),
    Refused(text: "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", status: .badRequest),
    Refused(text: "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", status: .badRequest),
    Refused(text: "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", status: .badRequest),
    Refused(
      text: "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
      status: .contentTooLarge),
    Refused(text: "POST / HTTP/1.1\r\nExpect: money\r\n\r\n", status: .expectationFailed),
  ])
  func whatCouldBeReadInTwoWaysIsRefused(_ refused: Refused) {
    #expect {
      _ = try parsed(refused.text)
    } throws: { ($0 as? HTTPProblem)?.status == refused.status }
  }

  @Test func headWithoutAnEndIsRefusedWhenItIsTooLarge() throws {
    #expect(try parsed("GET / HTTP/1.1\r\nA: " + String(repeating: "b", count: 9_000)) == nil)
    #expect {
      _ = try parsed("GET / HTTP/1.1\r\nA: " + String(repeating: "b", count: 17_000))
    } throws: { ($0 as? HTTPProblem)?.status == .headTooLarge }
  }

  @Test func connectionsStayOpenAsTheVersionHasIt() throws {
    func keepsAlive(_ version: String, _ field: String) throws -> Bool? {
      try parsed("GET / HTTP/\(version)\r\n\(field)\r\n")?.head.keepsAlive
    }
    #expect(
      try keepsAlive("1.1", "") == true && keepsAlive("1.1", "Connection: close\r\n") == false)
    #expect(
      try keepsAlive("1.0", "") == false && keepsAlive("1.0", "Connection: Keep-Alive\r\n") == true)
  }
}

@Suite struct HostCheckTests {
  private func head(_ fields: String) throws -> HTTPHead {
    var parser = RequestParser()
    parser.take("GET / HTTP/1.1\r\n\(fields)\r\n".utf8)
    return try #require(try parser.next()).head
  }

  private func status(_ fields: String, host: String = "127.0.0.1") throws -> HTTPStatus? {
    let head = try head(fields)
    do throws(HTTPProblem) {
      try HostCheck(host: host).check(head)
      return nil
    } catch {
      return error.status
    }
  }

  @Test func namesOfOthersAreRefused() throws {
    #expect(try status("Host: localhost:8080\r\n") == nil)
    #expect(try status("Host: [::1]:8080\r\n") == nil && status("Host: 127.0.0.1\r\n") == nil)
    #expect(try status("Host: evil.example\r\n") == .misdirectedRequest)
    #expect(try status("Host: 127.0.0.1.evil.example\r\n") == .misdirectedRequest)
    #expect(try status("Host: 10.0.0.1\r\n") == .misdirectedRequest)
    #expect(try status("") == .badRequest)
  }

  @Test func addressesAreTakenWhereOthersMayAsk() throws {
    #expect(try status("Host: 10.0.0.1:80\r\n", host: "0.0.0.0") == nil)
    #expect(try status("Host: box.local\r\n", host: "box.local") == nil)
    #expect(try status("Host: evil.example\r\n", host: "0.0.0.0") == .misdirectedRequest)
  }

  @Test func pagesOfOtherOriginsAreRefused() throws {
    #expect(try status("Host: localhost:1\r\nOrigin: http://localhost:1\r\n") == nil)
    #expect(try status("Host: localhost:1\r\nOrigin: http://localhost:2\r\n") == .forbidden)
    #expect(try status("Host: localhost:1\r\nOrigin: null\r\n") == .forbidden)
  }
}
