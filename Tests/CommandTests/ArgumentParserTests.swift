import Support
import Testing

@testable import emnist

@Suite struct ArgumentParserTests {
  private static let options = [
    CommandOption("--out", short: "o", "DIR", heading: "X", help: ""),
    CommandOption("--epochs", "N", heading: "X", help: ""),
    CommandOption("--force", short: "f", heading: "X", help: ""),
    CommandOption("--quiet", short: "q", heading: "X", help: ""),
    CommandOption("--shuffle", heading: "X", negation: .only, help: ""),
  ]

  private func parse(
    _ line: String, operands: [Operand] = [Operand(name: "RUN", help: "", repeats: true)]
  ) throws -> Arguments {
    try ArgumentParser.parse(
      line.split(separator: " ").map(String.init)[...], for: "emnist test",
      options: Self.options, operands: operands, environment: [:])
  }

  private func value(_ flag: String, in line: String) throws -> String? {
    let option = try #require(Self.options.first { $0.flag == flag })
    return try parse(line).path(option)
  }

  private func isOn(_ flag: String, in line: String) throws -> Bool {
    try parse(line).isOn(#require(Self.options.first { $0.flag == flag }))
  }

  @Test(arguments: [
    "--out d", "--out=d", "-o d", "-od", "-qo d", "-qod", "x --out d y", "--out e --out d",
    "--out=e -o d", "-o e --out=d -- --out=f",
  ])
  func aValueMayBeWrittenInManyWays(line: String) throws {
    #expect(try value("--out", in: line) == "d")
  }

  @Test func whatFollowsTheEqualsSignIsTheValueWhateverItIs() throws {
    #expect(try value("--out", in: "--out=-x") == "-x")
    #expect(try value("--out", in: "--out=a=b") == "a=b")
    #expect(try value("--out", in: "--out -") == "-")
    #expect(try value("--epochs", in: "--epochs -1") == "-1")
  }

  @Test(arguments: [
    ("--force", true), ("-f", true), ("-qf", true), ("--force --no-force", false),
    ("--no-force --force", true), ("", false), ("-- --force", false),
  ])
  func theLastOfAFlagAndItsNegationWins(line: String, isOn: Bool) throws {
    #expect(try self.isOn("--force", in: line) == isOn)
  }

  @Test func optionsAndOperandsMixInAnyOrder() throws {
    let arguments = try parse("a --force b --out d - -- --quiet")
    #expect(arguments.operands == ["a", "b", "-", "--quiet"])
  }

  @Test(arguments: [
    (
      "--epocs 3",
      "unknown option '--epocs' for 'emnist test'; did you mean '--epochs'? "
        + "see 'emnist test --help'"
    ),
    ("--xyzzy=3", "unknown option '--xyzzy' for 'emnist test'; see 'emnist test --help'"),
    (
      "--no-shufle",
      "unknown option '--no-shufle' for 'emnist test'; did you mean '--no-shuffle'? "
        + "see 'emnist test --help'"
    ),
    (
      "-out d",
      "unknown option '-out' for 'emnist test'; did you mean '--out'? see 'emnist test --help'"
    ),
    (
      "-help",
      "unknown option '-help' for 'emnist test'; did you mean '--help'? see 'emnist test --help'"
    ),
    ("-qz", "unknown option '-qz' for 'emnist test'; see 'emnist test --help'"),
    ("--epochs", "--epochs needs a value, as in '--epochs N'; see 'emnist test --help'"),
    ("--out --force", "--out needs a value, as in '--out DIR'; see 'emnist test --help'"),
    ("-o -f", "--out needs a value, as in '--out DIR'; see 'emnist test --help'"),
    ("--force=yes", "--force takes no value, got 'yes'; write just '--force'"),
    ("--no-force=yes", "--no-force takes no value, got 'yes'; write just '--no-force'"),
    (
      "--no-epochs",
      "unknown option '--no-epochs' for 'emnist test'; did you mean '--epochs'? "
        + "see 'emnist test --help'"
    ),
  ])
  func wrongOptionsAreNamed(line: String, expected: String) {
    #expect(message { _ = try parse(line) } == expected)
  }

  @Test func tooManyOrTooFewOperandsAreNamed() {
    let one = [Operand(name: "RUN", help: "", isRequired: true)]
    #expect(
      message { _ = try parse("a b", operands: one) }
        == "unexpected argument 'b' for 'emnist test'; see 'emnist test --help'")
    #expect(
      message { _ = try parse("", operands: one) }
        == "'emnist test' needs RUN; see 'emnist test --help'")
    #expect(
      message { _ = try parse("a", operands: []) }
        == "unexpected argument 'a' for 'emnist test'; see 'emnist test --help'")
  }

  @Test func everyUsageErrorEndsWith64() {
    #expect(UsageError.missingOperand("RUN", command: "emnist").exitCode == .usage)
    #expect(UsageError.missingOperand("RUN", command: "emnist").exitCode.rawValue == 64)
  }
}
