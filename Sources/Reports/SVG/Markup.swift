import Support

/// A piece of SVG or HTML that is well-formed: texts and attribute values are escaped as they are
/// put in, and every element is closed.
///
/// What it gives is XML (W3C, "Extensible Markup Language 1.0", fifth edition) and HTML alike.
public struct Markup: Equatable, Sendable {
  public private(set) var text = ""

  /// Nothing.
  public init() {}

  private init(unescaped text: String) { self.text = text }

  /// Plain text.
  public init(_ text: String) { self.text = escaped(text) }

  /// An element with content. It has an end tag even without, as HTML wants it.
  public static func element(
    _ name: String, _ attributes: KeyValuePairs<String, any AttributeValue> = [:],
    _ content: Markup...
  ) -> Markup {
    let start = "<\(name)\(Self.text(of: attributes))>"
    return Markup(unescaped: content.reduce(into: start) { $0 += $1.text } + "</\(name)>")
  }

  /// An element that never has content: a shape, or one of HTML's void elements.
  public static func empty(
    _ name: String, _ attributes: KeyValuePairs<String, any AttributeValue> = [:]
  ) -> Markup {
    Markup(unescaped: "<\(name)\(Self.text(of: attributes))/>")
  }

  /// A style sheet. It must hold none of the characters that XML and HTML read differently.
  public static func style(_ css: String) -> Markup {
    precondition(!css.contains { "<>&".contains($0) }, "the style sheet would need escaping")
    return Markup(unescaped: "<style>\(css)</style>")
  }

  private static func text(of attributes: KeyValuePairs<String, any AttributeValue>) -> String {
    attributes.reduce(into: "") { text, attribute in
      text += " \(attribute.key)=\"\(attribute.value.attributeText)\""
    }
  }

  public static func + (a: Markup, b: Markup) -> Markup { Markup(unescaped: a.text + b.text) }
  public static func += (a: inout Markup, b: Markup) { a.text += b.text }
}

extension Sequence<Markup> {
  /// One after the other.
  public func joined() -> Markup { reduce(into: Markup()) { $0 += $1 } }
}

/// A value of an attribute, escaped.
public protocol AttributeValue {
  var attributeText: String { get }
}

extension String: AttributeValue {
  public var attributeText: String { escaped(self) }
}

extension Int: AttributeValue {
  public var attributeText: String { String(self) }
}

extension Double: AttributeValue {
  /// Rounded to hundredths, without needless zeros; a coordinate needs no more. What lies beyond
  /// every picture, as a number that somebody edited may, is written as a billion.
  public var attributeText: String {
    let near = isNaN ? 0 : Swift.min(Swift.max(self, -1e9), 1e9)
    let hundredths = Int((near * 100).rounded())
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}

/// `text` with the five characters of markup escaped, and those replaced that XML cannot hold or that
/// control what shows a text.
private func escaped(_ text: String) -> String {
  // From DEL on: C1, the direction of writing and U+FFFE begin with these bytes.
  guard
    text.utf8.contains(where: {
      $0 < 0x20 || "<>&\"'".utf8.contains($0) || [0x7F, 0xC2, 0xE2, 0xEF].contains($0)
    })
  else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
    case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    case _ where scalar.isControlling: result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
