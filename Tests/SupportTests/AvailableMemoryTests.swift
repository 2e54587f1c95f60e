import Foundation
import Testing

@testable import Support

@Suite struct AvailableMemoryTests {
  /// What is available on a system with these files, by path.
  private func available(_ files: [String: String]) throws -> AvailableMemory? {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, content) in files {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try AtomicFile.write(text: content, to: file.path)
    }
    return AvailableMemory(root: root.path)
  }

  private let machine = ["proc/meminfo": "MemTotal: 9 kB\nMemAvailable:    2000 kB\n"]

  @Test func aMachineGivesWhatItHas() throws {
    #expect(try available(machine) == AvailableMemory(bytes: 2_048_000, bound: .machine))
    #expect(try available([:]) == nil)
  }

  @Test func aLimitLeavesWhatIsNotInUseButForFilesInMemory() throws {
    let files = machine.merging([
      "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "1000000\n",
      "sys/fs/cgroup/a/memory.current": "300000\n",
      "sys/fs/cgroup/a/memory.stat": "anon 5\ninactive_file 100000\n",
      "sys/fs/cgroup/a/b/memory.max": "max\n",
    ]) { $1 }
    #expect(
      try available(files)
        == AvailableMemory(bytes: 800_000, bound: .controlGroup(limit: 1_000_000)))
  }

  @Test func theFirstVersionOfControlGroupsIsRead() throws {
    let files = machine.merging([
      "proc/self/cgroup": "5:cpu,memory:/docker/x\n0::/\n",
      // The path is that outside of the container.
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "500000\n",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "100000\n",
    ]) { $1 }
    #expect(
      try available(files)
        == AvailableMemory(bytes: 400_000, bound: .controlGroup(limit: 500_000)))
  }

  @Test func aGroupWithoutALimitBoundsNothing() throws {
    let files = machine.merging([
      "proc/self/cgroup": "4:memory:/\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    ]) { $1 }
    #expect(try available(files)?.bound == .machine)
  }
}

@Suite struct BoundedArithmeticTests {
  @Test func sizesBeyondEveryMachineStopThere() {
    #expect(boundedProduct(3, 4, 5) == 60 && boundedProduct(1 << 40, 0, 1 << 60) == 0)
    #expect(boundedProduct(1 << 40, 1 << 40) == beyondEverySize)
    #expect(boundedSum([1, 2, 3]) == 6)
    #expect(boundedSum([beyondEverySize, .max]) == beyondEverySize)
  }
}
