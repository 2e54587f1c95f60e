import Support
import Testing

@Suite struct YAMLErrorTests {
  struct Malformed: CustomTestStringConvertible {
    let text: String
    let message: String
    var testDescription: String { text }
    init(_ text: String, _ message: String) { (self.text, self.message) = (text, message) }
  }

  static let malformed: [Malformed] = [
    .init(
      "metric:\n  name: val_loss\n    goal: minimize\n",
      "line 3, column 5: indented by 4 spaces, but the lines above by 2; indent it as "
        + "those it belongs to"),
    .init(
      "a:\n    b: 1\n  c: 2\n",
      "line 3, column 3: indented by 2 spaces, but the lines above by 0 or 4; indent it "
        + "as those it belongs to"),
    .init(
      "  a: 1\nb: 2\n",
      "line 2, column 1: indented by 0 spaces, but the lines above by 2; indent it as "
        + "those it belongs to"),
    .init(
      "- a: 1\n   b: 2\n",
      "line 2, column 4: indented by 3 spaces, but the lines above by 2; indent it as "
        + "those it belongs to"),
    .init(
      "a:\n  - x\n  y\n",
      "line 3, column 3: found 'y', expected '- '"),
    .init(
      "a: 1\n- b\n",
      "line 2, column 1: found '-', expected a key or a value"),
    .init(
      "a:\n\tb: 1\n",
      "line 2, column 1: found a tab before the text; indent with spaces"),
    .init(
      "-\ta: 1\n",
      "line 1, column 2: found a tab before the text; indent with spaces"),
    .init(
      "method grid\nmetric: x\n",
      "line 1, column 1: 'method grid' has no value; write a colon and a space between "
        + "key and value"),
    .init(
      "metric:\n  name val_loss\n  goal: minimize\n",
      "line 2, column 3: 'name val_loss' has no value; write a colon and a space between "
        + "key and value"),
    .init(
      "method:grid\nrun_cap: 3\n",
      "line 1, column 1: 'method:grid' has no value; write a colon and a space between "
        + "key and value"),
    .init(
      "metric: name: val_loss\n",
      "line 1, column 9: 'name: val_loss' begins behind another key; move it to a line "
        + "of its own, indented deeper, or put the text into quotes"),
    .init(
      "a: - 1\n",
      "line 1, column 4: '- 1' begins behind another key; move it to a line of its own, "
        + "indented deeper, or put the text into quotes"),
    .init(
      "a: {min:1, max:2}\n",
      "line 1, column 5: 'min:1' has no value; write a colon and a space between key and "
        + "value"),
    .init(
      "a: [1, 2\nb: 3\n",
      "line 2, column 1: found 'b', expected ',' or ']'"),
    .init(
      "a: [1, 2\n",
      "line 1, column 4: '[' is never closed; close it"),
    .init(
      "a: {b: 1\n---\n",
      "line 1, column 4: '{' is never closed; close it"),
    .init(
      "a: [1 2, 3]]\n",
      "line 1, column 12: found ']', expected the end of the line"),
    .init(
      "a: {b: 1} c\n",
      "line 1, column 11: found 'c', expected the end of the line"),
    .init(
      "a: 'x\nb: 1\n",
      "line 1, column 4: the quote is never closed; close it"),
    .init(
      "a: \"x\" y\n",
      "line 1, column 8: found 'y', expected the end of the line"),
    .init(
      "a: \"C:\\data\"\n",
      "line 1, column 7: found '\\d', which is no escape; write \\\\ for a backslash, or "
        + "use single quotes"),
    .init(
      "a: \"\\ud83d\"\n",
      "line 1, column 5: found '\\ud83d', which is no escape; write \\\\ for a "
        + "backslash, or use single quotes"),
    .init(
      "&a b: 1\n",
      "line 1, column 4: 'b: 1' begins behind another key; move it to a line of its own, "
        + "indented deeper, or put the text into quotes"),
    .init(
      "a: 1\n*b : 2\n",
      "line 2, column 1: '*b' is an alias, which stands before a value here, not before a key; "
        + "move it, or put the text into quotes"),
    .init(
      "a: *base\nb: &base 1\n",
      "line 1, column 4: '*base' stands for what '&base' marks, and nothing above is marked so"),
    .init(
      "a: &a [*a]\n",
      "line 1, column 8: '*a' stands for what '&a' marks, and nothing above is marked so"),
    .init(
      "a: {<<: 3}\n",
      "line 1, column 5: '<<' takes in the members of a mapping, or of several in a list, got 3"),
    .init(
      "a: !!int 1.5\n", "line 1, column 4: 1.5 is not what '!!int' says; remove the tag"),
    .init(
      "a: !!python/tuple [1]\n",
      "line 1, column 4: '!!python/tuple' is a tag, which is not read here; remove it"),
    .init(
      "? a\n: 1\n",
      "line 1, column 1: found '?', a key of several lines; write the key and its colon "
        + "on one line"),
    .init(
      "{a: 1}: 2\n",
      "line 1, column 7: a list or a mapping stands where a key does; a key is a text"),
    .init(
      "{[a]: 1}\n",
      "line 1, column 2: a list or a mapping stands where a key does; a key is a text"),
    .init(
      "%YAML 1.2\n---\na: 1\n",
      "line 1, column 1: '%YAML' is a directive, which is not read here; remove the line"),
    .init(
      "a: 1\n---\na: 2\n",
      "line 2, column 1: a second document begins; keep one in a file"),
    .init(
      "a: @x\n",
      "line 1, column 4: a text cannot begin with '@'; put it into quotes"),
    .init(
      "a: %x\n",
      "line 1, column 4: a text cannot begin with '%'; put it into quotes"),
    .init(
      "a: `x`\n",
      "line 1, column 4: a text cannot begin with '`'; put it into quotes"),
    .init(
      "lr: 1\nb: 2\nlr: 3\n",
      "line 3, column 1: key 'lr' appears a second time, first on line 1; keep one of "
        + "them"),
    .init(
      "{lr: 1, lr: 2}\n",
      "line 1, column 9: key 'lr' appears a second time, first on line 1; keep one of "
        + "them"),
    .init(
      "a: 010\n",
      "line 1, column 4: number 010 starts with a needless 0; remove it, or put the text "
        + "into quotes"),
    .init(
      "a: 1e999\n",
      "line 1, column 4: number 1e999 is not finite as a 64-bit float; write a number "
        + "within 1.8e308"),
    .init(
      "a: .inf\n",
      "line 1, column 4: number .inf is not finite as a 64-bit float; write a number "
        + "within 1.8e308"),
    .init(
      "a: -.INF\n",
      "line 1, column 4: number -.INF is not finite as a 64-bit float; write a number "
        + "within 1.8e308"),
    .init(
      "a: .NaN\n",
      "line 1, column 4: number .NaN is not finite as a 64-bit float; write a number "
        + "within 1.8e308"),
    .init(
      "a: |x\n  b\n",
      "line 1, column 5: found 'x' behind '|' or '>'; only '-', '+', a digit from 1 to 9 "
        + "or a comment stand there"),
    .init(
      "a: [1,, 2]\n",
      "line 1, column 7: found ',', expected a key or a value"),
    .init(
      "a: ,\n",
      "line 1, column 4: found ',', expected a key or a value"),
    .init(
      "a: ]\n",
      "line 1, column 4: found ']', expected a key or a value"),
    .init(
      "a: [b: 1]\n",
      "line 1, column 6: found ':', expected ',' or ']'"),
    .init(
      ": 1\n",
      "line 1, column 1: found ':', expected a key or a value"),
    .init(
      "a: 1 # x\n  b\n",
      "line 2, column 3: indented by 2 spaces, but the lines above by 0; indent it as "
        + "those it belongs to"),
    .init(
      "a: \u{1}\n",
      "line 1, column 4: byte 0x01 is no text; remove it"),
    .init(
      "a: 1\n... b\n",
      "line 2, column 5: found 'b', expected the end of the line"),
    .init(
      "a: |\n\tb\n",
      "line 2, column 1: found a tab before the text; indent with spaces"),
    .init(
      "hello\n  b: 1\n",
      "line 1, column 1: 'hello' has no value; write a colon and a space between key and "
        + "value"),
    .init(
      "a: {b: 1,\n c}\n",
      "line 2, column 2: 'c' has no value; write a colon and a space between key and "
        + "value"),
    .init(
      "a: b\n - c\n",
      "line 2, column 2: indented by 1 space, but the lines above by 0; indent it as "
        + "those it belongs to"),
    .init(
      "[a: 1\n",
      "line 1, column 3: found ':', expected ',' or ']'"),
    .init(
      "a: [- 1]\n",
      "line 1, column 5: found '-', expected a key or a value"),
    .init(
      "a: 1\nb\n",
      "line 2, column 1: 'b' has no value; write a colon and a space between key and "
        + "value"),
    .init(
      "a:\n  b: 1\n c:\n   d: 2\n",
      "line 3, column 2: indented by 1 space, but the lines above by 0 or 2; indent it "
        + "as those it belongs to"),
  ]

  @Test(arguments: malformed) func malformedTextIsNamedWithItsPlace(_ text: Malformed) {
    #expect {
      try JSONValue(parsingYAML: Array(text.text.utf8), path: "a.yaml")
    } throws: { error in
      let error = error as? YAMLError
      #expect(error?.description == "a.yaml: " + text.message)
      return error?.exitCode == .configuration
    }
  }

  @Test func invalidUTF8IsRejected() {
    #expect {
      try JSONValue(
        parsingYAML: Array("a:\r\n  é".utf8) + [0xFF], path: "a.yaml", exitCode: .dataError)
    } throws: { error in
      let error = error as? YAMLError
      #expect(
        error?.description
          == "a.yaml: line 2, column 4: byte 0xFF is not valid UTF-8; save the file as UTF-8")
      return error?.exitCode == .dataError
    }
  }

  /// A few lines would otherwise be a memory full of copies.
  @Test func aliasesStandForSoManyValuesOnly() {
    let lines = (1...20).map {
      "a\($0): &a\($0) [\(($0 > 1 ? ["*a\($0 - 1)"] : ["1"]).joined()), *a\($0 - 1)]"
    }
    let text = "a0: &a0 [1, 2, 3]\n" + lines.joined(separator: "\n")
    #expect {
      try JSONValue(parsingYAML: Array(text.utf8), path: "a.yaml")
    } throws: { "\($0)".hasSuffix("aliases stand for more than 100000 values; write fewer") }
  }

  @Test func aliasesNestNoDeeperThanAnythingElse() {
    let lines = (1...210).map { "a\($0): &a\($0) [*a\($0 - 1)]" }
    #expect {
      try JSONValue(
        parsingYAML: Array(("a0: &a0 1\n" + lines.joined(separator: "\n")).utf8), path: "a.yaml")
    } throws: { "\($0)".hasSuffix("nested deeper than 200 levels; flatten it") }
  }

  @Test func tooDeepIsNamed() {
    #expect {
      try JSONValue(
        parsingYAML: Array(String(repeating: "- ", count: 100_000).utf8), path: "a.yaml")
    } throws: { error in
      "\(error)" == "a.yaml: line 1, column 401: nested deeper than 200 levels; flatten it"
    }
  }
}
