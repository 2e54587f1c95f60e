import Datasets
import Formats
import Support
import Tensor
import Testing
import TestSupport
import Training
import TrainingFixtures

@testable import Serving

@Suite struct PredictionServiceTests {
  /// Asks a service of a network that was just trained.
  private func withService(_ body: (PredictionService) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let session = try TrainingFixtures.session(
        ["epochs": "1", "val_split": "0.1"], in: folder.path)
      let nobody = Nobody()
      _ = try withExtendedLifetime(nobody) { try session.train(nobody) }
      try body(PredictionService(session.run, version: "1", on: Device(threads: 1)))
    }
  }

  private func request(_ text: String, _ body: [UInt8] = []) throws -> HTTPRequest {
    var parser = RequestParser()
    parser.take("\(text)\r\nContent-Length: \(body.count)\r\n\r\n".utf8)
    parser.take(body)
    return try #require(try parser.next())
  }

  private func json(_ response: HTTPResponse) throws -> JSONValue {
    try JSONValue(parsing: response.body, path: "the answer")
  }

  @Test func everyKindOfBodyHasTheSameAnswer() throws {
    let image = try #require(TrainingFixtures.digits.test).pixels.prefix(784)
    let bytes = Array(image)
    let numbers = "{\"image\": [\(bytes.map { "\($0)" }.joined(separator: ","))]}"
    try withService { service in
      let answers = service.answers(to: [
        try request("POST /predict HTTP/1.1\r\nContent-Type: application/octet-stream", bytes),
        try request("GET /healthz HTTP/1.1"),
        try request(
          "POST /predict HTTP/1.1\r\nContent-Type: application/json", Array(numbers.utf8)),
        try request(
          "POST /predict HTTP/1.1\r\nContent-Type: application/octet-stream", bytes + bytes),
      ])
      #expect(answers.map(\.status) == [.ok, .ok, .ok, .ok])
      let first = try json(answers[0])
      #expect(try json(answers[2]) == first)
      let prediction = try #require(first["predictions"]?.array?.first)
      #expect(prediction["top"]?.array?.count == 5 && prediction["label"]?.string != nil)
      let several = try #require(try json(answers[3])["predictions"]?.array)
      #expect(several.map { $0["index"]?.int } == [0, 1])
      #expect(several[0]["probability"] == prediction["probability"])
    }
  }

  @Test func picturesArePreparedAndABlankSheetIsNoCharacter() throws {
    let pixels = Array(try #require(TrainingFixtures.digits.test).pixels.prefix(784))
    let blank = [UInt8](repeating: 200, count: 784)
    try withService { service in
      let answers = service.answers(
        to: try [pixels, blank].map {
          try request(
            "POST /predict HTTP/1.1\r\nContent-Type: image/png",
            PNG.encode(gray: $0, width: 28, height: 28))
        })
      #expect(answers.map(\.status) == [.ok, .ok])
      #expect(try json(answers[0])["predictions"]?.array?[0]["label"]?.string != nil)
      #expect(try json(answers[1])["predictions"]?.array?[0]["accepted"] == false)
    }
  }

  @Test func whatIsWrongIsSaidInASentence() throws {
    try withService { service in
      let wrong: [(String, [UInt8], HTTPStatus)] = [
        ("GET /nothing HTTP/1.1", [], .notFound), ("GET /predict HTTP/1.1", [], .methodNotAllowed),
        ("GET /../etc/passwd HTTP/1.1", [], .notFound),
        ("POST /predict HTTP/1.1\r\nContent-Type: text/plain", [1], .unsupportedMediaType),
        ("POST /predict HTTP/1.1", [1], .unsupportedMediaType),
        ("POST /predict HTTP/1.1\r\nContent-Type: image/png", [1, 2], .badRequest),
        ("POST /predict HTTP/1.1\r\nContent-Type: application/json", [0x7B], .badRequest),
        ("POST /predict HTTP/1.1\r\nContent-Type: application/json", Array("{}".utf8), .badRequest),
        (
          "POST /predict HTTP/1.1\r\nContent-Type: application/json",
          Array("{\"image\": [1, 2]}".utf8), .badRequest
        ),
        ("POST /predict HTTP/1.1\r\nContent-Type: application/octet-stream", [1], .badRequest),
        (
          "POST /predict HTTP/1.1\r\nContent-Type: application/octet-stream",
          [UInt8](repeating: 0, count: 784 * 1001), .contentTooLarge
        ),
      ]
      let answers = service.answers(to: try wrong.map { try request($0.0, $0.1) })
      for (answer, (asked, _, status)) in zip(answers, wrong) {
        #expect(answer.status == status, "\(asked)")
        #expect(try json(answer)["error"]?.string?.isEmpty == false)
      }
    }
  }

  @Test func pageIsOneFileUnderItsPolicy() throws {
    try withService { service in
      let answer = service.answers(to: [try request("GET / HTTP/1.1")])[0]
      let text = String(decoding: answer.bytes(keepsAlive: true), as: UTF8.self)
      #expect(text.contains("Content-Security-Policy: default-src 'none'; script-src 'sha256-"))
      #expect(text.contains("id=\"network\"") && !text.contains("http://"))
    }
  }

  @Test func modelSaysWhatIsKnown() throws {
    try withService { service in
      let answer = try json(service.answers(to: [try request("GET /model HTTP/1.1")])[0])
      #expect(answer["labels"]?.array?.count == 10 && answer["input"]?["width"]?.int == 28)
    }
  }
}

/// Watches nothing.
private final class Nobody: TrainingObserver {
  func trainer(_ trainer: Trainer, didStep progress: StepProgress) {}
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {}
}
