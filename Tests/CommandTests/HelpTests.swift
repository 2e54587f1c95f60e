import Support
import Testing

@testable import emnist

/// Every command and group there is.
private func allPlaces(under place: CommandPlace = .root) throws -> [CommandPlace] {
  guard let group = place.description as? any CommandGroup.Type else { return [place] }
  return try [place]
    + group.subcommands.flatMap { try allPlaces(under: place.descending(to: $0.name)) }
}

@Suite struct HelpTests {
  @Test func theOverviewIsThisScreen() {
    #expect(
      CommandPlace.root.help == """
        emnist: train and evaluate classifiers of handwritten characters

        Usage: emnist COMMAND [OPTION…]

        Examples:
          emnist train  train a CNN on the data found, or on what ships

        Commands:
          train    train a model and write a run directory
          sweep    search for the best network and its training options
          eval     test a run on images it has not seen
          predict  say what the characters in pictures are
          compare  compare runs, and say which differences are more than chance
          audit    find images whose label is probably wrong
          report   draw runs as one HTML page and as SVG files
          export   write a run's network for another program
          serve    answer over HTTP, for other programs and a page
          data     list, describe, show, fetch, make or convert data sets
          models   list the model presets, or show one layer by layer
          bench    measure the speed on this machine, against its own limit

        See 'emnist COMMAND --help', 'emnist --version', 'emnist completions SHELL'.

        """)
  }

  @Test func theOverviewFitsOneScreen() {
    // A terminal of 24 lines, less the prompt before and after.
    #expect(
      CommandPlace.root.help.split(separator: "\n", omittingEmptySubsequences: false).count <= 23)
  }

  @Test func noLineIsWiderThan80Columns() throws {
    for place in try allPlaces() {
      for line in place.help.split(separator: "\n") {
        #expect(line.count <= 80, "\(place.path): \(line)")
      }
    }
  }

  @Test func everyCommandHasExamplesThatItsParserAccepts() throws {
    for place in try allPlaces() {
      #expect(!place.description.examples.isEmpty, "\(place.path)")
      for example in place.description.examples {
        // What follows `>` is the shell's.
        let words = example.line.split(separator: " ").map(String.init).prefix { $0 != ">" }
        #expect(words.first == "emnist")
        var target = CommandPlace.root
        var rest = words.dropFirst()
        while target.description is any CommandGroup.Type, let word = rest.first,
          !word.hasPrefix("-")
        {
          target = try target.descending(to: word)
          rest = rest.dropFirst()
        }
        guard let command = target.description as? any Command.Type else { continue }
        _ = try ArgumentParser.parse(
          rest, for: target.path, options: command.options, operands: command.operands,
          environment: [:])
      }
    }
  }

  @Test func everyOptionIsListedOnceWithHelp() throws {
    for place in try allPlaces() {
      guard let command = place.description as? any Command.Type else { continue }
      let flags = (command.options + [.help]).map(\.flag)
      #expect(Set(flags).count == flags.count, "\(place.path)")
      let shorts = (command.options + [.help]).compactMap(\.short)
      #expect(Set(shorts).count == shorts.count, "\(place.path)")
      for option in command.options {
        #expect(place.help.contains(option.usage), "\(place.path) \(option.flag)")
        #expect(!option.help.isEmpty)
      }
    }
  }

  @Test func truthValuesShowTheSpellingThatChangesSomething() throws {
    let help = try CommandPlace.root.descending(to: "train").help
    for spelling in [" --no-shuffle ", " --[no-]batch-norm ", " --force "] {
      #expect(help.contains(spelling))
    }
    #expect(help.contains("train_labels") == false)
  }

  @Test func defaultsComeFromTheConfiguration() throws {
    let help = try CommandPlace.root.descending(to: "train").help
    #expect(help.contains("(default: 0.1)"))
    #expect(help.contains("or a preset: cnn, cnn-2,\n"))
    #expect(help.contains("(default: cnn)"))
  }

  @Test func wrappingKeepsWordsWhole() {
    #expect(TextLayout.wrapped("aa bb cccccccc d", width: 5) == ["aa bb", "cccccccc", "d"])
    #expect(TextLayout.wrapped("", width: 5) == [])
  }
}
