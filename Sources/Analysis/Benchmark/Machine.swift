import Platform
import Support
import Tensor

/// What a speed must be reported with.
public struct Machine: Equatable, Sendable {
  /// The processor's name as the system tells it, or its architecture.
  public let processor: String
  /// The instruction set in use.
  public let simd: String
  public let threads: Int

  public init(processor: String, simd: String, threads: Int) {
    self.processor = processor
    self.simd = simd
    self.threads = threads
  }

  init(_ device: Device) {
    self.init(
      processor: processorName(), simd: device.level.rawValue, threads: device.threadCount)
  }
}

#if canImport(Darwin)
  private func processorName() -> String {
    var size = 0
    sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
    var name = [UInt8](repeating: 0, count: size)
    sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
    return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
  }
#else
  private func processorName() -> String {
    let text = (try? readFile("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return processorName(inCPUInfo: text)
  }
#endif

/// The first `model name` of `/proc/cpuinfo`; processors for AArch64 have none there.
func processorName(inCPUInfo text: String) -> String {
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
