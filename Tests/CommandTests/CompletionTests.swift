import Configuration
import Foundation
import Support
import TestSupport
import Testing

@testable import emnist

/// A program of this name in the usual places.
private func program(_ name: String) -> URL? {
  ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    .map { URL(fileURLWithPath: "\($0)/\(name)") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }
}

/// Runs `body` in a directory with two runs, a folder and a file.
private func withRuns(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  for name in ["runs/cnn-1", "runs/mlp-2", "other"] {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
  }
  try AtomicFile.write(text: "", to: folder + "/sweep.yaml")
  try body(folder)
}

/// A beginning of a command line and what its last word may become.
private struct CompletionCase: CustomTestStringConvertible {
  let words: [String]
  let expected: [String]

  init(_ line: String, _ expected: [String]) {
    words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    self.expected = expected
  }

  var testDescription: String { words.joined(separator: " ") }

  static let optimizers = ConfigurationOption.known("optimizer").choices

  static let all = [
    CompletionCase("tr", ["train"]),
    CompletionCase("", RootCommand.subcommands.map { $0.name }),
    CompletionCase("data ", ["list", "info", "preview", "fetch", "synth", "convert"]),
    CompletionCase("data info let", ["letters"]),
    CompletionCase("train --optimizer ad", optimizers.filter { $0.hasPrefix("ad") }),
    CompletionCase("train --epochs 3 --optimizer ", optimizers),
    CompletionCase("train --nest", ["--nesterov"]),
    CompletionCase("train --no-shuf", ["--no-shuffle"]),
    CompletionCase("train --epochs ", []),
    CompletionCase("eval --checkpoint ", ["best", "last"]),
    CompletionCase("eval --che", ["--checkpoint"]),
    CompletionCase("eval runs/c", ["runs/cnn-1"]),
    CompletionCase("train --resume runs/m", ["runs/mlp-2"]),
    CompletionCase("sweep s", ["sweep.yaml"]),
    CompletionCase("models lenet", ["lenet5"]),
    CompletionCase("train --out o", ["other"]),
    CompletionCase("train -o o", ["other"]),
    CompletionCase("help mo", ["models"]),
    CompletionCase("completions ", ["bash", "zsh", "fish"]),
  ]
}

@Suite struct CompletionTests {
  @Test(.enabled(if: program("bash") != nil), arguments: CompletionCase.all)
  fileprivate func bashCompletes(_ example: CompletionCase) throws {
    try withRuns { folder in
      let words = (["emnist"] + example.words).map { "'\($0)'" }.joined(separator: " ")
      let script = """
        cd '\(folder)'
        \(BashCompletion.script)
        COMP_WORDS=(\(words)) COMP_CWORD=\(example.words.count)
        _emnist
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let result = try ProgramResult(running: #require(program("bash")), ["-c", script])
      #expect(result.errors == "")
      let found = Set(result.output.split(separator: "\n").map(String.init))
      #expect(found == Set(example.expected))
    }
  }

  @Test(.enabled(if: program("bash") != nil)) func bashCompletesBehindAnEqualsSign() throws {
    let script = """
      \(BashCompletion.script)
      COMP_WORDS=(emnist eval --checkpoint = la) COMP_CWORD=4
      _emnist
      echo "${COMPREPLY[@]}"
      COMP_WORDS=(emnist eval --checkpoint =) COMP_CWORD=3
      _emnist
      echo "${COMPREPLY[@]}"
      """
    let result = try ProgramResult(running: #require(program("bash")), ["-c", script])
    #expect(result.output == "last\nbest last\n")
  }

  @Test(.enabled(if: program("fish") != nil), arguments: CompletionCase.all)
  fileprivate func fishCompletes(_ example: CompletionCase) throws {
    try withRuns { folder in
      let line = (["emnist"] + example.words).joined(separator: " ")
      let script = """
        cd '\(folder)'
        source '\(folder)/emnist.fish'
        complete -C '\(line)'
        """
      try AtomicFile.write(text: FishCompletion.script, to: folder + "/emnist.fish")
      let result = try ProgramResult(
        running: #require(program("fish")), ["-c", script],
        environment: ["HOME": folder, "XDG_CONFIG_HOME": folder])
      #expect(result.errors == "")
      let found = result.output.split(separator: "\n").map {
        $0.prefix { $0 != "\t" }.reversed().drop { $0 == "/" }.reversed()
      }
      #expect(Set(found.map { String($0) }) == Set(example.expected))
    }
  }

  @Test(.enabled(if: program("zsh") != nil)) func zshReadsItsScript() throws {
    try withRuns { folder in
      let path = folder + "/_emnist"
      try AtomicFile.write(text: ZshCompletion.script, to: path)
      let syntax = try ProgramResult(running: #require(program("zsh")), ["-n", path])
      #expect(syntax.errors == "" && syntax.code == 0)
      let script = "autoload -Uz compinit; compinit -u -D; source '\(path)'; echo $_comps[emnist]"
      let loaded = try ProgramResult(running: #require(program("zsh")), ["-f", "-c", script])
      #expect(loaded.errors == "" && loaded.output == "_emnist\n")
    }
  }

  @Test(arguments: [BashCompletion.script, ZshCompletion.script, FishCompletion.script])
  func everyOptionOfEveryCommandIsThere(script: String) {
    for command in CompletedCommand.all {
      for option in command.options {
        for flag in option.flags {
          #expect(script.contains(flag.dropFirst(2)), "\(command.path) \(flag)")
        }
      }
    }
    #expect(script.utf8.allSatisfy { $0 != 9 && $0 != 13 })
  }

  @Test func anUnknownShellIsNamed() throws {
    let result = try ProgramResult(["completions", "csh"])
    #expect(result.errors == "emnist: unknown shell 'csh'; choose bash, zsh or fish\n")
    #expect(result.code == 64 && result.output == "")
    #expect(try ProgramResult(["completions", "bash"]).output == BashCompletion.script)
  }
}

@Suite struct ManPageTests {
  @Test func everyCommandAndOptionIsInIt() throws {
    let page = try ProgramResult(["help", "--man"]).output
    #expect(page == ManPage.text && page.hasPrefix(".TH EMNIST 1 "))
    for command in CompletedCommand.all where command.description is any Command.Type {
      #expect(page.contains(".SS \"\(ManPage.escaped(command.path))"), "\(command.path)")
      for option in command.options {
        #expect(page.contains(ManPage.escaped(option.flag).dropFirst(4)), "\(option.flag)")
      }
    }
  }

  @Test func troffsOwnLanguageIsEscaped() {
    #expect(ManPage.escaped("a\\b-c 'd' …") == "a\\eb\\-c \\(aqd\\(aq \\[u2026]")
    #expect(ManPage.escaped(".5") == "\\&.5")
    // No line may begin with what would be a request, and all is ASCII.
    #expect(ManPage.text.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
    for line in ManPage.text.split(separator: "\n") where line.hasPrefix(".") {
      #expect(
        [".TH", ".SH", ".SS", ".TP", ".PP", ".B ", ".I "].contains { line.hasPrefix($0) },
        "\(line)")
    }
    #expect(!ManPage.text.contains("\n'") && !ManPage.text.contains("\n\n"))
  }

  @Test(.enabled(if: program("groff") != nil)) func groffHasNothingToSay() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { unlink(path) }
    try AtomicFile.write(text: ManPage.text, to: path)
    let result = try ProgramResult(
      running: #require(program("groff")), ["-man", "-Tutf8", "-ww", "-z", path])
    #expect(result.errors == "" && result.code == 0)
  }

  @Test func aCommandHasNoPageOfItsOwn() {
    #expect(
      message(of: { _ = try command(HelpCommand.self, "--man train") })
        == "COMMAND and --man exclude each other; give one of them, see 'emnist help --help'")
  }
}
