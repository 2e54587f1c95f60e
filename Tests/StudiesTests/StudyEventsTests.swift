import Interchange
import Support
import Testing
import TestSupport

@testable import Studies

@Suite struct StudyEventsTests {
  @Test func aStudyHasAFileForEachSettledTrial() throws {
    let text = """
      {"method": "random", "run_cap": 3, "parameters": {"lr": {"min": 0.1, "max": 0.5},
       "epochs": {"value": 2}, "hidden": {"values": [[8], [8, 4]]}}}
      """
    let sweep = try SweepFile(
      JSONValue(parsing: Array(text.utf8), path: "s"), path: "s")
    try withTemporaryDirectory { folder in
      let worker = StudyWorker(host: "h", process: 1, number: 0)
      let study = try Study(
        directory: folder, sweep: sweep, worker: worker, now: { 1_000 }, elapsed: { 0 })
      for number in 0..<3 {
        _ = try study.next()
        if number == 0 { try study.end(0, .finished, value: 0.5, seconds: 3) }
        if number == 1 { try study.end(1, .failed, reason: "why") }
      }
      let record = StudyRecord(directory: folder, sweep: sweep, trials: study.trials)
      try StudyEvents.write(record)
      let place = StudyPlace(folder)
      #expect(try files(in: place.trials) == ["0000", "0001"])
      let bytes = try readFile(place.events(ofTrial: 0))
      #expect(TensorBoardEvents.time(ofFile: place.events(ofTrial: 0)) == 1_000)
      let content = String(decoding: bytes, as: Unicode.ASCII.self)
      for name in ["lr", "hidden", "val_loss", "session_start_info", "session_end_info"] {
        #expect(content.contains(name), "\(name)")
      }
      #expect(!content.contains("epochs"))
    }
  }
}
