// Convolutions of few filters: lanes run over pixels, because filters would leave most of them idle.
//
// An image lies as planes, one a channel, so that a vector is sixteen pixels of a row. Positions are
// counted through the rows of the padded image: what is computed between the rows of the output is
// thrown away, and no edge needs a case of its own.
//
//     C[i, p] = Σ over k: A[k, i] · B[p + offsets[k]]        forward
//     S[k, i, p mod 16] += A[p + offsets[k]] · B[i, p]        gradient of the weights
//
// A sum over k is one chain in the order of the table, that of Tile.swift. A sum over pixels has
// sixteen chains on every instruction set; whoever asked for it adds them up.

/// The pixels of a convolution of few filters. Steps and lengths count floats.
@frozen public struct PlaneArguments {
  /// The weights: element `k` of filter `i` is `a[k · aStep + i]`.
  public var a: Source
  public var aStep: Int
  /// Where each element of a sum lies, relative to the position.
  public var offsets: UnsafePointer<Int>
  public var depth: Int
  /// The first position, and how many there are: so many are computed as make whole groups of 32.
  public var b: Source
  public var length: Int
  /// The plane of the first filter, and the way to the next.
  public var c: Target
  public var cStep: Int
  /// A number for each filter, to begin its sums with.
  public var bias: Source?
  /// Replaces negative results by zero.
  public var rectifying: Bool

  @inlinable
  public init(
    a: Source, aStep: Int, offsets: UnsafePointer<Int>, depth: Int, b: Source, length: Int,
    c: Target, cStep: Int, bias: Source? = nil, rectifying: Bool = false
  ) {
    self.a = a
    self.aStep = aStep
    self.offsets = offsets
    self.depth = depth
    self.b = b
    self.length = length
    self.c = c
    self.cStep = cStep
    self.bias = bias
    self.rectifying = rectifying
  }
}

/// The gradient of a convolution's few filters. Steps and lengths count floats.
@frozen public struct PlaneGradientArguments {
  public var a: Source
  /// Where each weight's elements lie, relative to the position; the last ones repeated, so that
  /// their number is a multiple of four.
  public var offsets: UnsafePointer<Int>
  public var count: Int
  /// The plane of the first filter's gradient, and the way to the next.
  public var b: Source
  public var bStep: Int
  /// Positions: a multiple of 16.
  public var length: Int
  /// Sixteen sums for each filter of each offset; added to.
  public var sums: Target
  public var sumStep: Int

  @inlinable
  public init(
    a: Source, offsets: UnsafePointer<Int>, count: Int, b: Source, bStep: Int, length: Int,
    sums: Target, sumStep: Int
  ) {
    self.a = a
    self.offsets = offsets
    self.count = count
    self.b = b
    self.bStep = bStep
    self.length = length
    self.sums = sums
    self.sumStep = sumStep
  }
}

/// Computes as many filters as the shape has rows.
@inlinable @inline(__always)
public func planes<
  I: InstructionSet, V: FloatVector, let rows: Int, let vectors: Int, let accumulators: Int
>(
  _: I.Type, _: TileShape<V, rows, vectors, accumulators>.Type, _ t: PlaneArguments
) {
  let lanes = V.scalarCount
  let end = (t.length + 31) / 32 * 32
  var position = 0
  while position < end {
    var sums = InlineArray<accumulators, V>(repeating: V())
    if let bias = t.bias {
      for i in 0..<rows {
        for v in 0..<vectors { sums[i * vectors + v] = V(repeating: bias[i]) }
      }
    }
    var a = t.a
    let b = t.b + position
    for k in 0..<t.depth {
      let from = b + t.offsets[k]
      var pixels = InlineArray<vectors, V>(repeating: V())
      for v in 0..<vectors { pixels[v] = load(from + v * lanes) }
      for i in 0..<rows {
        let weight = V(repeating: a[i])
        for v in 0..<vectors {
          sums[i * vectors + v] = I.multiplyAdd(weight, pixels[v], sums[i * vectors + v])
        }
      }
      a += t.aStep
    }
    if t.rectifying {
      for i in 0..<rows {
        for v in 0..<vectors { sums[i * vectors + v] = V.larger(V(), sums[i * vectors + v]) }
      }
    }
    for i in 0..<rows {
      let to = t.c + i * t.cStep + position
      for v in 0..<vectors { store(sums[i * vectors + v], to + v * lanes) }
    }
    position += vectors * lanes
  }
}

/// Adds up as many filters as the shape has rows, for as many offsets as it has taps at a time; its
/// vectors are sixteen lanes together.
@inlinable @inline(__always)
public func planeGradient<
  I: InstructionSet, V: FloatVector, let rows: Int, let taps: Int, let vectors: Int,
  let accumulators: Int
>(
  _: I.Type, _: PlaneGradientShape<V, rows, taps, vectors, accumulators>.Type,
  _ t: PlaneGradientArguments
) {
  let lanes = V.scalarCount
  var first = 0
  while first < t.count {
    let sumsOfTaps = t.sums + first * t.sumStep
    var sums = InlineArray<accumulators, V>(repeating: V())
    var a = InlineArray<taps, Source>(repeating: t.a)
    for k in 0..<taps {
      a[k] = t.a + t.offsets[first + k]
      for i in 0..<rows {
        for v in 0..<vectors {
          sums[(k * rows + i) * vectors + v] = load(
            sumsOfTaps + k * t.sumStep + i * 16 + v * lanes)
        }
      }
    }
    var position = 0
    while position < t.length {
      for v in 0..<vectors {
        let place = position + v * lanes
        var pixels = InlineArray<taps, V>(repeating: V())
        for k in 0..<taps { pixels[k] = load(a[k] + place) }
        for i in 0..<rows {
          let gradient: V = load(t.b + i * t.bStep + place)
          for k in 0..<taps {
            sums[(k * rows + i) * vectors + v] = I.multiplyAdd(
              pixels[k], gradient, sums[(k * rows + i) * vectors + v])
          }
        }
      }
      position += 16
    }
    for k in 0..<taps {
      for i in 0..<rows {
        for v in 0..<vectors {
          store(
            sums[(k * rows + i) * vectors + v], sumsOfTaps + k * t.sumStep + i * 16 + v * lanes)
        }
      }
    }
    first += taps
  }
}

/// Filters, taps and vectors as a type: `accumulators` is their product.
public enum PlaneGradientShape<
  V: FloatVector, let rows: Int, let taps: Int, let vectors: Int, let accumulators: Int
> {}
