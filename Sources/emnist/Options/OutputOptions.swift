import Configuration
import Datasets
import Reports
import Support

/// How a command reports.
struct OutputOptions: Equatable {
  static let json = CommandOption(
    "--json", heading: heading, help: "print one JSON object instead of text")
  static let quiet = CommandOption(
    "--quiet", short: "q", heading: heading, help: "print the result and nothing else")
  static let color = TypedOption(
    "--color", .choice(of: "color mode"), "WHEN", default: ColorChoice.auto, heading: heading,
    help: "colored text")
  static let all = [json, quiet, color.option]
  private static let heading = "Output"

  let json: Bool
  let quiet: Bool
  let color: ColorChoice

  init(_ arguments: Arguments) throws {
    json = arguments.isOn(Self.json)
    quiet = arguments.isOn(Self.quiet)
    color = try arguments.value(Self.color)
  }
}

extension OutputOptions {
  /// What standard output can show.
  var resultTerminal: Terminal {
    Terminal(
      descriptor: StandardStream.output.rawValue,
      color: Reports::ColorChoice(rawValue: color.rawValue) ?? .auto)
  }
}

/// The line that counts pictures while a set of folders is read or written.
enum PictureCount {
  /// What shows it on standard error, if that is a terminal; the last picture takes it away.
  ///
  /// - Parameter verb: what is done, such as `reading`.
  static func shown(_ verb: String) -> ReadingProgress? {
    let terminal = Terminal(descriptor: StandardStream.error.rawValue)
    guard terminal.canRedraw else { return nil }
    return { done, count in
      let line = done < count ? "\(verb) pictures: \(done) of \(count)" : ""
      try? StandardStream.error.put("\r\u{1B}[K\(line)")
    }
  }
}
