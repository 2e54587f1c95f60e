// Winograd's minimal filtering F(m, 3) along one axis: m outputs of a filter of three taps from
// m + 2 products instead of 3 m.
//
//     output = Aᵀ ((G g) ∘ (Bᵀ d))        d: m + 2 inputs, g: three taps, ∘: point by point
//
// A polynomial is known by its values at as many points as it has coefficients, and values multiply
// point by point. The points are 0, 1, -1, 2, -2 and infinity, numbered 0 to 5. Tiles of four outputs
// use all of them, tiles of three do without -2, tiles of two without 2 and -2. G is the same for all,
// that of F(4, 3), so that transformed weights serve tiles of any size; Bᵀ of the smaller ones is
// scaled to fit. But for G all factors are whole numbers.
//
//     m = 4: Bᵀ = 4  0 -5  0  1  0     m = 3: 4 -2 -4  2  0     m = 2: 4  0 -4  0
//                 0 -4 -4  1  1  0            0 -6 -3  3  0            0 -3 -3  0
//                 0  4 -4 -1  1  0            0  2 -3  1  0            0  3 -3  0
//                 0 -2 -1  2  1  0            0 -4  0  4  0
//                 0  2 -1 -2  1  0
//                 0  4  0 -5  0  1            0  2 -1 -2  1            0 -1  0  1
//
// The way back uses the transposes: the gradient of the inputs is B ((G g) ∘ (A dy)), that of the
// taps Gᵀ (Σ (Bᵀ d) ∘ (A dy)).
//
// Winograd, "Arithmetic complexity of computations", 1980; Lavin and Gray, "Fast algorithms for
// convolutional neural networks", 2016.

/// Whether a tile of so many outputs along an axis uses a point.
@inlinable @inline(__always)
public func winogradUses(point: Int, side: Int) -> Bool {
  point == 3 ? side > 2 : point == 4 ? side == 4 : true
}

/// `Bᵀ d`: what inputs are at the points.
@inlinable @inline(__always)
func winogradInput<I: InstructionSet>(
  _: I.Type, _ side: Int, _ d: (Int) -> Wide, _ put: (Int, Wide) -> Void
) {
  switch side {
  case 4:
    let (d0, d1, d2, d3, d4, d5) = (d(0), d(1), d(2), d(3), d(4), d(5))
    put(0, I.multiplyAdd(all(4), d0, I.multiplyAdd(all(-5), d2, d4)))
    let (even, odd) = (I.multiplyAdd(all(-4), d2, d4), I.multiplyAdd(all(-4), d1, d3))
    put(1, even + odd)
    put(2, even - odd)
    let (outer, inner) = (d4 - d2, d3 - d1)
    put(3, I.multiplyAdd(all(2), inner, outer))
    put(4, I.multiplyAdd(all(-2), inner, outer))
    put(5, I.multiplyAdd(all(4), d1, I.multiplyAdd(all(-5), d3, d5)))
  case 3:
    let (d0, d1, d2, d3, d4) = (d(0), d(1), d(2), d(3), d(4))
    let inner = d1 - d3
    put(0, I.multiplyAdd(all(4), d0 - d2, all(-2) * inner))
    put(1, I.multiplyAdd(all(3), d3 - d2, all(-6) * d1))
    put(2, I.multiplyAdd(all(2), d1, I.multiplyAdd(all(-3), d2, d3)))
    put(3, all(-4) * inner)
    put(5, I.multiplyAdd(all(2), inner, d4 - d2))
  default:
    let (d0, d1, d2, d3) = (d(0), d(1), d(2), d(3))
    put(0, all(4) * (d0 - d2))
    put(1, all(-3) * (d1 + d2))
    put(2, all(3) * (d1 - d2))
    put(5, d3 - d1)
  }
}

/// `Aᵀ t`: the outputs from what they are at the points.
@inlinable @inline(__always)
func winogradOutput<I: InstructionSet>(
  _: I.Type, _ side: Int, _ t: (Int) -> Wide, _ put: (Int, Wide) -> Void
) {
  let (t0, t1, t2, t5) = (t(0), t(1), t(2), t(5))
  let (sum, difference) = (t1 + t2, t1 - t2)
  switch side {
  case 4:
    let (t3, t4) = (t(3), t(4))
    let (outerSum, outerDifference) = (t3 + t4, t3 - t4)
    put(0, t0 + sum + outerSum)
    put(1, I.multiplyAdd(all(2), outerDifference, difference))
    put(2, I.multiplyAdd(all(4), outerSum, sum))
    put(3, I.multiplyAdd(all(8), outerDifference, difference + t5))
  case 3:
    let t3 = t(3)
    put(0, t0 + sum + t3)
    put(1, I.multiplyAdd(all(2), t3, difference))
    put(2, I.multiplyAdd(all(4), t3, sum + t5))
  default:
    put(0, t0 + sum)
    put(1, difference + t5)
  }
}

/// `A dy`: what gradients of outputs are at the points.
@inlinable @inline(__always)
func winogradSpread<I: InstructionSet>(
  _: I.Type, _ side: Int, _ dy: (Int) -> Wide, _ put: (Int, Wide) -> Void
) {
  let (y0, y1) = (dy(0), dy(1))
  put(0, y0)
  switch side {
  case 4:
    let (y2, y3) = (dy(2), dy(3))
    let (even, odd) = (y0 + y2, y1 + y3)
    put(1, even + odd)
    put(2, even - odd)
    let outer = I.multiplyAdd(all(4), y2, y0)
    let inner = I.multiplyAdd(all(8), y3, all(2) * y1)
    put(3, outer + inner)
    put(4, outer - inner)
    put(5, y3)
  case 3:
    let y2 = dy(2)
    let even = y0 + y2
    put(1, even + y1)
    put(2, even - y1)
    put(3, I.multiplyAdd(all(4), y2, I.multiplyAdd(all(2), y1, y0)))
    put(5, y2)
  default:
    put(1, y0 + y1)
    put(2, y0 - y1)
    put(5, y1)
  }
}

/// `B t`: the gradients of the inputs from what they are at the points.
@inlinable @inline(__always)
func winogradGather<I: InstructionSet>(
  _: I.Type, _ side: Int, _ t: (Int) -> Wide, _ put: (Int, Wide) -> Void
) {
  let (t0, t1, t2, t5) = (t(0), t(1), t(2), t(5))
  switch side {
  case 4:
    let (t3, t4) = (t(3), t(4))
    let (sum, difference) = (t1 + t2, t1 - t2)
    let (outerSum, outerDifference) = (t3 + t4, t3 - t4)
    put(0, all(4) * t0)
    put(
      1, I.multiplyAdd(all(4), t5 - difference, all(-2) * outerDifference))
    put(2, I.multiplyAdd(all(-5), t0, I.multiplyAdd(all(-4), sum, -outerSum)))
    put(3, I.multiplyAdd(all(-5), t5, I.multiplyAdd(all(2), outerDifference, difference)))
    put(4, t0 + sum + outerSum)
    put(5, t5)
  case 3:
    let t3 = t(3)
    let inner = I.multiplyAdd(all(4), t3, all(2) * (t0 - t5))
    put(0, all(4) * t0)
    put(1, I.multiplyAdd(all(-6), t1, I.multiplyAdd(all(2), t2, -inner)))
    put(2, I.multiplyAdd(all(-4), t0, I.multiplyAdd(all(-3), t1 + t2, -t5)))
    put(3, I.multiplyAdd(all(3), t1, t2 + inner))
    put(4, t5)
  default:
    put(0, all(4) * t0)
    put(1, I.multiplyAdd(all(3), t2 - t1, -t5))
    put(2, I.multiplyAdd(all(-4), t0, all(-3) * (t1 + t2)))
    put(3, t5)
  }
}

/// Row `point` of G: what the three taps count at a point.
@inlinable @inline(__always)
func winogradFactors(_ point: Int) -> (Float, Float, Float) {
  switch point {
  case 0: (0.25, 0, 0)
  case 1: (-1.0 / 6, -1.0 / 6, -1.0 / 6)
  case 2: (-1.0 / 6, 1.0 / 6, -1.0 / 6)
  case 3: (1.0 / 24, 1.0 / 12, 1.0 / 6)
  case 4: (1.0 / 24, -1.0 / 12, 1.0 / 6)
  default: (0, 0, 1)
  }
}

/// `G g`: what three taps are at the points.
@inlinable @inline(__always)
func winogradWeights<I: InstructionSet>(
  _: I.Type, _ g0: Wide, _ g1: Wide, _ g2: Wide, _ put: (Int, Wide) -> Void
) {
  put(0, all(0.25) * g0)
  let even = all(-1.0 / 6) * (g0 + g2)
  put(1, I.multiplyAdd(all(-1.0 / 6), g1, even))
  put(2, I.multiplyAdd(all(1.0 / 6), g1, even))
  let outer = I.multiplyAdd(all(1.0 / 6), g2, all(1.0 / 24) * g0)
  put(3, I.multiplyAdd(all(1.0 / 12), g1, outer))
  put(4, I.multiplyAdd(all(-1.0 / 12), g1, outer))
  put(5, g2)
}

/// `Gᵀ t`: the gradients of three taps from what they are at the points.
@inlinable @inline(__always)
func winogradWeightGradient<I: InstructionSet>(
  _: I.Type, _ t: (Int) -> Wide, _ put: (Int, Wide) -> Void
) {
  let (sum, outerSum) = (t(1) + t(2), t(3) + t(4))
  put(
    0,
    I.multiplyAdd(all(0.25), t(0), I.multiplyAdd(all(-1.0 / 6), sum, all(1.0 / 24) * outerSum)))
  put(1, I.multiplyAdd(all(1.0 / 6), t(2) - t(1), all(1.0 / 12) * (t(3) - t(4))))
  put(2, I.multiplyAdd(all(1.0 / 6), outerSum - sum, t(5)))
}

/// A factor in every lane.
@inlinable @inline(__always)
func all(_ factor: Float) -> Wide { Wide(repeating: factor) }
