import Platform
import Support

/// The program `curl`, which knows how to talk to servers.
///
/// Starting a program takes addresses: of variables, which are not kept, and of copies of texts,
/// which are freed when it runs.
struct CurlProgram {
  private let path: String
  private let environment: [String: String]

  /// `nil` if it is not there.
  ///
  /// - Parameter environment: what the program gets, and whose `PATH` leads to it.
  init?(_ environment: [String: String]) {
    self.environment = environment
    let places = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/curl" }
    guard let path = places.first(where: FileSystem.isExecutable) else { return nil }
    self.path = path
  }

  /// How a transfer ended.
  struct Ending {
    /// curl's exit code; 0 if the server's answer came whole.
    let code: Int32
    /// What curl says, without its own name.
    let reason: String

    /// Whether the server does not go on where a part ends.
    var refusesRange: Bool {
      code == Code.rangeRefused || code == Code.badResume
        || code == Code.httpError && reason.contains("416")
    }
  }

  /// What exit codes mean (curl's manual page, "Exit codes").
  enum Code {
    static let partialFile: Int32 = 18
    static let httpError: Int32 = 22
    static let writeError: Int32 = 23
    static let timeout: Int32 = 28
    static let rangeRefused: Int32 = 33
    static let badResume: Int32 = 36
    static let nothingReceived: Int32 = 52
    static let receiveError: Int32 = 56
    static let tooLarge: Int32 = 63
    static let http2Error: Int32 = 92

    static func isBreak(_ code: Int32) -> Bool {
      [partialFile, timeout, nothingReceived, receiveError, http2Error].contains(code)
    }
  }

  /// Fetches what lies at an address into a file, behind what is there already.
  ///
  /// - Parameters:
  ///   - most: the bytes that it may send; curl looks at what the server promises.
  ///   - isWelcome: is asked now and then whether to go on.
  /// - Throws: ``FetchError/noCurl(url:)`` if the program does not start.
  func fetch(
    _ url: String, into file: String, atMost most: Int, while isWelcome: () -> Bool
  ) throws -> Ending {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw FetchError.noCurl(url: url) }
    defer { close(ends[0]) }
    let process: pid_t
    do {
      defer { close(ends[1]) }
      guard let started = start(arguments(url, file, most), messages: ends) else {
        throw FetchError.noCurl(url: url)
      }
      process = started
    }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, WNOHANG) == 0 {
      usleep(50_000)
      // The program may have inherited that gentler signals are blocked.
      if !isWelcome() { kill(process, SIGKILL) }
    }
    // The low seven bits are a signal's number, the next byte an exit code.
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    return Ending(code: code, reason: Self.text(ends[0]))
  }

  private func arguments(_ url: String, _ file: String, _ most: Int) -> [String] {
    [
      path, "--fail", "--location", "--silent", "--show-error", "--max-redirs", "10",
      "--proto", "=http,https", "--connect-timeout", "30", "--speed-limit", "1", "--speed-time",
      "60", "--user-agent", "Mozilla/5.0 (emnist data fetch)", "--max-filesize",
      "\(most)", "--continue-at", "-", "--output", file, "--url", url,
    ]
  }

  /// Starts the program with nothing to read, and its messages into a pipe; `nil` if it cannot.
  private func start(_ words: [String], messages ends: [Int32]) -> pid_t? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    return unsafe posix_spawn(&process, path, &actions, nil, arguments, variables) == 0
      ? process : nil
  }

  /// The last line that was said: `The requested URL returned error: 404`.
  private static func text(_ file: Int32) -> String {
    let text = String(decoding: FileSystem.readSome(of: file, count: 4_096) ?? [], as: UTF8.self)
    let line = text.split(separator: "\n").last.map(String.init) ?? "curl says nothing"
    guard line.hasPrefix("curl: ("), let end = line.firstIndex(of: ")") else { return line }
    return String(line[line.index(after: end)...].drop { $0 == " " })
  }
}
