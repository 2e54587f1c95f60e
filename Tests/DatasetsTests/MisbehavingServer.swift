import Foundation

/// A web server on this machine whose answers go wrong as real ones do, each in its own directory.
final class MisbehavingServer {
  let address: String
  /// What `/good/file` holds.
  static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &+ $0 >> 7) }

  /// Whether a server can be started and be talked to.
  static let isPossible = has("python3") && has("curl")

  private let process = Process()

  init() throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    address = "http://127.0.0.1:" + port.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit { process.terminate() }

  private static func has(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  private static let script = """
    import http.server, os
    CONTENT = bytes((i * i + (i >> 7)) & 255 for i in range(100000))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            kind = self.path.split("/")[1]
            start = int(self.headers.get("Range", "bytes=0-")[6:].split("-")[0])
            if kind == "norange": start = 0
            if kind == "missing": return self.send_error(404)
            if start >= len(CONTENT): return self.send_error(416)
            body = CONTENT[start:]
            length = len(body)
            if kind == "page":
                start, body = 0, b"<!doctype html><title>moved</title>" + b" " * 2000
                length = len(body)
            if kind == "wrong": body = bytes(len(body))
            if kind == "short": body = body[:500]; length = 500
            if kind == "breaks": body = body[:30000]
            if kind == "silent": body = b""
            self.send_response(206 if start else 200)
            if start: self.send_header("Content-Range", f"bytes {start}-99999/100000")
            if kind != "endless": self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)
            while kind == "endless": self.wfile.write(bytes(65536))

        def log_message(self, *_): pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    parent = os.getppid()
    import threading, time
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Nobody left behind if the tests are killed.
    while os.getppid() == parent: time.sleep(0.2)
    """
}
