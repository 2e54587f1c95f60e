import Support
import Testing

@Suite struct JSONWritingTests {
  @Test func compactTextHasNoSpace() {
    let value: JSONValue = ["b": 1, "a": [1.0, 0.1, true, .null, "x"], "c": [:], "d": []]
    #expect(value.text() == #"{"b":1,"a":[1.0,0.1,true,null,"x"],"c":{},"d":[]}"#)
  }

  @Test func prettyTextKeepsPlainArraysOnOneLine() {
    let value: JSONValue = [
      "name": "run", "rows": [[1, 2], [3, 4]], "labels": ["a", "b"], "none": [], "o": [:],
      "classes": [["index": 0]],
    ]
    #expect(
      value.text(pretty: true) == """
        {
          "name": "run",
          "rows": [
            [1, 2],
            [3, 4]
          ],
          "labels": ["a", "b"],
          "none": [],
          "o": {},
          "classes": [
            {
              "index": 0
            }
          ]
        }

        """)
  }

  @Test func numbersAreShortAndReadBackTheSame() throws {
    let numbers = [
      0.1, 1.0, -0.0, 1e-5, 1e16, 1.0 / 3, .pi, .leastNonzeroMagnitude,
      Double.greatestFiniteMagnitude, 1e22,
    ]
    let text = JSONValue.array(numbers.map { .number($0) }).text()
    #expect(text.hasPrefix("[0.1,1.0,-0.0,1e-05,1e+16,0.3333333333333333,"))
    let back = try JSONValue(parsing: Array(text.utf8), path: "").array?.compactMap(\.double)
    #expect(back?.map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test func numbersThatAreNotFiniteAreNull() {
    #expect(JSONValue.array([.number(.nan), .number(-.infinity)]).text() == "[null,null]")
    var object = JSONObject()
    object.set("loss", number: .nan)
    object.set("lr", number: 0.5)
    object.set("up", number: .infinity)
    object.set("down", number: -.infinity)
    #expect(
      JSONValue.object(object).text()
        == #"{"loss":null,"loss_reason":"not a number","lr":0.5,"up":null,"up_reason":"infinite","#
        + #""down":null,"down_reason":"minus infinite"}"#)
  }

  @Test func stringsAreEscaped() throws {
    let value: JSONValue = "\"\\/\u{8}\t\n\u{c}\r\u{1f}\u{7f}é😀"
    #expect(value.text() == "\"\\\"\\\\/\\b\\t\\n\\f\\r\\u001F\\u007Fé😀\"")
    #expect(try JSONValue(parsing: Array(value.text().utf8), path: "") == value)
  }
}

@Suite struct JSONObjectTests {
  @Test func settingKeepsThePlaceOfAKnownKey() {
    var object: JSONObject = ["a": 1, "b": 2, "c": 3]
    object["b"] = 5
    object["d"] = 4
    object["a"] = nil
    object["z"] = nil
    #expect(object.keys == ["b", "c", "d"])
    #expect(object.map(\.value) == [5, 3, 4])
    #expect(object["d"] == 4)
    #expect(object["a"] == nil)
  }

  @Test func equalityIgnoresOrder() {
    #expect(["a": 1, "b": 2] as JSONObject == ["b": 2, "a": 1])
    #expect(["a": 1] as JSONObject != ["a": 1.0])
    #expect(["a": 1] as JSONObject != ["a": 1, "b": 2])
  }

  @Test func accessorsConvertOnlyWhatIsSafe() {
    let value: JSONValue = ["i": 2, "n": 2.5, "s": "t", "b": true, "a": [1]]
    #expect(value["i"]?.int == 2)
    #expect(value["i"]?.double == 2)
    #expect(value["n"]?.double == 2.5)
    #expect(value["n"]?.int == nil)
    #expect(value["s"]?.string == "t")
    #expect(value["b"]?.bool == true)
    #expect(value["b"]?.int == nil)
    #expect(value["a"]?.array == [1])
    #expect(value["missing"] == nil)
    #expect(value["s"]?["x"] == nil)
  }
}
