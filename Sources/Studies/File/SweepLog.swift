import Support

/// What was found in a sweep file while it was read: all that is wrong with it, and what its reader
/// should know.
final class SweepLog {
  private let path: String
  private let places: KeyPlaces?
  /// Whether parameters that set no training option are left out.
  var ignoresUnknown = false
  private(set) var obstacles: [SweepFileError] = []
  private(set) var notes: [String] = []

  init(path: String, places: KeyPlaces? = nil) {
    self.path = path
    self.places = places
  }

  /// Remembers what is wrong, and where.
  func report(_ error: SweepFileError) {
    obstacles.append(error.at(line: places?.line(of: error.key)))
  }

  /// Remembers a sentence about the file.
  func note(_ text: String) { notes.append("\(path): \(text)") }

  /// Does what it can, and remembers what is wrong instead of giving up.
  func attempt<Value>(_ body: () throws -> Value) throws -> Value? {
    do {
      return try body()
    } catch let error as SweepFileError {
      report(error)
      return nil
    }
  }

  /// - Throws: ``SweepFileError`` or ``SweepFileErrors`` if anything is wrong.
  func check() throws {
    guard let first = obstacles.first else { return }
    guard obstacles.count > 1 else { throw first }
    let ordered = obstacles.enumerated().sorted { a, b in
      (a.element.line ?? 0, a.offset) < (b.element.line ?? 0, b.offset)
    }
    throw SweepFileErrors(path: path, errors: ordered.map(\.element))
  }
}

/// All that is wrong with a sweep file, if it is more than one thing.
public struct SweepFileErrors: UserError, Equatable {
  public let path: String
  /// In the order of the file.
  public let errors: [SweepFileError]

  public var exitCode: ExitCode { .configuration }

  public var description: String { "\(path): \(errors.count) obstacles" }
}
