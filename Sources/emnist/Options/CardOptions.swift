import Configuration
import Support

/// What nobody but a person can say of a network.
enum CardOptions {
  static let license = CommandOption(
    "--license", "ID", heading: "Model card",
    help: "license of the network for the card, as apache-2.0; without one the card names none")

  /// - Throws: ``ConfigurationError/invalidValue(_:got:_:)``.
  static func license(_ arguments: Arguments) throws -> String? {
    try arguments.value(license, .licenseIdentifier)
  }
}

extension ValueKind<String> {
  /// A model hub's name of a license, or SPDX's: letters, digits, dots, dashes and plus signs.
  fileprivate static var licenseIdentifier: Self {
    word("an identifier as apache-2.0", toText: \.self) { text throws(ValueProblem) in
      let isPlain = text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || ".-+".contains($0))
      }
      guard isPlain, !text.isEmpty, text.utf8.count <= 64 else {
        throw .wrongKind(expected: "an identifier as apache-2.0")
      }
      return text
    }
  }
}
