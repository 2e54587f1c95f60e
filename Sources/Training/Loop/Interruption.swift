import Platform
import Support
import Synchronization

/// The signal that came, or 0.
private let received = Atomic<Int32>(0)

/// The signals that ask for an end. The first one asks the work to save and end; a second Ctrl-C or
/// SIGTERM ends it at once.
public enum Interruption {
  /// The signal that asked for an end, if one did.
  public static var signal: Int32? {
    let value = received.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// From here on the signals are noted instead of obeyed: SIGINT and SIGTERM; SIGUSR1 and SIGUSR2,
  /// which schedulers send before a limit; and SIGHUP of a lost terminal, unless it is ignored, as
  /// under `nohup`.
  public static func startListening() {
    // The handler must not be the first to touch a lazily made value.
    received.store(0, ordering: .relaxed)
    let numbers =
      [SIGINT, SIGTERM, SIGUSR1, SIGUSR2] + (Signals.isIgnored(SIGHUP) ? [] : [SIGHUP])
    for signal in numbers { Signals.handle(signal, note) }
    Signals.unblock(numbers)
  }

  /// A scheduler and a shell may send theirs twice, to a process and to its group.
  private static let note: @convention(c) (Int32) -> Void = { number in
    let (isFirst, _) = received.compareExchange(
      expected: 0, desired: number, ordering: .relaxed)
    if !isFirst, number == SIGINT || number == SIGTERM { _exit(128 + number) }
  }

  /// What a process ends with that a signal ended: 130 and 143 for SIGINT and SIGTERM, as if it had
  /// died of them. The others mean that the same command is to be given again.
  public static func exitCode(for signal: Int32) -> ExitCode {
    switch signal {
    case SIGINT: .interrupted
    case SIGTERM: .terminated
    default: .temporaryFailure
    }
  }

  /// - Throws: ``WorkInterrupted`` if a signal came.
  public static func check() throws {
    if let signal { throw WorkInterrupted(signal: signal) }
  }
}

/// Work that a signal ended before there was a result.
public struct WorkInterrupted: UserError, Equatable {
  public let signal: Int32

  public var exitCode: ExitCode { Interruption.exitCode(for: signal) }
  public var description: String { "interrupted before there was a result; nothing was written" }
}

/// A training that a signal ended, with everything so far saved.
public struct TrainingInterrupted: UserError, Equatable {
  public let signal: Int32
  /// The epochs in the run, the one that was cut short included.
  public let epochs: Int
  /// Whether it was the test that was cut short.
  public let isTrained: Bool
  public let run: String

  public init(signal: Int32, epochs: Int, isTrained: Bool, run: String) {
    self.signal = signal
    self.epochs = epochs
    self.isTrained = isTrained
    self.run = run
  }

  public var exitCode: ExitCode { Interruption.exitCode(for: signal) }
  public var description: String {
    isTrained
      ? "interrupted in the test, of which nothing was written; the training is over and saved"
      : "interrupted in epoch \(epochs), which ended early; the run so far is saved"
  }
}

/// The C library's way to handle a signal. Its handlers are a union and its sets take addresses,
/// which are those of variables here and are not kept.
private enum Signals {
  static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    // What waits for a file goes on waiting.
    action.sa_flags = SA_RESTART
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = handler
    #else
      unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    unsafe sigaction(number, &action, nil)
  }

  /// Whether whoever started this process has it ignore a signal.
  static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = unsafe action.__sigaction_u.__sa_handler
    #else
      let handler = unsafe action.__sigaction_handler.sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
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
