import Platform

/// The data caches of a core, by whose sizes products are cut into blocks. They change the time that a
/// product takes and never its result.
public struct CacheSizes: Equatable, Sendable {
  public let level1Bytes: Int
  public let level2Bytes: Int

  /// - Precondition: both sizes are positive.
  public init(level1Bytes: Int, level2Bytes: Int) {
    precondition(
      level1Bytes > 0 && level2Bytes > 0, "caches of \(level1Bytes), \(level2Bytes) bytes")
    self.level1Bytes = level1Bytes
    self.level2Bytes = level2Bytes
  }

  /// What a processor says of itself, 0 where it says nothing, as in many a virtual machine: then
  /// 32 KiB and 512 KiB, which all processors of today have.
  init(said level1Bytes: Int, _ level2Bytes: Int) {
    self.init(
      level1Bytes: level1Bytes > 0 ? level1Bytes : 32 << 10,
      level2Bytes: level2Bytes > 0 ? level2Bytes : 512 << 10)
  }

  private init(of processor: Processor) {
    self.init(said: processor.level1Bytes, processor.level2Bytes)
  }

  /// Those that this process goes by: the variable's, if it is set and valid, else the processor's.
  public static let current =
    (try? chosen(environment: ProcessInfo.processInfo.environment))
    ?? CacheSizes(of: .current)

  /// The sizes that `EMNIST_CACHE` gives, as `32K,512K`, or this processor's where it is not set.
  ///
  /// - Throws: ``CacheSizesError`` where the variable is anything else.
  public static func chosen(environment: [String: String]) throws -> CacheSizes {
    guard let text = environment["EMNIST_CACHE"], !text.isEmpty else {
      return CacheSizes(of: .current)
    }
    let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Processor.bytes(String($0).uppercased())
    }
    let limits = 1024...(1 << 30)
    guard sizes.count == 2, sizes.allSatisfy(limits.contains) else {
      throw CacheSizesError(text: text)
    }
    return CacheSizes(level1Bytes: sizes[0], level2Bytes: sizes[1])
  }

  /// As `32K and 1M`.
  public var text: String { "\(Self.text(level1Bytes)) and \(Self.text(level2Bytes))" }

  private static func text(_ bytes: Int) -> String {
    for (unit, size) in [("M", 1 << 20), ("K", 1 << 10)] where bytes % size == 0 {
      return "\(bytes / size)\(unit)"
    }
    return "\(bytes)"
  }

  /// The members of a record's `caches`.
  public var json: JSONObject {
    ["l1d_bytes": .integer(level1Bytes), "l2_bytes": .integer(level2Bytes)]
  }
}

/// A value of `EMNIST_CACHE` that is none.
public struct CacheSizesError: UserError, Equatable {
  let text: String

  public var exitCode: ExitCode { .usage }

  public var description: String {
    """
    EMNIST_CACHE: '\(text.shown)' is not the sizes of a core's first and second data caches; give \
    both, from 1K to 1G, as 32K,512K, or unset it
    """
  }
}
