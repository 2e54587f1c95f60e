/// A file of ours that a later version wrote in a form that is not known here.
///
/// Every file that is read back says its form in `schema`, 1 so far; tables say it by their columns.
/// What a later form means nobody can know, so that it is refused instead of half understood. Files
/// that do not say it are of before they did.
public struct FormatVersion: UserError, Equatable {
  public let path: String
  public let found: Int
  public let known: Int
  public let exitCode: ExitCode

  /// Checks the form that a file says.
  ///
  /// - Throws: ``FormatVersion`` if it is later than `known`.
  public static func check(
    _ found: Int?, of path: String, known: Int = 1, exitCode: ExitCode = .dataError
  ) throws {
    guard let found, found > known else { return }
    throw FormatVersion(path: path, found: found, known: known, exitCode: exitCode)
  }

  public var description: String {
    "\(path): a later version of emnist wrote this (format \(found), this one reads \(known)); "
      + "use that version"
  }
}
