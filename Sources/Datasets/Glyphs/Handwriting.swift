import Support
import Tensor

/// A stroke as it will be inked: points and the pen's radius at each, in pixels.
struct InkStroke {
  var points: [SIMD2<Float>]
  var radii: [Float]
}

/// One writing of one skeleton: everything that is random about a glyph's shape.
struct Handwriting {
  let style: GlyphStyle
  var random: RandomStream

  /// Writes `skeleton` into an image of `side` × `side` pixels, its inked box in the middle.
  mutating func write(_ skeleton: GlyphSkeleton, side: Float) -> [InkStroke] {
    let field = ElasticField(amplitude: style.elasticity, using: &random)
    let stance = stance()
    let rounds = style.roundness.lowerBound + random.below(style.roundness.count)
    var lines: [[SIMD2<Float>]] = []
    for nodes in skeleton.strokes {
      var line = PenCurve.polyline(jittered(nodes))
      PenCurve.smooth(&line, times: rounds)
      for i in line.indices {
        let p = field.displaced(line[i])
        line[i] = stance.x * p.x + stance.y * p.y
      }
      lines.append(line)
    }
    let width = fit(&lines, of: skeleton.size, side: side)
    let nib = Nib(contrast: style.nibContrast, using: &random)
    return lines.map { ink($0, radius: width / 2, nib: nib) }
  }

  /// Where the unit vectors go: aspect ratio, slant, then rotation.
  private mutating func stance() -> (x: SIMD2<Float>, y: SIMD2<Float>) {
    let aspect = style.aspect * max(0.6, 1 + style.aspectDeviation * random.normal())
    let slant = style.slant + style.slantDeviation * random.normal()
    // With t the tangent of half the angle: cos = (1 - t²)/(1 + t²), sin = 2t/(1 + t²).
    let t = style.rotationDeviation * random.normal() / 2
    let cosine = (1 - t * t) / (1 + t * t)
    let sine = 2 * t / (1 + t * t)
    let x = SIMD2(cosine, sine) * aspect
    let y = SIMD2(-sine, cosine) - SIMD2(cosine, sine) * slant
    return (x, y)
  }

  /// The nodes of a stroke, moved, with its ends drawn out and at times hooked.
  private mutating func jittered(_ nodes: [GlyphSkeleton.Node]) -> [GlyphSkeleton.Node] {
    var nodes = nodes
    let offset = normalPair() * style.strokeDeviation
    for i in nodes.indices {
      nodes[i].point += offset + normalPair() * style.nodeDeviation
    }
    drawOut(&nodes[0].point, from: nodes[1].point)
    drawOut(&nodes[nodes.count - 1].point, from: nodes[nodes.count - 2].point)
    nodes.insert(contentsOf: hook(at: nodes[0].point, from: nodes[1].point), at: 0)
    let last = nodes.count - 1
    nodes += hook(at: nodes[last].point, from: nodes[last - 1].point).reversed()
    return nodes
  }

  private mutating func normalPair() -> SIMD2<Float> { SIMD2(random.normal(), random.normal()) }

  private mutating func drawOut(_ end: inout SIMD2<Float>, from inner: SIMD2<Float>) {
    let chord = end - inner
    let reach = max(chord.length, 0.05)
    end += chord / reach * min(style.overshootDeviation * random.normal(), reach)
  }

  /// The nodes to put beyond the end of a stroke: at times a hook, else none. Dots get none.
  private mutating func hook(
    at end: SIMD2<Float>, from inner: SIMD2<Float>
  ) -> [GlyphSkeleton.Node] {
    let chance = random.uniform()
    let size = random.uniform(0.04...0.1)
    let turn = random.uniform(-0.2...0.8)
    let side: Float = random.bits() & 1 == 0 ? 1 : -1
    let chord = end - inner
    guard chance < style.hookChance, chord.length > 0.2 else { return [] }
    let along = chord / chord.length
    let across = SIMD2(-along.y, along.x) * side
    // The bend keeps to the end: without its own node, a straight stroke would bow all along.
    let tip = end + (across + along * (0.3 - turn)) * size
    return [tip, end + along * (size / 3)].map { .init(point: $0, isCorner: false) }
  }

  /// Scales and shifts `lines` so that the inked box has the style's size and place, and returns
  /// the pen's width. `size` is the skeleton's, as it stands in a line of text.
  private mutating func fit(
    _ lines: inout [[SIMD2<Float>]], of size: Float, side: Float
  ) -> Float {
    let (low, high) = Self.box(of: lines)
    let extent = max((high - low).max(), 0.1)
    // The same pen writes small letters, which are then magnified more: half of that shows.
    let magnification = (1 / (size * extent)).squareRoot()
    let penWidth =
      style.penWidth * magnification
      * min(1.6, max(0.45, 1 + style.penWidthDeviation * random.normal()))
    let scale = (random.uniform(style.size) - penWidth) / extent
    let shift = SIMD2(
      random.uniform(-style.shift...style.shift), random.uniform(-style.shift...style.shift))
    // Pixel centres stand at whole numbers.
    let origin = (side - 1) / 2 + shift - (low + high) / 2 * scale
    for l in lines.indices {
      for p in lines[l].indices { lines[l][p] = lines[l][p] * scale + origin }
    }
    return penWidth
  }

  private static func box(of lines: [[SIMD2<Float>]]) -> (low: SIMD2<Float>, high: SIMD2<Float>) {
    var low = lines[0][0]
    var high = low
    for line in lines {
      for point in line {
        low = pointwiseMin(low, point)
        high = pointwiseMax(high, point)
      }
    }
    return (low, high)
  }

  /// Gives a line its width: pressure that wanders along it, the nib's direction, tapering ends.
  private mutating func ink(_ line: [SIMD2<Float>], radius: Float, nib: Nib) -> InkStroke {
    let pressure = (0..<4).map { _ in 1 + style.pressureDeviation * random.normal() }
    let landing = random.uniform() * random.uniform() * style.taper
    let leaving = random.uniform() * random.uniform() * style.taper
    let last = line.count - 1
    let radii = line.indices.map { i in
      let position = Float(i) / Float(last) * 3
      let knot = min(Int(position), 2)
      let weight = position - Float(knot)
      let wander = pressure[knot] * (1 - weight) + pressure[knot + 1] * weight
      let direction = line[min(i + 1, last)] - line[max(i - 1, 0)]
      let start = landing * max(0, 1 - Float(i) / 5)
      let end = leaving * max(0, 1 - Float(last - i) / 5)
      let rough = random.uniform(-style.roughness...style.roughness)
      return max(0.45, radius * wander * nib.factor(direction) * (1 - start) * (1 - end) + rough)
    }
    return InkStroke(points: line, radii: radii)
  }
}

/// A pen whose line is broad in one direction and thin across it.
private struct Nib {
  /// Contrast times cosine and sine of twice the direction in which the line is broadest.
  private let axis: SIMD2<Float>

  init(contrast: Float, using random: inout RandomStream) {
    let strength = contrast * random.uniform() * random.uniform()
    let angle = SIMD2(random.uniform(-1...1), random.uniform(-1...1))
    axis = angle / max(angle.length, 0.01) * strength
  }

  /// 1 + contrast · cos 2(θ - θ₀) for the direction θ, by the formulas for doubled angles.
  func factor(_ d: SIMD2<Float>) -> Float {
    let square = (d * d).sum()
    guard square > 1e-6 else { return 1 }
    let doubled = SIMD2(d.x * d.x - d.y * d.y, 2 * d.x * d.y) / square
    return 1 + (doubled * axis).sum()
  }
}
