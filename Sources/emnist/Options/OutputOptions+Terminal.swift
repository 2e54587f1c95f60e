import Reports
import Support

extension OutputOptions {
  /// What standard output can show.
  var resultTerminal: Terminal {
    Terminal(
      descriptor: StandardStream.output.rawValue,
      color: Reports::ColorChoice(rawValue: color.rawValue) ?? .auto)
  }
}
