import Platform
import Support
import Synchronization

/// The signal that came, or 0.
private let received = Atomic<Int32>(0)

/// Ctrl-C and SIGTERM. The first one asks the training to save and end; a second one ends it.
public enum Interruption {
  /// The signal that asked for an end, if one did.
  public static var signal: Int32? {
    let value = received.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// From here on SIGINT and SIGTERM are noted instead of obeyed.
  public static func startListening() {
    // The handler must not be the first to touch a lazily made value.
    received.store(0, ordering: .relaxed)
    for signal in [SIGINT, SIGTERM] {
      Signals.handle(signal) { number in
        if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
    Signals.unblock([SIGINT, SIGTERM])
  }
}

/// A training that a signal ended, with everything so far saved.
public struct TrainingInterrupted: UserError, Equatable {
  public let signal: Int32
  /// The epochs in the run, the one that was cut short included.
  public let epochs: Int
  public let run: String

  public init(signal: Int32, epochs: Int, run: String) {
    self.signal = signal
    self.epochs = epochs
    self.run = run
  }

  public var exitCode: ExitCode { signal == SIGTERM ? .terminated : .interrupted }
  public var description: String {
    "interrupted in epoch \(epochs), which ended early; the run so far is saved"
  }
}

/// The C library's way to handle a signal. Its handlers are a union and its sets take addresses,
/// which are those of variables here and are not kept.
private enum Signals {
  static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = handler
    #else
      unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    unsafe sigaction(number, &action, nil)
  }

  /// Lets signals through that the parent process blocked when it started this one, as worker
  /// threads of many run-time systems do without meaning to.
  static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
