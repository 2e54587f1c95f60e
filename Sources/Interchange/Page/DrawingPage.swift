import Platform
import Support

/// A page to draw characters on that a network names: network, script and style in one file, which
/// opens from the disk and asks nobody for anything.
public struct DrawingPage: Sendable {
  /// The whole page.
  public let html: String
  /// What a browser may do with it: run this script and this style, and nothing else.
  public let policy: String

  public init(_ network: ExportedNetwork) {
    let (script, style) = (PageScript.all, PageScript.style)
    policy =
      "default-src 'none'; script-src 'sha256-\(Self.digest(script))'; "
      + "style-src 'sha256-\(Self.digest(style))'; base-uri 'none'; form-action 'none'"
    let size = "\(network.graph.width) × \(network.graph.height)"
    let trained = network.fact("dataset")
    let title =
      "\(Self.escaped(network.name))\(trained.isEmpty ? "" : ", trained on \(Self.escaped(trained))"). "
      + "\(network.labels.count) classes."
    let body = PageScript.body.replacing("TITLE", with: title).replacing("SIZE", with: size)
    html = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Draw a character</title>
      <style>\(style)</style>
      </head>
      <body>
      \(body)
      \(Self.opening)\(Self.data(network))\(Self.closing)
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  private static let opening = "<script type=\"application/json\" id=\"network\">"
  private static let closing = "</script>"

  /// What the script reads. Nothing in it ends the element that it stands in.
  private static func data(_ network: ExportedNetwork) -> String {
    let description = GraphDescription(network.graph)
    func known(_ key: String) -> JSONValue? {
      try? JSONValue(parsing: Array(network.fact(key).utf8), path: key)
    }
    let object: JSONObject = [
      "labels": .array(network.labels.map(JSONValue.string)),
      "height": .integer(network.graph.height), "width": .integer(network.graph.width),
      "temperature": .number(Double(network.temperature)),
      "threshold": network.threshold.map { .number(Double($0)) } ?? .null,
      "score": known("score") ?? .null, "form": known("form") ?? PageScript.usualForm,
      "nodes": .array(description.nodes), "weights": .string(description.encodedNumbers),
    ]
    return JSONValue.object(object).text().replacing("<", with: "\\u003c")
  }

  /// The graph that a page holds; `nil` if it is none of ours.
  static func graph(in bytes: [UInt8]) -> InferenceGraph? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.firstRange(of: opening)?.upperBound,
      let end = text[start...].firstRange(of: closing)?.lowerBound,
      let json = try? JSONValue(parsing: Array(text[start..<end].utf8), path: "page"),
      let nodes = json["nodes"], let numbers = json["weights"]?.string
    else { return nil }
    return InferenceGraph(describedBy: nodes, numbers: numbers)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  /// SHA-256 in base 64, as a content policy names what is allowed.
  private static func digest(_ text: String) -> String {
    let digits = Array(SHA256.hexadecimal(text: text))
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
    }
    return Data(bytes).base64EncodedString()
  }
}

extension NetworkFormat {
  /// A page to draw on.
  public static let html = NetworkFormat(
    name: "html", suffix: "html", usage: "a page to draw on, for any browser, from the disk too"
  ) { network, _ in
    Array(DrawingPage(network).html.utf8)
  } decode: { file, _ in
    guard let graph = DrawingPage.graph(in: file.bytes) else {
      throw ExportError.unreadable(
        path: file.path, format: "html", what: "it holds no network that can be read")
    }
    return GraphEvaluator(graph).logits
  }
}
