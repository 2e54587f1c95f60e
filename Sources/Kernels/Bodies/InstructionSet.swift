// What a kernel needs to know about the processor it is compiled for.
//
// Bodies are generic over an instruction set and always inlined. Each instruction set's module has
// one type that conforms to `Kernels`: the bodies are inlined into its witnesses, compiled with its
// own flags, so that no code for a newer processor can be shared with code that runs on an older one.

/// A family of processors, by its way to multiply and add. It has no associated types, because what
/// looks them up at run time would be code that modules share.
public protocol InstructionSet {
  /// `a * b + c`, rounded once where the processor can, twice where it cannot.
  ///
  /// Without the instruction a fused multiply-add is a call into the C library for every lane.
  static func multiplyAdd<V: SIMD>(_ a: V, _ b: V, _ c: V) -> V where V.Scalar == Float
}

/// An instruction set with a fused multiply-add: AVX2, AVX-512, NEON.
public enum Fused: InstructionSet {
  @inlinable @inline(__always)
  public static func multiplyAdd<V: SIMD>(_ a: V, _ b: V, _ c: V) -> V where V.Scalar == Float {
    c.addingProduct(a, b)
  }
}

/// An instruction set without one: the baseline of x86-64.
public enum Separate: InstructionSet {
  @inlinable @inline(__always)
  public static func multiplyAdd<V: SIMD>(_ a: V, _ b: V, _ c: V) -> V where V.Scalar == Float {
    a * b + c
  }
}

/// Read-only floats.
public typealias Source = UnsafePointer<Float>
/// Floats to be written.
public typealias Target = UnsafeMutablePointer<Float>

@inlinable @inline(__always)
func load<V: SIMD>(_ p: Source, as: V.Type = V.self) -> V where V.Scalar == Float {
  UnsafeRawPointer(p).loadUnaligned(as: V.self)
}

@inlinable @inline(__always)
func store<V: SIMD>(_ v: V, _ p: Target) where V.Scalar == Float {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: V.self)
}
