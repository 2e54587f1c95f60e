/// The page at `/`.
struct ServedPage: Sendable {
  let response: HTTPResponse

  init(title: String) {
    response = HTTPResponse(
      page: Self.usage(title), policy: "default-src 'none'; style-src 'unsafe-inline'")
  }

  /// How to call the server.
  private static func usage(_ title: String) -> String {
    let name = title.flatMap { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      default: String(character)
      }
    }
    return """
      <!doctype html>
      <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>emnist serve</title>
      <style>body{font:16px/1.5 system-ui;max-width:40em;margin:2em auto;padding:0 1em;color-scheme:light dark}
      pre{overflow:auto}</style>
      <h1>emnist serve</h1>
      <p>The network of \(String(name)) answers here:</p>
      <pre>curl -H 'Content-Type: image/png' --data-binary @scan.png http://localhost:8080/predict
      curl http://localhost:8080/model
      curl http://localhost:8080/healthz</pre>
      </html>

      """
  }
}
