import Foundation
import Synchronization
import Testing

@testable import Tensor

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 3, 7, 100, 5000])
  func everyIndexIsComputedOnce(_ threads: Int, count: Int) {
    let pool = ThreadPool(threads: threads)
    let visits = Bytes(count: count)
    let wrongWorkers = Atomic(0)
    pool.run(count) { index, worker in
      visits.pointer[index] += 1
      if worker < 0 || worker >= threads { wrongWorkers.add(1, ordering: .relaxed) }
    }
    #expect(visits.values.allSatisfy { $0 == 1 })
    #expect(wrongWorkers.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [2, 3])
  func manySmallLoopsFollowEachOther(_ threads: Int) {
    let pool = ThreadPool(threads: threads)
    let total = Atomic(0)
    for round in 0..<20_000 {
      pool.run(2 + round % 3) { index, _ in total.add(index + 1, ordering: .relaxed) }
    }
    // Loops of 2, 3 and 4 add 3, 6 and 10; the last two rounds are of 2 and 3.
    #expect(total.load(ordering: .relaxed) == 6666 * 19 + 3 + 6)
  }

  @Test func aLoopSeesWhatTheOneBeforeWrote() {
    let pool = ThreadPool(threads: 3)
    let (values, seen) = (Tensor(zeros: [64]), Tensor(zeros: [64]))
    let delay = Atomic(0)
    var unseen = 0
    for round in 1...500 {
      pool.run(64) { index, worker in
        // Time enough for others to take part, and to be waited for at the end.
        for _ in 0..<100 { delay.add(1, ordering: .relaxed) }
        if worker > 0, index < 3 { usleep(20) }
        values[index] = Float(round)
      }
      // Each index looks at what another one wrote, most likely another thread.
      pool.run(64) { index, _ in seen[index] = values[63 - index] }
      unseen += seen.values.count { $0 != Float(round) }
    }
    #expect(unseen == 0)
  }

  @Test func sleepingThreadsWakeUp() async throws {
    let pool = ThreadPool(threads: 2)
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(2))
      let workers = Atomic<Int>(0)
      let met = Atomic<Int>(0)
      let deadline = ContinuousClock.now + .seconds(20)
      // Each index waits for the other, so that both threads are needed.
      pool.run(2) { _, _ in
        workers.add(1, ordering: .sequentiallyConsistent)
        while ContinuousClock.now < deadline {
          guard workers.load(ordering: .sequentiallyConsistent) == 2 else { continue }
          met.add(1, ordering: .relaxed)
          return
        }
      }
      #expect(met.load(ordering: .relaxed) == 2)
    }
  }

  @Test func poolsComeAndGo() {
    let total = Atomic(0)
    for _ in 0..<1000 {
      let pool = ThreadPool(threads: 2)
      pool.run(3) { _, _ in total.add(1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 3000)
  }

  @Test func aPoolThatIsLetGoEndsItsThreads() {
    weak var gone: ThreadPool?
    do {
      let pool = ThreadPool(threads: 3)
      gone = pool
      pool.run(10) { _, _ in }
    }
    #expect(gone == nil)
  }

  @Test(arguments: [1, 2])
  func loopsDoNotNest(_ threads: Int) async {
    await #expect(processExitsWith: .failure) { [threads] in
      let pool = ThreadPool(threads: threads)
      pool.run(2) { _, _ in pool.run(1) { _, _ in } }
    }
  }

  @Test func aPoolHasAtLeastItsCaller() {
    let pool = ThreadPool(threads: 0)
    #expect(pool.threadCount == 1)
  }
}
