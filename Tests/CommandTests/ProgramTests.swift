import Foundation
import Support
import Synchronization
import Tensor
import Testing

@testable import emnist

/// What a run of the built program said and how it ended.
struct ProgramResult {
  let output: String
  let errors: String
  let code: Int32

  /// Runs the program that lies beside the test bundle. Variables named `EMNIST_*` are not
  /// inherited.
  init(_ words: [String], environment: [String: String] = [:]) throws {
    try self.init(running: #require(Self.program), words, environment: environment)
  }

  /// What a run of any program said.
  init(running program: URL, _ words: [String], environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("EMNIST_") }.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // A program that fills one pipe would wait for ever if the other were read to its end first.
    let reading = DispatchGroup()
    let errorText = Mutex(Data())
    DispatchQueue.global().async(group: reading) {
      let data = errors.fileHandleForReading.readDataToEndOfFile()
      errorText.withLock { $0 = data }
    }
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    reading.wait()
    self.errors = String(decoding: errorText.withLock { $0 }, as: UTF8.self)
    process.waitUntilExit()
    code = process.terminationStatus
  }

  static let program: URL? = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0])
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let places = [bundle.deletingLastPathComponent(), root.appendingPathComponent(".build/debug")]
    return places.map { $0.appendingPathComponent("emnist") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()
}

/// Words that end with an error.
struct Failure: CustomTestStringConvertible {
  let words: [String]
  let code: Int32
  let message: String

  init(_ words: [String], code: Int32 = 64, _ message: String) {
    self.words = words
    self.code = code
    self.message = message
  }

  var testDescription: String { words.joined(separator: " ") }

  static let all = [
    Failure(
      ["trian"],
      "unknown command 'trian' for 'emnist'; did you mean 'train'? see 'emnist --help'"),
    Failure(
      ["data", "lst"],
      "unknown command 'lst' for 'emnist data'; did you mean 'list'? see 'emnist data --help'"),
    Failure(["help", "qqq"], "unknown command 'qqq' for 'emnist'; see 'emnist --help'"),
    Failure(
      ["--epochs", "3", "train"],
      "option '--epochs' stands before the command; write it after, see 'emnist --help'"),
    Failure(
      ["train", "--epocs", "3"],
      "unknown option '--epocs' for 'emnist train'; did you mean '--epochs'? "
        + "see 'emnist train --help'"),
    Failure(["eval", ""], "RUN must not be empty; see 'emnist eval --help'"),
    Failure(
      ["train", "letters", "a\nb"],
      "unexpected argument 'a\\nb' for 'emnist train'; see 'emnist train --help'"),
    Failure(
      ["train", "--config", "/nowhere/f.json"], code: 66,
      "/nowhere/f.json: no such file; check the name"),
  ]
}

@Suite struct ProgramTests {
  @Test func bothPipesAreReadAtOnce() throws {
    // Far more than the 64 KiB that a pipe holds, to each in turn.
    let script = "for n in 1 2 3; do head -c 200000 /dev/zero | tr '\\0' e >&2; echo $n; done"
    let result = try ProgramResult(running: URL(fileURLWithPath: "/bin/sh"), ["-c", script])
    #expect(result.output == "1\n2\n3\n")
    #expect(result.errors.utf8.count == 600_000 && result.code == 0)
  }

  @Test(arguments: [["--help"], ["-h"], ["help"], ["--help", "--nonsense"]])
  func helpGoesToStandardOutput(words: [String]) throws {
    let result = try ProgramResult(words)
    #expect(result.output == CommandPlace.root.help)
    #expect(result.errors == "")
    #expect(result.code == 0)
  }

  @Test(arguments: [[], ["data"]])
  func aMissingCommandGetsTheHelpAsAnError(words: [String]) throws {
    let result = try ProgramResult(words)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("emnist"))
    #expect(result.errors.contains("Commands:"))
    #expect(result.code == 64)
  }

  @Test(arguments: [
    ["data", "list", "--help"], ["data", "list", "--nonsense", "-h"], ["help", "data", "list"],
  ])
  func askingForHelpAlwaysGetsIt(words: [String]) throws {
    let result = try ProgramResult(words)
    #expect(result.output.hasPrefix("emnist data list: list the data sets"))
    #expect(result.code == 0)
  }

  @Test(arguments: Failure.all) func anErrorIsOneLineAndACode(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.output == "")
    #expect(result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code)
  }

  @Test func aBadVariableIsBadConfiguration() throws {
    let result = try ProgramResult(["train"], environment: ["EMNIST_EPOCHS": "0"])
    #expect(result.errors == "emnist: EMNIST_EPOCHS must be at least 1, got 0\n")
    #expect(result.code == 78)
  }

  @Test(
    arguments: [
      Failure(
        ["train", "--epochs", "9223372036854775807", "--plot-schedule"],
        "--epochs must be at most 1000000, got 9223372036854775807"),
      Failure(
        ["train", "--accumulate", "4611686018427387904"],
        "--accumulate must be from 1 to 65536, got 4611686018427387904"),
      Failure(
        ["train", "--config", "/dev/zero"], code: 65,
        "/dev/zero: holds more than 16 MiB, the most that is read of such a file; check the name"),
      Failure(
        ["train", "--train-images", "/dev/zero", "--train-labels", "/dev/zero"], code: 65,
        "/dev/zero: holds more than 256 MiB, the most that is read of such a file; check the name"),
    ])
  func whatHasNoEndIsASentence(failure: Failure) throws {
    let result = try ProgramResult(failure.words)
    #expect(result.output == "" && result.errors == "emnist: \(failure.message)\n")
    #expect(result.code == failure.code)
  }

  @Test func theVersionNamesInstructionSetThreadsAndCommit() throws {
    let commit = "commit: \(programCommit.prefix(12))"
    let result = try ProgramResult(
      ["--version"], environment: ["EMNIST_THREADS": "3", "EMNIST_SIMD": "portable"])
    #expect(result.output == "emnist 0.1.0 (SIMD: portable, threads: 3, \(commit))\n")
    #expect(result.code == 0)
    let usual = try ProgramResult(["version", "-j", "1"])
    #expect(
      usual.output == "emnist 0.1.0 (SIMD: \(SIMDLevel.widest.rawValue), threads: 1, \(commit))\n")
  }

  @Test func anUnknownInstructionSetIsNamed() throws {
    let result = try ProgramResult(["--version"], environment: ["EMNIST_SIMD": "mmx"])
    #expect(
      result.errors
        == "emnist: EMNIST_SIMD: unknown instruction set 'mmx'; "
        + "choose avx512, avx2 or portable\n")
    #expect(result.code == 64)
  }

  @Test func printedConfigurationIsAcceptedAsConfiguration() throws {
    let words = ["train", "--print-config", "--json"]
    let printed = try ProgramResult(words + ["--epochs", "3", "--hidden", "8,4"])
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).json").path
    try AtomicFile.write(text: printed.output, to: path)
    defer { unlink(path) }
    let again = try ProgramResult(words + ["--config", path])
    #expect(again.code == 0)
    #expect(again.output.contains("\"hidden\": [8, 4]"))
    #expect(again.output.contains("\"epochs\": \"config file\""))
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let program = try #require(ProgramResult.program)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "trap '' PIPE; (sleep 0.1; '\(program.path)' --help) | true"]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
    process.waitUntilExit()
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskIsAnInputOutputError() throws {
    let program = try #require(ProgramResult.program)
    let fullDisk = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let process = Process()
    process.executableURL = program
    process.arguments = ["--help"]
    process.standardOutput = fullDisk
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text.hasPrefix("emnist: standard output: writing failed: no space left on device"))
    #expect(process.terminationStatus == 74)
  }
}
