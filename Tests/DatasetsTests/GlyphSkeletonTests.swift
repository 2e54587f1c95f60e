import Testing

@testable import Datasets

@Suite struct GlyphSkeletonTests {
  @Test func everyCharacterIsWrittenInSeveralWays() {
    #expect(GlyphAlphabet.standard.skeletons.count == 62)
    for (character, ways) in zip(
      GlyphGenerator.characters, GlyphAlphabet.standard.skeletons)
    {
      #expect(ways.count >= 2, "\(character)")
    }
  }

  @Test func pathIsCentredWithItsLongerSideOfLengthOne() {
    let skeleton = GlyphSkeleton(share: 1, path: "10,0 10,80! 50,80 / 30,20 50,40")
    typealias Node = GlyphSkeleton.Node
    #expect(
      skeleton.strokes == [
        [
          Node(point: SIMD2(-0.25, -0.5), isCorner: false),
          Node(point: SIMD2(-0.25, 0.5), isCorner: true),
          Node(point: SIMD2(0.25, 0.5), isCorner: false),
        ],
        [
          Node(point: SIMD2(0, -0.25), isCorner: false),
          Node(point: SIMD2(0.25, 0), isCorner: false),
        ],
      ])
    #expect(skeleton.size == 0.8)
  }

  @Test func straightStrokesStayStraight() {
    let nodes = GlyphSkeleton(share: 1, path: "0,0 0,100! 100,100").strokes[0]
    let line = PenCurve.polyline(nodes)
    #expect(line.first == SIMD2(-0.5, -0.5))
    #expect(line.last == SIMD2(0.5, 0.5))
    #expect(line.allSatisfy { abs($0.x + 0.5) < 1e-5 || abs($0.y - 0.5) < 1e-5 })
    #expect(zip(line, line.dropFirst()).allSatisfy { ($1 - $0).length <= PenCurve.step + 1e-5 })
  }

  @Test func curvePassesThroughItsNodesWithoutCorners() {
    let nodes = GlyphSkeleton(share: 1, path: "0,0 10,60 60,100 100,20").strokes[0]
    let line = PenCurve.polyline(nodes)
    for node in nodes {
      #expect(line.contains { ($0 - node.point).length < 1e-5 })
    }
    for i in 1..<line.count - 1 {
      let (before, after) = (line[i] - line[i - 1], line[i + 1] - line[i])
      let cosine = (before * after).sum() / (before.length * after.length)
      #expect(cosine > 0.8, "the line turns by \(cosine) at \(i)")
    }
  }

  @Test func smoothingKeepsTheEndsAndCutsTheCorner() {
    var line = [SIMD2<Float>(0, 0), SIMD2(1, 0), SIMD2(1, 1)]
    PenCurve.smooth(&line, times: 1)
    #expect(line == [SIMD2(0, 0), SIMD2(0.75, 0.25), SIMD2(1, 1)])
  }
}
