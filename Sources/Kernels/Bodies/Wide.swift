// Sixteen floats: the unit of every kernel but the tile.
//
// All instruction sets use the same sixteen virtual lanes (one AVX-512 register, two of AVX2, four
// of SSE or NEON), so that a sum over a row has the same order, and the same bits, everywhere.

/// Sixteen floats.
public typealias Wide = SIMD16<Float>
/// Sixteen 32-bit integers, also the bits of ``Wide``.
public typealias WideInt = SIMD16<Int32>

/// The number of lanes of ``Wide``.
@inlinable public var wideLanes: Int { 16 }

@inlinable @inline(__always)
func loadWide(_ p: Source, _ valid: Int) -> Wide {
  if valid == 16 { return load(p) }
  var v = Wide()
  // Lane by lane each would wait for the one before it.
  withUnsafeMutableBytes(of: &v) {
    $0.copyMemory(from: UnsafeRawBufferPointer(start: p, count: 4 * valid))
  }
  return v
}

@inlinable @inline(__always)
func storeWide(_ v: Wide, _ p: Target, _ valid: Int) {
  if valid == 16 { return store(v, p) }
  for lane in 0..<valid { p[lane] = v[lane] }
}

/// `v` with `value` in the lanes from `valid` on. Lane by lane in a loop each would wait for the one
/// before it.
@inlinable @inline(__always)
func filled(_ v: Wide, from valid: Int, with value: Float) -> Wide {
  let lanes = WideInt(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  return v.replacing(with: value, where: lanes .>= WideInt(repeating: Int32(valid)))
}

/// Calls `body` with the offset and the number of lanes in use of each group of sixteen.
@inlinable @inline(__always)
func forEachWide(_ count: Int, _ body: (_ offset: Int, _ valid: Int) -> Void) {
  var offset = 0
  while offset + 16 <= count {
    body(offset, 16)
    offset += 16
  }
  if offset < count { body(offset, count - offset) }
}

/// `y = f(x)`, element by element. `f` is expanded once, partial groups included: twice would be
/// more than the compiler is willing to inline, and what it does not inline is a shared symbol.
@inlinable @inline(__always)
func map(_ x: Source, _ count: Int, _ y: Target, _ f: (Wide) -> Wide) {
  var i = 0
  while i < count {
    let valid = min(16, count - i)
    storeWide(f(loadWide(x + i, valid)), y + i, valid)
    i += 16
  }
}

/// `y = f(a, b)`, element by element.
@inlinable @inline(__always)
func zip(_ a: Source, _ b: Source, _ count: Int, _ y: Target, _ f: (Wide, Wide) -> Wide) {
  var i = 0
  while i < count {
    let valid = min(16, count - i)
    storeWide(f(loadWide(a + i, valid), loadWide(b + i, valid)), y + i, valid)
    i += 16
  }
}

// The library's conversions of vectors are generic functions that are not inlined; these are.

/// Sixteen bytes as integers.
@inlinable @inline(__always)
func widen(_ b: UnsafePointer<UInt8>) -> WideInt {
  WideInt(
    Int32(b[0]), Int32(b[1]), Int32(b[2]), Int32(b[3]),
    Int32(b[4]), Int32(b[5]), Int32(b[6]), Int32(b[7]),
    Int32(b[8]), Int32(b[9]), Int32(b[10]), Int32(b[11]),
    Int32(b[12]), Int32(b[13]), Int32(b[14]), Int32(b[15]))
}

/// Sixteen bytes as floats.
@inlinable @inline(__always)
func widenToFloat(_ b: UnsafePointer<UInt8>) -> Wide {
  Wide(
    Float(b[0]), Float(b[1]), Float(b[2]), Float(b[3]),
    Float(b[4]), Float(b[5]), Float(b[6]), Float(b[7]),
    Float(b[8]), Float(b[9]), Float(b[10]), Float(b[11]),
    Float(b[12]), Float(b[13]), Float(b[14]), Float(b[15]))
}

/// Sixteen bytes as integers, those beyond `valid` as zero.
@inlinable @inline(__always)
func loadBytes(_ bytes: UnsafePointer<UInt8>, _ valid: Int) -> WideInt {
  if valid == 16 { return widen(bytes) }
  var v = WideInt()
  for lane in 0..<valid { v[lane] = Int32(bytes[lane]) }
  return v
}

/// The low bytes of sixteen integers.
@inlinable @inline(__always)
func storeBytes(_ v: WideInt, _ bytes: UnsafeMutablePointer<UInt8>, _ valid: Int) {
  if valid == 16 {
    for lane in 0..<16 { bytes[lane] = UInt8(truncatingIfNeeded: v[lane]) }
  } else {
    for lane in 0..<valid { bytes[lane] = UInt8(truncatingIfNeeded: v[lane]) }
  }
}

/// The sum of the lanes, as a tree of fixed shape.
@inlinable @inline(__always)
func sum(_ v: Wide) -> Float {
  let a = v.lowHalf + v.highHalf
  let b = a.lowHalf + a.highHalf
  let c = b.lowHalf + b.highHalf
  return c.x + c.y
}

/// The largest lane.
@inlinable @inline(__always)
func maximum(_ v: Wide) -> Float {
  let a = SIMD8.larger(v.lowHalf, v.highHalf)
  let b = SIMD4.larger(a.lowHalf, a.highHalf)
  let c = b.x > b.z ? b.x : b.z
  let d = b.y > b.w ? b.y : b.w
  return c > d ? c : d
}
