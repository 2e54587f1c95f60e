// The fastest loop there is: independent chains of multiply-adds that touch no memory. What a
// kernel reaches is compared with this.
//
//     for each step, for i in 0 ..< chains: x[i] = x[i] * a + b
//
// A chain's next step waits for its last one, about four cycles; two to four units want to be fed
// meanwhile. So 8 to 16 chains are needed, and the registers should hold 24 of them, or 12 where
// there are only sixteen registers. Without a fused instruction both halves of a step are counted,
// because both depend on the step before.

/// A vector and a number of chains of it as a type.
public enum ChainCount<V: FloatVector, let count: Int> {}

/// Runs `steps` steps of every chain. The chains begin with what `x` holds, 24 vectors, and leave
/// their results there. Chains that there is no register for are left alone.
@inlinable @inline(__always)
public func multiplyAddChains<I: InstructionSet, V: FloatVector, let count: Int>(
  _: I.Type, _: ChainCount<V, count>.Type, steps: Int, a: Float, b: Float, _ x: Target
) {
  let lanes = V.scalarCount
  let (factor, summand) = (V(repeating: a), V(repeating: b))
  var chains = InlineArray<count, V> { i in load(Source(x) + i * lanes) }
  for _ in 0..<steps {
    for i in 0..<count { chains[i] = I.multiplyAdd(chains[i], factor, summand) }
  }
  for i in 0..<count { store(chains[i], x + i * lanes) }
}
