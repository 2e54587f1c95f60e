// The activation functions, instantiated like the rest of the kernels: a function each, because a
// function that held them all would be too large to have everything inlined. Private, because what
// a private generic function is specialized to is private too, and not a symbol that modules share.

import KernelBodies

extension TargetKernels {
  static func activate(_ number: Int, _ x: Source, count: Int, alpha: Float, to y: Target) {
    var pass = ForwardPass(remaining: number, x: x, count: count, alpha: alpha, y: y)
    visitActivations(&pass)
  }

  static func activateBackward(
    _ number: Int, saved: Source, dy: Source, count: Int, alpha: Float, to dx: Target
  ) {
    var pass = BackwardPass(
      remaining: number, saved: saved, dy: dy, count: count, alpha: alpha, dx: dx)
    visitActivations(&pass)
  }
}

/// Runs the function that is reached when `remaining` is 0.
private struct ForwardPass: ActivationVisitor {
  var remaining: Int
  let x: Source
  let count: Int
  let alpha: Float
  let y: Target

  @inline(__always)
  mutating func visit<A: Activation>(_: A.Type) {
    if remaining == 0 { runForward(A.self, self) }
    remaining -= 1
  }
}

private struct BackwardPass: ActivationVisitor {
  var remaining: Int
  let saved: Source
  let dy: Source
  let count: Int
  let alpha: Float
  let dx: Target

  @inline(__always)
  mutating func visit<A: Activation>(_: A.Type) {
    if remaining == 0 { runBackward(A.self, self) }
    remaining -= 1
  }
}

@inline(never)
private func runForward<A: Activation>(_: A.Type, _ t: ForwardPass) {
  activate(TargetSet.self, A.self, t.x, count: t.count, alpha: t.alpha, to: t.y)
}

@inline(never)
private func runBackward<A: Activation>(_: A.Type, _ t: BackwardPass) {
  activateBackward(
    TargetSet.self, A.self, saved: t.saved, dy: t.dy, count: t.count, alpha: t.alpha, to: t.dx)
}
