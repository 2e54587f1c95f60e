/// The extents of a tensor, outermost first, at most four: `[N, H, W, C]` for images, `[N, C]` for
/// rows of features. A value without a heap allocation.
public struct Shape: Sendable, ExpressibleByArrayLiteral {
  private var extents: InlineArray<4, Int> = [1, 1, 1, 1]
  /// The number of extents.
  public private(set) var rank: Int

  /// A shape of one to four extents.
  public init(_ extents: some Collection<Int>) {
    precondition(extents.count <= 4, "a shape has at most four extents, not \(extents.count)")
    rank = extents.count
    for (axis, extent) in extents.enumerated() {
      precondition(extent >= 0, "extent \(axis) of a shape is negative: \(extent)")
      self.extents[axis] = extent
    }
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// `[n, h, w, c]` without the array that a literal may be made of: what a training step uses.
  public init(_ n: Int, _ h: Int, _ w: Int, _ c: Int) {
    precondition(min(n, h, w, c) >= 0, "an extent of a shape is negative")
    (extents, rank) = ([n, h, w, c], 4)
  }

  /// `[h, w, c]`, likewise.
  public init(_ h: Int, _ w: Int, _ c: Int) {
    precondition(min(h, w, c) >= 0, "an extent of a shape is negative")
    (extents, rank) = ([h, w, c, 1], 3)
  }

  /// `[rows, columns]`, likewise.
  public init(rows: Int, columns: Int) {
    precondition(min(rows, columns) >= 0, "an extent of a shape is negative")
    (extents, rank) = ([rows, columns, 1, 1], 2)
  }

  /// `[rows, columns]`, likewise.
  public init(_ rows: Int, _ columns: Int) {
    precondition(min(rows, columns) >= 0, "an extent of a shape is negative")
    (extents, rank) = ([rows, columns, 1, 1], 2)
  }

  /// `[c]`, likewise.
  public init(_ c: Int) {
    precondition(c >= 0, "an extent of a shape is negative")
    (extents, rank) = ([c, 1, 1, 1], 1)
  }

  /// The extent along `axis`.
  @inline(__always)
  public subscript(axis: Int) -> Int {
    get {
      precondition(axis < rank, "axis \(axis) of a shape of rank \(rank)")
      return extents[axis]
    }
    set {
      precondition(axis < rank, "axis \(axis) of a shape of rank \(rank)")
      extents[axis] = newValue
    }
  }

  /// The number of elements: the product of the extents.
  public var count: Int { extents[0] * extents[1] * extents[2] * extents[3] }

  /// The extents as an array.
  public var array: [Int] { (0..<rank).map { extents[$0] } }

  /// This shape with a new outermost extent before the others: a batch of such things.
  public func batched(_ count: Int) -> Shape {
    precondition(rank < 4, "a shape of rank 4 cannot be batched")
    var shape = self
    shape.rank += 1
    for axis in stride(from: rank, to: 0, by: -1) { shape.extents[axis] = extents[axis - 1] }
    shape.extents[0] = count
    return shape
  }
}

extension Shape: Equatable {
  public static func == (a: Shape, b: Shape) -> Bool {
    a.rank == b.rank && a.extents[0] == b.extents[0] && a.extents[1] == b.extents[1]
      && a.extents[2] == b.extents[2] && a.extents[3] == b.extents[3]
  }
}

extension Shape: CustomStringConvertible {
  /// `[128, 28, 28, 1]`.
  public var description: String { "\(array)" }
}
