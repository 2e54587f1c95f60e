import Analysis
import Configuration
import Datasets
import Formats
import Platform
import Reports
import Support
import Tensor
import Training

extension EvalCommand {
  /// Tests one run or several on harder and harder images, and shows what becomes of the accuracy.
  func testRobustness() throws -> ExitCode {
    let runs = try runsToPerturb()
    var tested: [RunRobustness] = []
    var place = ResultPlace.nowhere(reason: nil)
    for run in runs {
      let (robustness, plain, dataset) = try test(run)
      if out == nil { place = try write(robustness, plain, run, trainedOn: dataset) }
      tested.append(robustness)
    }
    let robustness = try Robustness(tested)
    if let out {
      try makeDirectories(out)
      try robustness.write(to: RunDirectory(path: out))
      place = .directory(out)
    }
    try show(robustness, place)
    return .success
  }

  /// The runs that are meant; a directory of several with other seeds stands for these.
  private func runsToPerturb() throws -> [RunDirectory] {
    let named = [runDirectory].compactMap(\.self) + otherRuns
    let paths = named.isEmpty ? [try RunDirectory.newest().path] : named
    let runs = try RunDirectory.expanding(paths).map { try RunDirectory.find($0) }
    guard runs.count == 1 || out != nil else {
      throw UsageError.missingOption(
        flag: "--out", placeholder: "DIR", command: "emnist \(Self.name)")
    }
    return runs
  }

  /// - Returns: also the result on the images as they are, and the name of the data set that the run
  ///   was trained on.
  private func test(_ run: RunDirectory) throws -> (RunRobustness, TestResult, String?) {
    let options = try overrides.configuration(over: run)
    let path = checkpoint == .best ? run.best : run.last
    let request = Training::Checkpoint.judging(options.dataRequest, by: path)
    let isTest = part == .test
    let data = try loadData(
      request, parts: isTest ? .test : .train, optionalParts: isTest ? [] : .test,
      environment: ProcessInfo.processInfo.environment)
    if let notice = data.notice { try StandardStream.error.put(notice.shown + "\n") }
    let terminal = Terminal(descriptor: StandardStream.error.rawValue)
    let showsProgress = terminal.canRedraw && !output.quiet
    func progress(_ text: String) {
      if showsProgress { try? StandardStream.error.put("\r\u{1B}[K\(text)") }
    }
    defer { progress("") }
    let (robustness, plain) = try RobustnessTest(
      run: run, checkpointPath: path, device: Device(options)
    ).curves(
      of: images(of: data.dataset, run, options), of: part, dataset: data.dataset, perturbations,
      seed: perturbationSeed, batch: overrides.configuration.batchSize ?? 256
    ) { progress("\(run.path.shown): \($0.rawValue) by \(PerturbationKind.text(of: $1))") }
    return (robustness, plain, request.preferredName)
  }

  /// Writes the curves into the run directory, if they are of the images of the run's own test.
  private func write(
    _ robustness: RunRobustness, _ plain: TestResult, _ run: RunDirectory,
    trainedOn dataset: String?
  ) throws -> ResultPlace {
    guard part == .test, checkpoint == .best else { return .nowhere(reason: nil) }
    guard isOwn(plain, of: run, trainedOn: dataset) else {
      return .nowhere(reason: "these are not the images of the run's own test")
    }
    do {
      try Robustness([robustness]).write(to: run)
      return .directory(run.path)
    } catch FileError.cannotCreate(let path, let reason)
      where [EROFS, EACCES, EPERM].contains(reason)
    {
      return .nowhere(reason: "\(path) cannot be created there")
    }
  }

  private func show(_ robustness: Robustness, _ place: ResultPlace) throws {
    if let reason = place.reason {
      try StandardStream.error.put("not written: \(reason.shown); --out DIR takes the result\n")
    }
    if output.json {
      return try StandardStream.output.put(JSONValue.object(robustness.json).text() + "\n")
    }
    var text = RobustnessText(robustness, terminal: output.resultTerminal)
    text.writtenTo = place.directory
    text.hasRaster =
      place.directory.map { FileSystem.exists(RunDirectory(path: $0).perturbationRaster) } ?? false
    try StandardStream.output.put(output.quiet ? text.summary : text.text)
  }
}

extension Robustness {
  /// Writes `perturbation.csv`, `perturbation.svg`, with librsvg `perturbation.png`, and last
  /// `perturbation.json`.
  func write(to place: RunDirectory) throws {
    Leftovers.remove(from: place.path)
    try AtomicFile.write(text: csvText, to: place.perturbationTable)
    let drawing = RobustnessChart(self).drawing
    try AtomicFile.write(text: drawing.file, to: place.perturbationPicture)
    do {
      try AtomicFile.write(drawing.png(), to: place.perturbationRaster)
    } catch is SVGRasterError {
      // That of an earlier measurement must not pass for this one's.
      FileSystem.removeFile(place.perturbationRaster)
    }
    try AtomicFile.write(
      text: JSONValue.object(json).text(pretty: true), to: place.perturbation)
  }
}

extension ValueKind<[PerturbationRange]> {
  /// `rotate=30,shift=2`, `blur`, `all`
  static var perturbations: Self {
    word(
      "NAME or NAME=LARGEST, as in rotate=30",
      toText: {
        $0.map { "\($0.kind.rawValue)=\(PerturbationKind.text(of: $0.largest))" }.joined(
          separator: ",")
      }
    ) { text throws(ValueProblem) in
      if text == "all" { return PerturbationKind.allCases.map { PerturbationRange($0) } }
      var ranges: [PerturbationRange] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard words[0] != "all" else {
          throw .wrongKind(expected: "'all' by itself, without a number or another perturbation")
        }
        guard let kind = PerturbationKind(rawValue: String(words[0])) else {
          throw .unknownChoice(
            String(words[0]), of: "perturbation",
            choices: PerturbationKind.allCases.map(\.rawValue) + ["all"])
        }
        let largest =
          try words.count == 1 ? kind.standard : self.largest(String(words[1]), of: kind)
        guard !ranges.contains(where: { $0.kind == kind }) else {
          throw .wrongKind(expected: "a list with each perturbation once")
        }
        ranges.append(PerturbationRange(kind, largest: largest))
      }
      return ranges
    }
  }

  private static func largest(
    _ text: String, of kind: PerturbationKind
  ) throws(ValueProblem) -> Double {
    let isWhole = kind == .shift
    guard let number = Double(text), number.isFinite, !isWhole || number == number.rounded() else {
      throw .wrongKind(expected: "\(kind.rawValue)=\(isWhole ? "a whole number" : "a number")")
    }
    guard number >= 1e-3, number <= kind.limit else {
      let (least, limit) = (isWhole ? "1" : "0.001", PerturbationKind.text(of: kind.limit))
      throw .outOfBounds("from \(kind.rawValue)=\(least) to \(kind.rawValue)=\(limit)")
    }
    return number
  }
}
