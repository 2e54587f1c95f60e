import Support
import Testing

@Suite struct JSONParsingTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), path: "a.json")
  }

  @Test func howANumberIsWrittenDecidesItsCase() throws {
    #expect(
      try parse("[1, 1.0, 1e0, -7, -0.5, 12345678901234567890, 0, 1E+2, 25e-2]") == [
        .integer(1), .number(1), .number(1), .integer(-7), .number(-0.5),
        .number(12_345_678_901_234_567_168), .integer(0), .number(100), .number(0.25),
      ])
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("-9223372036854775808") == .integer(.min))
    #expect(try parse("9223372036854775808") == .number(9_223_372_036_854_775_808))
    #expect(JSONValue.integer(1) != .number(1))
  }

  @Test func escapesAndSurrogatePairsBecomeCharacters() throws {
    #expect(
      try parse(#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#)
        == .string("\"\\/\u{8}\u{c}\n\r\té😀"))
    #expect(try parse(#""\u0000""#) == .string("\0"))
    #expect(try parse("\"é😀\"") == "é😀")
  }

  @Test func literalsAndEmptyContainersAreRead() throws {
    #expect(
      try parse(" \t\r\n[true,false,null,[],{}, \"\"] \n")
        == [true, false, .null, [], [:], ""])
  }

  @Test func objectsKeepTheirOrder() throws {
    let object = try #require(try parse(#"{"z":1,"a":2,"m":{"y":0,"b":1}}"#).object)
    #expect(object.keys == ["z", "a", "m"])
    #expect(object["m"]?.object?.keys == ["y", "b"])
  }

  @Test func keysAreComparedByteByByte() throws {
    let object = try #require(try parse(#"{"\u00e9":1,"e\u0301":2}"#).object)
    #expect(object.count == 2)
    #expect(object["\u{e9}"] == 1)
    #expect(object["e\u{301}"] == 2)
  }

  struct Malformed: CustomTestStringConvertible {
    let text: String
    let message: String
    var testDescription: String { text }
    init(_ text: String, _ message: String) { (self.text, self.message) = (text, message) }
  }

  static let malformed: [Malformed] = [
    .init("", "line 1, column 1: found the end of the text, expected a value"),
    .init(" \n ", "line 2, column 2: found the end of the text, expected a value"),
    .init("[1 2]", "line 1, column 4: found '2', expected ',' or ']'"),
    .init("[1,\n2,]", "line 2, column 3: found ']' after a comma; remove the comma"),
    .init("{\"a\":1,}", "line 1, column 8: found '}' after a comma; remove the comma"),
    .init("[,]", "line 1, column 2: found ',', expected a value"),
    .init("{\"a\":}", "line 1, column 6: found '}', expected a value"),
    .init("{\"a\" 1}", "line 1, column 6: found '1', expected ':'"),
    .init("{a: 1}", "line 1, column 2: found 'a', expected a key in double quotes"),
    .init("{1: 1}", "line 1, column 2: found '1', expected a key in double quotes"),
    .init("{\"a\":1 \"b\":2}", "line 1, column 8: found '\"', expected ',' or '}'"),
    .init("{\"a\":1", "line 1, column 7: found the end of the text, expected ',' or '}'"),
    .init("[1", "line 1, column 3: found the end of the text, expected ',' or ']'"),
    .init("[1]x", "line 1, column 4: found 'x', expected the end of the text"),
    .init("[True]", "line 1, column 2: found 'True', expected a value"),
    .init("nulll", "line 1, column 1: found 'nulll', expected a value"),
    .init("NaN", "line 1, column 1: found 'NaN', expected a value"),
    .init("// note\n1", "line 1, column 1: found '/', expected a value"),
    .init("'a'", "line 1, column 1: found ''', expected a value"),
    .init("[é]", "line 1, column 2: found 'é', expected a value"),
    .init("[\"é😀\", x]", "line 1, column 8: found 'x', expected a value"),
    .init("[\u{1}]", "line 1, column 2: found byte 0x01, expected a value"),
    .init("+1", "line 1, column 1: found '+', expected a value"),
    .init(".5", "line 1, column 1: found '.', expected a value"),
    .init("-", "line 1, column 2: found the end of the text, expected a digit"),
    .init("1.", "line 1, column 3: found the end of the text, expected a digit"),
    .init("1.e3", "line 1, column 3: found 'e', expected a digit"),
    .init("1e+", "line 1, column 4: found the end of the text, expected a digit"),
    .init("012", "line 1, column 1: number 012 starts with a needless 0; remove it"),
    .init("-00", "line 1, column 1: number -00 starts with a needless 0; remove it"),
    .init(
      "[1e999]",
      "line 1, column 2: number 1e999 is beyond the range of 64-bit floats, 1.8e308; "
        + "write a smaller one"),
    .init("\"a", "line 1, column 3: found the end of the text, expected '\"' to end the string"),
    .init(
      "\"a\nb\"",
      "line 1, column 3: found a line break inside a string; close the string or write \\n"
    ),
    .init(
      "\"\u{1}\"",
      "line 1, column 2: found control character 0x01 inside a string; write \\u0001"),
    .init(
      "\"\\q\"",
      "line 1, column 2: found '\\q', expected an escape: "
        + "\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits"),
    .init(
      "\"\\u12g4\"",
      "line 1, column 2: found '\\u12g4', expected an escape: "
        + "\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits"),
    .init(
      "\"\\",
      "line 1, column 2: found '\\', expected an escape: "
        + "\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits"),
    .init(
      "\"\\uD800\"",
      "line 1, column 2: found '\\uD800', half of a surrogate pair; "
        + "write both halves or the character itself"),
    .init(
      "\"\\uDC00\\uD800\"",
      "line 1, column 2: found '\\uDC00', half of a surrogate pair; "
        + "write both halves or the character itself"),
    .init(
      "\"\\uD800\\uD800\"",
      "line 1, column 2: found '\\uD800', half of a surrogate pair; "
        + "write both halves or the character itself"),
    .init(
      "{\"lr\": 1,\n \"lr\": 2}",
      "line 2, column 2: key 'lr' appears a second time, first on line 1; keep one of them"),
    .init(
      String(repeating: "[", count: 100_000),
      "line 1, column 201: nested deeper than 200 levels; flatten it"),
    .init(
      "\u{FEFF}{}", "line 1, column 1: found a byte order mark; save the file as UTF-8 without one"),
  ]

  @Test(arguments: malformed) func malformedTextIsNamedWithItsPlace(_ text: Malformed) {
    #expect { try parse(text.text) } throws: { error in
      let error = error as? JSONError
      #expect(error?.description == "a.json: " + text.message)
      return error?.exitCode == .configuration
    }
  }

  @Test(
    arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func invalidUTF8IsRejected(_ bytes: [UInt8]) {
    let text = Array("[\n\"é".utf8) + bytes + Array("\"]".utf8)
    #expect { try JSONValue(parsing: text, path: "a.json", exitCode: .dataError) } throws: {
      error in
      let error = error as? JSONError
      #expect(
        error?.description
          == "a.json: line 2, column 3: byte 0x\(String(bytes[0], radix: 16, uppercase: true)) "
          + "is not valid UTF-8; save the file as UTF-8")
      return error?.exitCode == .dataError
    }
  }

  /// Every prefix of a valid text, and every text with one byte changed, either parses or throws.
  @Test func damagedTextNeverTraps() throws {
    let text = Array(#"{"a":[1,-2.5e3,"\u00e9\uD83D\uDE00x",{"b":null}],"é":[true,false,[]]}"#.utf8)
    _ = try JSONValue(parsing: text, path: "a.json")
    for count in 0..<text.count {
      #expect(throws: JSONError.self) {
        try JSONValue(parsing: Array(text.prefix(count)), path: "a.json")
      }
    }
    for index in text.indices {
      for byte: UInt8 in [
        0, 0x0A, 0x22, 0x2C, 0x30, 0x5B, 0x5C, 0x5D, 0x65, 0x7D, 0x80, 0xC3, 0xF0,
      ] {
        var damaged = text
        damaged[index] = byte
        do {
          let value = try JSONValue(parsing: damaged, path: "a.json")
          #expect(try JSONValue(parsing: Array(value.text().utf8), path: "") == value)
        } catch is JSONError {}
      }
    }
  }
}
