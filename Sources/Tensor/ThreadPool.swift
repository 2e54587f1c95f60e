import Platform
import Support
import Synchronization

/// A few threads that share the indices of a loop.
///
/// The caller takes part. One loop runs at a time; a pool belongs to one thread that starts loops
/// on it. The threads know the loop they share but not the pool, so that they end with it.
final class ThreadPool: @unchecked Sendable {
  // Unchecked: a thread's name is a pointer on some systems; it never changes.

  /// Threads that compute, the caller included; fewer than were asked for if the system gives no more.
  let threadCount: Int
  private let loop = SharedLoop()
  private let threads: [pthread_t]
  private let isRunning = Atomic<Bool>(false)

  init(threads count: Int) {
    var threads: [pthread_t] = []
    // With fewer threads than asked for the results are the same, only later.
    while threads.count + 1 < count, let thread = startThread(worker: threads.count + 1, on: loop) {
      threads.append(thread)
    }
    threadCount = threads.count + 1
    self.threads = threads
  }

  deinit {
    loop.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Calls `body` once for each index below `count`, on all threads, and waits for the last.
  ///
  /// - Precondition: no loop is running, neither around this one nor on another thread. Both would
  ///   use the scratch memory of the same device.
  func run(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    let wasRunning = isRunning.exchange(true, ordering: .acquiring)
    precondition(!wasRunning, "a loop on a device that is running one: loops do not nest")
    defer { isRunning.store(false, ordering: .releasing) }
    if threadCount == 1 || count <= 1 {
      for index in 0..<count { body(index, 0) }
    } else {
      loop.run(count, body)
    }
  }
}

/// What a new thread is told.
private final class Start {
  let loop: SharedLoop
  let worker: Int

  init(loop: SharedLoop, worker: Int) {
    self.loop = loop
    self.worker = worker
  }
}

private func startThread(worker: Int, on loop: SharedLoop) -> pthread_t? {
  let start = Unmanaged.passRetained(Start(loop: loop, worker: worker))
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  guard pthread_create(&thread, nil, runThread, start.toOpaque()) == 0 else {
    start.release()
    return nil
  }
  return thread
}

#if canImport(Darwin)
  private func runThread(_ start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    run(Unmanaged<Start>.fromOpaque(start).takeRetainedValue())
    return nil
  }
#else
  private func runThread(_ start: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let start { run(Unmanaged<Start>.fromOpaque(start).takeRetainedValue()) }
    return nil
  }
#endif

private func run(_ start: Start) { start.loop.serve(as: start.worker) }
