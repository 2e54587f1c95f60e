/// The memory that this process may still take.
public struct AvailableMemory: Equatable, Sendable {
  /// What leaves no more.
  public enum Bound: Equatable, Sendable {
    /// What the machine has to give without writing pages out.
    case machine
    /// The limit, in bytes, of a control group that the process belongs to, as a container's is.
    case controlGroup(limit: Int)
  }

  public let bytes: Int
  public let bound: Bound

  public init(bytes: Int, bound: Bound) {
    self.bytes = bytes
    self.bound = bound
  }

  /// At this moment: on Linux the smaller of `MemAvailable` in `/proc/meminfo` and of what the
  /// control groups leave (`memory.max` of version 2, `memory.limit_in_bytes` of version 1); on
  /// other systems the memory they have; `nil` if there is no telling.
  public static var now: AvailableMemory? {
    #if os(Linux)
      AvailableMemory(root: "")
    #else
      AvailableMemory(bytes: Int(ProcessInfo.processInfo.physicalMemory), bound: .machine)
    #endif
  }

  /// - Parameter root: a directory with the `proc` and `sys` of a system.
  init?(root: String) {
    let machine = number(of: "MemAvailable:", in: "\(root)/proc/meminfo").map {
      AvailableMemory(bytes: 1024 * $0, bound: .machine)
    }
    let bounds = (machine.map { [$0] } ?? []) + ControlGroup.all(root).compactMap(\.available)
    guard let least = bounds.min(by: { $0.bytes < $1.bytes }) else { return nil }
    self = least
  }
}

/// A directory of a control group's memory, and what its files are called.
private struct ControlGroup {
  let directory: String
  let limitFile: String
  let usageFile: String
  let cacheKey: String

  /// The groups of this process, each with those around it. Within a container the files of its own
  /// group lie at the top, whatever path the process is told.
  static func all(_ root: String) -> [ControlGroup] {
    let lines = text(of: "\(root)/proc/self/cgroup")?.split(separator: "\n") ?? []
    return lines.flatMap { line -> [ControlGroup] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isFirstVersion = parts[1].split(separator: ",").contains("memory")
      guard isFirstVersion || parts[1].isEmpty else { return [] }
      let top = "\(root)/sys/fs/cgroup\(isFirstVersion ? "/memory" : "")"
      let names = parts[2].split(separator: "/")
      return (0...names.count).map { count in
        ControlGroup(
          ([top] + names.prefix(count).map(String.init)).joined(separator: "/"), isFirstVersion)
      }
    }
  }

  private init(_ directory: String, _ isFirstVersion: Bool) {
    self.directory = directory
    limitFile = isFirstVersion ? "memory.limit_in_bytes" : "memory.max"
    usageFile = isFirstVersion ? "memory.usage_in_bytes" : "memory.current"
    cacheKey = isFirstVersion ? "total_inactive_file" : "inactive_file"
  }

  /// The limit less what is in use, without pages of files that can be had again. `nil` without a
  /// limit.
  var available: AvailableMemory? {
    guard let limit = number(in: limitFile), limit < 1 << 60 else { return nil }
    let cache = Support::number(of: cacheKey, in: "\(directory)/memory.stat") ?? 0
    let used = max(0, (number(in: usageFile) ?? 0) - cache)
    return AvailableMemory(bytes: max(0, limit - used), bound: .controlGroup(limit: limit))
  }

  private func number(in file: String) -> Int? {
    text(of: "\(directory)/\(file)").flatMap { Int($0.filter { !$0.isWhitespace }) }
  }
}

/// The number behind a key, which begins its line.
private func number(of key: String, in path: String) -> Int? {
  let lines = text(of: path)?.split(separator: "\n") ?? []
  return lines.lazy.map { $0.split(separator: " ") }
    .first { $0.count >= 2 && $0[0] == key }.flatMap { Int($0[1]) }
}

private func text(of path: String) -> String? {
  guard let bytes = try? FileStart.bytes(of: path, count: 1 << 16) else { return nil }
  return String(decoding: bytes, as: UTF8.self)
}
