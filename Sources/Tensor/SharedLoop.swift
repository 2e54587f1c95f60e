import CClosure
import CPUFeatures
import Platform
import Support
import Synchronization

/// The words of a loop's body; see `CClosure.h`. Valid until the call that `body` was passed to ends.
@_silgen_name("closure_take_apart")
private func takeApart(
  _ body: (_ index: Int, _ worker: Int) -> Void, _ words: UnsafeMutablePointer<closure_words>)

/// The loop that the threads of a pool work on.
///
/// Indices are claimed one at a time, so a thread that the system has put aside holds nothing up;
/// who computes an index must not matter to the result. Idle threads spin for some microseconds,
/// because the next loop is usually near, and then sleep.
final class SharedLoop: @unchecked Sendable {
  // Unchecked: the job's fields are written only while no index of a job is left to claim, and are
  // read only after one was claimed; `state` orders both.

  /// High half: the job's number. Low half: how many of its indices are not yet claimed.
  private let state = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private var job = closure_words()
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wakeUp, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(wakeUp)
    lock.deallocate()
    wakeUp.deallocate()
  }

  /// Calls `body` once for each index below `count`, on this thread and on those that serve, and
  /// waits for the last.
  func run(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    takeApart(body, &job)
    finished.store(0, ordering: .relaxed)
    let number = (state.load(ordering: .relaxed) >> 32) &+ 1
    state.store(number << 32 | UInt64(count), ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    work(as: 0)
    var spins = 0
    while finished.load(ordering: .acquiring) < count {
      spins += 1
      if spins < Self.spinLimit { cpu_relax() } else { sched_yield() }
    }
  }

  /// Takes part in every loop until told to stop.
  func serve(as worker: Int) {
    var spins = 0
    while !stopping.load(ordering: .acquiring) {
      if UInt32(truncatingIfNeeded: state.load(ordering: .acquiring)) > 0 {
        work(as: worker)
        spins = 0
      } else if spins < Self.spinLimit {
        spins += 1
        cpu_relax()
      } else {
        sleep()
        spins = 0
      }
    }
  }

  /// Ends ``serve(as:)`` on every thread.
  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    wake()
  }

  /// About 50 microseconds.
  private static let spinLimit = 4_000

  private func work(as worker: Int) {
    var seen = state.load(ordering: .acquiring)
    while UInt32(truncatingIfNeeded: seen) > 0 {
      let claim = state.compareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      seen = claim.original
      guard claim.exchanged else { continue }
      closure_call(job, Int(UInt32(truncatingIfNeeded: seen)) - 1, worker)
      finished.add(1, ordering: .releasing)
      seen = state.load(ordering: .acquiring)
    }
  }

  private func sleep() {
    pthread_mutex_lock(lock)
    sleeping.add(1, ordering: .sequentiallyConsistent)
    while UInt32(truncatingIfNeeded: state.load(ordering: .sequentiallyConsistent)) == 0
      && !stopping.load(ordering: .sequentiallyConsistent)
    {
      pthread_cond_wait(wakeUp, lock)
    }
    sleeping.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(lock)
  }

  private func wake() {
    pthread_mutex_lock(lock)
    pthread_cond_broadcast(wakeUp)
    pthread_mutex_unlock(lock)
  }
}

/// Calls `body` for each index below `count`, each on a thread of its own, the caller's among them,
/// and waits for all. For long work; what is done on tensors goes through a ``Device``.
public func concurrently(_ count: Int, _ body: @Sendable (_ index: Int) -> Void) {
  let pool = ThreadPool(threads: count)
  pool.run(count) { index, _ in body(index) }
}
