import Tensor
import Testing

@Suite struct ShapeTests {
  @Test func extentsRankAndCount() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.rank == 3 && shape.count == 24)
    #expect(shape.array == [2, 3, 4])
    #expect([shape[0], shape[1], shape[2]] == [2, 3, 4])
    #expect("\(shape)" == "[2, 3, 4]")
  }

  @Test func noExtentsAreOneElement() {
    let shape = Shape([Int]())
    #expect(shape.rank == 0 && shape.count == 1 && "\(shape)" == "[]")
  }

  @Test func aZeroExtentMakesItEmpty() {
    #expect(([0, 28, 28, 1] as Shape).count == 0)
  }

  @Test func equalityLooksAtTheRank() {
    #expect([2, 3] as Shape == [2, 3])
    #expect([2, 3] as Shape != [3, 2])
    #expect([2, 3] as Shape != [2, 3, 1])
  }

  @Test func batchingPutsAnExtentInFront() {
    #expect(([28, 28, 1] as Shape).batched(64) == [64, 28, 28, 1])
    #expect(Shape([Int]()).batched(5) == [5])
  }

  @Test func extentsCanBeReplaced() {
    var shape: Shape = [2, 3]
    shape[1] = 7
    #expect(shape == [2, 7] && shape.count == 14)
  }
}
