import Testing

@testable import Reports

@Suite struct MarkupTests {
  @Test func everythingThatMarkupWouldReadIsEscaped() throws {
    let text = "<script>&\"'\u{1}</script>\u{FFFF}"
    let markup = Markup.element("p", ["title": text], Markup(text))
    #expect(
      markup.text
        == "<p title=\"&lt;script&gt;&amp;&quot;&#39;\u{FFFD}&lt;/script&gt;\u{FFFD}\">"
        + "&lt;script&gt;&amp;&quot;&#39;\u{FFFD}&lt;/script&gt;\u{FFFD}</p>")
    let element = try #require(try XMLText(markup.text).elements.first)
    #expect(element.text == "<script>&\"'\u{FFFD}</script>\u{FFFD}")
  }

  @Test func coordinatesAreShort() {
    let numbers = [0, 1, -1, 0.5, 12.345, -0.004, 100.1, 3.999, -2.05]
    #expect(
      numbers.map(\.attributeText)
        == ["0", "1", "-1", "0.5", "12.35", "0", "100.1", "4", "-2.05"])
    #expect(
      [1e300, -.infinity, .nan].map(\.attributeText) == ["1000000000", "-1000000000", "0"])
  }

  @Test func elementsNest() {
    let markup = Markup.element("g", [:], .empty("rect", ["width": 3]), Markup("a"))
    #expect(markup.text == "<g><rect width=\"3\"/>a</g>")
    #expect(Markup.element("td").text == "<td></td>")
  }

  @Test func readersOfXMLRefuseWhatTheCheckerRefuses() {
    for text in [
      "<a>", "<a></b>", "<a b=1/>", "<a>&x;</a>", "<a/><b/>", "<a b=\"1\" b=\"2\"/>", "a",
    ] {
      #expect(throws: XMLText.Malformed.self) { try XMLText(text) }
    }
  }
}
