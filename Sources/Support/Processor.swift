import Platform

/// The processor that a program runs on, as the system tells it.
public struct Processor: Equatable, Sendable {
  /// As `AMD EPYC 9B14`; the architecture where the system has no name.
  public let name: String
  /// The number of processors that this process may use.
  public let count: Int
  /// The bytes of a core's first data cache and of its second; 0 where the system, often a virtual
  /// machine's, does not say.
  public let level1Bytes: Int
  public let level2Bytes: Int
  /// The bytes of the third cache, which cores share; 0 where there is none or it is not said.
  public let level3Bytes: Int

  /// This machine's.
  public static let current = Processor()

  private init() {
    name = Self.systemName
    count = ProcessInfo.processInfo.activeProcessorCount
    let caches = Self.caches
    (level1Bytes, level2Bytes) = (caches[1] ?? 0, caches[2] ?? 0)
    level3Bytes = caches[3] ?? 0
  }

  /// The members of a record's `processor`.
  public var json: JSONObject {
    [
      "name": .string(name), "count": .integer(count), "l1d_bytes": .integer(level1Bytes),
      "l2_bytes": .integer(level2Bytes), "l3_bytes": .integer(level3Bytes),
    ]
  }
}

#if canImport(Darwin)
  extension Processor {
    private static var systemName: String {
      var size = 0
      // The system fills as many bytes as it says that it needs.
      unsafe sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var name = [UInt8](repeating: 0, count: size)
      unsafe sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
      return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static var caches: [Int: Int] {
      var caches: [Int: Int] = [:]
      for (level, key) in [(1, "hw.l1dcachesize"), (2, "hw.l2cachesize"), (3, "hw.l3cachesize")] {
        var (value, size) = (0, MemoryLayout<Int>.size)
        if unsafe sysctlbyname(key, &value, &size, nil, 0) == 0 { caches[level] = value }
      }
      return caches
    }
  }
#else
  extension Processor {
    private static var systemName: String { name(inCPUInfo: text(of: "/proc/cpuinfo")) }

    /// The bytes of each level's cache for data.
    private static var caches: [Int: Int] {
      var caches: [Int: Int] = [:]
      for index in 0..<8 {
        let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
        guard FileSystem.exists(folder) else { break }
        let word = { (file: String) in text(of: "\(folder)/\(file)").filter { !$0.isWhitespace } }
        guard word("type") != "Instruction", let level = Int(word("level")) else { continue }
        caches[level] = bytes(word("size"))
      }
      return caches
    }

    private static func text(of path: String) -> String {
      (try? readFile(path, as: .text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }
#endif

extension Processor {
  /// The bytes that `48K` or `2M` stand for; 0 for any other text.
  static func bytes(_ text: String) -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[$0] }
    guard let count = Int(unit == nil ? text[...] : text.dropLast()), count >= 0 else { return 0 }
    let (bytes, isTooMany) = count.multipliedReportingOverflow(by: unit ?? 1)
    return isTooMany ? 0 : bytes
  }

  /// The first `model name` of `/proc/cpuinfo`; processors for AArch64 have none there.
  static func name(inCPUInfo text: String) -> String {
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return line[line.index(after: colon)...].split(separator: " ").joined(separator: " ")
    }
    #if arch(x86_64)
      return "x86-64 processor"
    #else
      return "AArch64 processor"
    #endif
  }
}
