import Platform
import Support

/// Who runs trials of a study: one worker of one process on one machine.
public struct StudyWorker: Equatable, Sendable {
  /// `host/process/start/number`, as it stands in the journal.
  public let name: String

  /// - Parameter number: which of the process's workers.
  public init(number: Int) { self.init(host: Self.hostName, process: getpid(), number: number) }

  init(host: String, process: Int32, start: String = Self.start, number: Int) {
    name = "\(host)/\(process)/\(start)/\(number)"
  }

  /// Whether a worker certainly runs no more: its process was on this machine, and is gone.
  static func isGone(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    guard parts.count == 4, parts[0] == hostName, let process = Int32(parts[1]) else {
      return false
    }
    // Containers give every program they start the same number.
    if process == getpid() { return parts[2] != start }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// Tells this process from an earlier one with the same number.
  private static let start = String(Int(wallClockSeconds() * 1_000), radix: 36)

  private static let hostName: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).replacing("/", with: "_")
  }()
}
