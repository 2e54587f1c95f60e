/// A dense array of 32-bit floats, row-major, channels last.
///
/// A tensor is a view: a shape over storage that may be shared. Copying the value does not copy the
/// elements; ``copy()`` does. Operations write into tensors planned beforehand, so that a step of
/// training allocates nothing. It is not `Sendable`: whoever shares elements between threads does so
/// through a ``Device``, whose loops give each thread its own part.
public struct Tensor {
  @usableFromInline let storage: Storage
  @usableFromInline let offset: Int
  /// The number of elements.
  public let count: Int
  /// The extents.
  public let shape: Shape

  /// A tensor of zeros.
  public init(zeros shape: Shape) {
    self.init(storage: Storage(count: shape.count), offset: 0, shape: shape)
  }

  /// A tensor with the elements of `values`, in row-major order.
  public init(_ values: some Collection<Float>, shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values do not fill \(shape)")
    self.init(zeros: shape)
    _ = UnsafeMutableBufferPointer(start: pointer, count: count).update(fromContentsOf: values)
  }

  private init(storage: Storage, offset: Int, shape: Shape) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    count = shape.count
  }

  /// The first element. Valid as long as the tensor lives; `count` elements may be read and written.
  @inlinable var pointer: UnsafeMutablePointer<Float> { storage.address + offset }

  /// Element `index` in row-major order.
  @inlinable
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "an element that the tensor does not have")
      return pointer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "an element that the tensor does not have")
      pointer[index] = newValue
    }
  }

  /// The elements as an array.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// The same elements under another shape of the same count.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "\(self.shape) cannot be reshaped to \(shape)")
    return Tensor(storage: storage, offset: offset, shape: shape)
  }

  /// The first elements under a shape that needs no more than there are: how a buffer that was
  /// planned for a large batch serves a small one.
  public func prefix(_ shape: Shape) -> Tensor {
    precondition(shape.count <= count, "\(shape) does not fit into \(self.shape)")
    return Tensor(storage: storage, offset: offset, shape: shape)
  }

  /// Items `first ..< first + count` along the outermost axis.
  public func items(from first: Int, count: Int) -> Tensor {
    precondition(first >= 0 && first + count <= shape[0], "items out of range")
    var part = shape
    part[0] = count
    return Tensor(
      storage: storage, offset: offset + first * (shape[0] == 0 ? 0 : self.count / shape[0]),
      shape: part)
  }

  /// A tensor with its own copy of the elements.
  public func copy() -> Tensor {
    let result = Tensor(zeros: shape)
    result.assign(self)
    return result
  }

  /// Overwrites the elements with those of a tensor of the same shape.
  public func assign(_ other: Tensor) {
    precondition(other.shape == shape, "cannot assign \(other.shape) to \(shape)")
    pointer.update(from: other.pointer, count: count)
  }

  /// Overwrites every element.
  public func fill(_ value: Float) { pointer.update(repeating: value, count: count) }
}

extension Tensor: CustomStringConvertible {
  public var description: String { "Tensor\(shape)" }
}

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

/// Bytes that belong to the elements of a tensor: dropout masks, choices of a pooling window.
public final class Bytes {
  let pointer: UnsafeMutablePointer<UInt8>
  /// The number of bytes.
  public let count: Int

  /// `count` zeros, and room up to a multiple of 64 that kernels may write into.
  public init(count: Int) {
    self.count = count
    pointer = .allocate(capacity: (count + 127) / 64 * 64)
    pointer.initialize(repeating: 0, count: (count + 127) / 64 * 64)
  }

  deinit { pointer.deallocate() }

  /// The bytes as an array.
  public var values: [UInt8] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
