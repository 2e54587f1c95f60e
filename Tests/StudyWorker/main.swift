import Platform
import Search
import Studies
import Support

// A worker for the tests of studies: `StudyWorker SWEEP.json DIR [DELAY]`. Its trials are sums, and
// take DELAY milliseconds an epoch.

func value(_ trial: StudyTrial, epoch: Int) -> Double {
  trial.point.values.reduce(1 / Double(epoch)) { $0 + ($1?.double ?? 0) }
}

func work(_ study: Study, delay: UInt32) throws {
  while true {
    switch try study.next() {
    case .done: return
    case .wait:
      usleep(2_000)
      try study.refresh()
    case .run(let trial): try train(trial, study, delay: delay)
    }
  }
}

func train(_ trial: StudyTrial, _ study: Study, delay: UInt32) throws {
  for epoch in 1...4 {
    usleep(delay * 1_000)
    switch try study.report(trial.number, epoch: epoch, value: value(trial, epoch: epoch)) {
    case .goOn: continue
    case .lost: return
    case .stop: return try _ = study.end(trial.number, .pruned)
    }
  }
  try study.end(trial.number, .finished, value: value(trial, epoch: 4))
}

let words = CommandLine.arguments
do {
  let study = try Study(
    directory: words[2], sweep: SweepFile(path: words[1]), worker: StudyWorker(number: 0))
  try work(study, delay: words.count > 3 ? UInt32(words[3]) ?? 0 : 0)
} catch {
  print(error)
  exit(1)
}
