// The fastest loop there is: independent chains of multiply-adds that touch no memory. What a
// kernel reaches is compared with this.
//
//     for each step, for i in 0 ..< chains: x[i] = x[i] * a + b
//
// A chain's next step waits for its last one, about four cycles; two to four units want to be fed
// meanwhile. So 8 to 16 chains are needed, and the registers should hold 24 of them, or 12 where
// there are only sixteen registers. Without a fused instruction both halves of a step are counted,
// because both depend on the step before.

/// Runs `steps` steps of every chain. The chains begin with what `x` holds, 24 vectors, and leave
/// their results there. Chains that there is no register for are left alone.
@inlinable @inline(__always)
public func multiplyAddChains<S: InstructionSet>(
  _: S.Type, steps: Int, a: Float, b: Float, _ x: Target
) {
  #if arch(arm64)
    chains(S.self, ChainCount<24>.self, steps: steps, a: a, b: b, x)
  #else
    if S.Vector.scalarCount == 16 {
      chains(S.self, ChainCount<24>.self, steps: steps, a: a, b: b, x)
    } else {
      chains(S.self, ChainCount<12>.self, steps: steps, a: a, b: b, x)
    }
  #endif
}

/// A number of chains as a type.
public enum ChainCount<let count: Int> {}

@inlinable @inline(__always)
func chains<S: InstructionSet, let count: Int>(
  _: S.Type, _: ChainCount<count>.Type, steps: Int, a: Float, b: Float, _ x: Target
) {
  let lanes = S.Vector.scalarCount
  let (factor, summand) = (S.Vector(repeating: a), S.Vector(repeating: b))
  var chains = InlineArray<count, S.Vector> { i in load(Source(x) + i * lanes) }
  for _ in 0..<steps {
    for i in 0..<count { chains[i] = S.multiplyAdd(chains[i], factor, summand) }
  }
  for i in 0..<count { store(chains[i], x + i * lanes) }
}
