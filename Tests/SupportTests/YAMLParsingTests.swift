import Foundation
import Support
import Testing

/// A text and what PyYAML reads in it, made by `Scripts/golden/yaml_documents.py`.
private struct GoldenDocument: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  let value: JSONValue

  var testDescription: String { name }

  static let all: [GoldenDocument] = {
    let path =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
      + "/Golden/yaml_documents.json"
    let documents = (try? JSONValue(parsing: readFile(path), path: path))?.array ?? []
    return documents.compactMap { document in
      guard let name = document["name"]?.string, let text = document["text"]?.string,
        let value = document["value"]
      else { return nil }
      return GoldenDocument(name: name, text: text, value: value)
    }
  }()
}

private func parse(_ text: String) throws -> JSONValue {
  try JSONValue(parsingYAML: Array(text.utf8), path: "a.yaml")
}

@Suite struct YAMLParsingTests {
  /// The texts are compared, so that the order of keys and `1` against `1.0` count.
  @Test(arguments: GoldenDocument.all)
  fileprivate func documentsAreReadAsPyYAMLDoes(_ document: GoldenDocument) throws {
    #expect(try parse(document.text).text() == document.value.text())
  }

  @Test func allGoldenDocumentsAreThere() { #expect(GoldenDocument.all.count == 42) }

  @Test func whatPyYAMLDoesNotReadIsReadAsTheStandardHasIt() throws {
    #expect(try parse("a:\t1\t# tabs between words\nb: [ 1 ,\t2 ]\n") == ["a": 1, "b": [1, 2]])
    #expect(try parse("\t\na: 1\n\t# tab\n") == ["a": 1])
    #expect(try parse("\u{FEFF}a: 1") == ["a": 1])
    #expect(try parse("a: 1\rb: 2\r\n\r\nc: 3") == ["a": 1, "b": 2, "c": 3])
    #expect(try parse("...\n") == .null)
    #expect(try parse("a: ! 5\nb: !!bool yes\n") == ["a": "5", "b": true])
    // Of several mappings that are merged the first wins.
    #expect(
      try parse("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\n")["c"]
        == ["x": 1, "y": 2, "z": 3])
  }

  @Test func depthIsLimitedInEveryForm() throws {
    let limit = JSONValue.maximumDepth
    for (opener, closer) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
      func nested(_ count: Int) -> String {
        String(repeating: opener, count: count) + "1" + String(repeating: closer, count: count)
      }
      _ = try parse(nested(limit))
      #expect(throws: YAMLError.self) { try parse(nested(limit + 1)) }
      #expect(throws: YAMLError.self) { try parse(nested(100_000)) }
    }
    let lines = (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(throws: YAMLError.self) { try parse(lines) }
  }

  /// Every prefix of a text, every text with one byte changed, and several thousand with more.
  @Test func damagedTextNeverTraps() throws {
    let texts = [
      "a grid with items as far left as their key", "quotes", "choices that are objects",
    ]
    let bytes: [UInt8] = Array("\n\t \"'#&*+-:,0?>[\\]{|}x".utf8) + [0, 0x7F, 0x80, 0xC3, 0xF0]
    var random = Mixer()
    for document in GoldenDocument.all {
      let text = Array(document.text.utf8)
      for count in 0..<text.count { check(Array(text.prefix(count))) }
      for _ in 0..<50 {
        var damaged = text
        for _ in 0...random.next(4) {
          let index = random.next(damaged.count + 1)
          let byte = bytes[random.next(bytes.count)]
          if random.next(2) == 0 || index == damaged.count {
            damaged.insert(byte, at: index)
          } else {
            damaged[index] = byte
          }
        }
        check(damaged)
      }
      guard texts.contains(document.name) else { continue }
      for index in text.indices {
        for byte in bytes {
          var damaged = text
          damaged[index] = byte
          check(damaged)
        }
      }
    }
  }

  /// A text is refused, or its value can be written and read again.
  private func check(_ text: [UInt8]) {
    do {
      let value = try JSONValue(parsingYAML: text, path: "a.yaml")
      #expect(try JSONValue(parsing: Array(value.text().utf8), path: "") == value)
    } catch {
      #expect(error is YAMLError, "\(error)")
    }
  }
}

/// Numbers that look random and are always the same.
private struct Mixer {
  private var state: UInt64 = 1

  mutating func next(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }
}

@Suite struct JSONOrYAMLFileTests {
  @Test(arguments: [
    ("a.json", "{\"a\": 1}", true), ("a.yaml", "a: 1", true), ("a.YML", "a: 1", true),
    ("a.yaml", "{\"a\": 1}", true), ("a", "a: 1", true), ("a.txt", " \n{\"a\": 1}", true),
    ("a.json", "a: 1", false), ("a", "{a: 1}", false),
  ])
  func theNameSaysWhichAndElseTheContent(name: String, text: String, isRead: Bool) throws {
    let folder = NSTemporaryDirectory() + "emnist-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(text: text, to: "\(folder)/\(name)")
    let value = try? JSONValue(readingJSONOrYAML: "\(folder)/\(name)")
    #expect(value == (isRead ? ["a": 1] : nil))
  }
}
