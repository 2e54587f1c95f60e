import Platform
import Support

/// Which program did something, and how it was called.
public struct RunOrigin: Equatable, Sendable {
  public let version: String
  /// The commit that the program was built from, with a `+` if the sources had changes; `unknown`
  /// outside of a repository.
  public let commit: String
  public let arguments: [String]
  /// The variables `EMNIST_…`, by name.
  public let environment: [(name: String, value: String)]

  public init(
    version: String = "unknown", commit: String = "unknown", arguments: [String] = [],
    environment: [String: String] = [:]
  ) {
    self.version = version
    self.commit = commit
    self.arguments = arguments
    self.environment = environment.filter { $0.key.hasPrefix("EMNIST_") }.sorted { $0.key < $1.key }
      .map { (name: $0.key, value: $0.value) }
  }

  public static func == (a: RunOrigin, b: RunOrigin) -> Bool { a.json == b.json }

  /// The members that say who wrote a record.
  var json: JSONObject {
    [
      "version": .string(version), "commit": .string(commit), "compiler": .string(Self.compiler),
      "build": .string(Self.build), "system": .string(Self.system),
      "arguments": .array(arguments.map(JSONValue.string)),
      "environment": .object(JSONObject(environment.map { ($0.name, .string($0.value)) })),
    ]
  }

  /// The oldest Swift that the program may have been compiled with, as far as a program can tell.
  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #elseif compiler(>=6.3.1)
      "Swift 6.3.1 or newer"
    #else
      "Swift 6.3"
    #endif
  }

  private static var build: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static var system: String { ProcessInfo.processInfo.operatingSystemVersionString }
}
