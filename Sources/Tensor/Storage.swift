/// Floats at an address that is a multiple of a cache line, zero at first, freed with their owner.
@usableFromInline
final class Storage {
  @usableFromInline let address: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    // A cache line more than asked for, so that packing may round a row up to a whole vector.
    let bytes = (count + 16) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    address = raw.assumingMemoryBound(to: Float.self)
  }

  deinit { UnsafeMutableRawPointer(address).deallocate() }
}
