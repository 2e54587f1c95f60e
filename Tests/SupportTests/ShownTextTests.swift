import Support
import Testing

@Suite struct ShownTextTests {
  @Test(arguments: [
    ("a\u{1B}[31mb", #"a\u{1B}[31mb"#), ("two\nlines\ttab\r", #"two\nlines\ttab\r"#),
    ("bell\u{7}\u{7F}", #"bell\u{07}\u{7F}"#), ("\u{9B}2J", #"\u{009B}2J"#),
    ("\u{202E}txt.exe", #"\u{202E}txt.exe"#), ("\u{2066}a\u{2069}", #"\u{2066}a\u{2069}"#),
    ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#),
    // Words of any language stay as they are, and so do marks of direction that override nothing.
    ("ä 数字 \u{5E2}\u{200F} 👍🏽", "ä 数字 \u{5E2}\u{200F} 👍🏽"), ("", ""),
  ])
  func aNameIsShownInOneLine(name: String, shown: String) {
    #expect(name.shown == shown)
  }

  @Test(arguments: [
    // Ours.
    "a\nb\tc\n", "\r\u{1B}[Kprogress", "\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[3A\u{1B}[J",
    "\u{1B}[38;5;7;48;5;240m▀", "plain", "ä",
  ])
  func whatWePrintIsLeftAlone(text: String) {
    #expect(text.shownLines == text)
  }

  @Test(arguments: [
    ("\u{1B}]0;title\u{7}", #"\u{1B}]0;title\u{07}"#), ("\u{1B}c", #"\u{1B}c"#),
    ("\u{1B}[2;1H", #"\u{1B}[2;1H"#), ("\u{1B}[6n", #"\u{1B}[6n"#), ("\u{1B}", #"\u{1B}"#),
    ("\u{1B}[", #"\u{1B}["#), ("\u{8}\u{0}", #"\u{08}\0"#), ("\u{9B}2J", #"\u{009B}2J"#),
    ("\u{202E}a\n", "\\u{202E}a\n"),
  ])
  func noOtherControlReachesATerminal(text: String, shown: String) {
    #expect(text.shownLines == shown)
  }

  @Test(arguments: [
    ("runs/cnn-1", "runs/cnn-1"), ("sp ace;touch x", "'sp ace;touch x'"), ("", "''"),
    ("it's", #"'it'\''s'"#), ("$(reboot)`x`", "'$(reboot)`x`'"), ("~/x", "'~/x'"),
  ])
  func aPathIsOneWordForAShell(path: String, word: String) {
    #expect(path.shellWord == word)
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("=a,b", "\"'=a,b\""), ("'=1", "''=1"),
    // No formulas.
    ("=", "="), ("-", "-"), ("+", "+"), ("@", "@"), ("-0.5", "-0.5"), ("+3e7", "+3e7"),
    ("a=b", "a=b"), ("'", "'"), ("'a", "'a"), ("", ""), ("''", "''"), ("'-", "'-"),
  ])
  func aFieldIsNoFormulaAndReadsBack(text: String, field: String) {
    #expect(csvField(text) == field)
    let isQuoted = field.hasPrefix("\"")
    #expect(csvText(isQuoted ? String(field.dropFirst().dropLast()) : field) == text)
  }

  @Test func jsonEscapesWhatControlsATerminal() throws {
    let text = "\u{9B}\u{7F}\u{202E}\u{2028}ä\u{1B}"
    let json = JSONValue.string(text).text()
    #expect(json == #""\u009B\u007F\u202E\u2028ä\u001B""#)
    #expect(try JSONValue(parsing: Array(json.utf8), path: "json").string == text)
  }
}
