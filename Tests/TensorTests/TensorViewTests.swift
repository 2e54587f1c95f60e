import Testing

@testable import Tensor

@Suite struct TensorViewTests {
  private let numbers = Tensor((0..<24).map(Float.init), shape: [4, 3, 2])

  @Test func aNewTensorIsZero() {
    #expect(Tensor(zeros: [2, 3]).values == [0, 0, 0, 0, 0, 0])
    #expect(Tensor(zeros: [0, 3]).values == [])
  }

  @Test func storageBeginsAtACacheLine() {
    for count in [1, 3, 100] {
      #expect(Int(bitPattern: Tensor(zeros: [count]).pointer) % 64 == 0)
    }
  }

  @Test func itemsAreAViewAlongTheOutermostAxis() {
    let part = numbers.items(from: 1, count: 2)
    #expect(part.shape == [2, 3, 2])
    #expect(part.values == (6..<18).map(Float.init))
    #expect(part.items(from: 1, count: 1).values == (12..<18).map(Float.init))
    #expect(numbers.items(from: 4, count: 0).shape == [0, 3, 2])
    part.fill(-1)
    #expect(numbers.values.prefix(7) == [0, 1, 2, 3, 4, 5, -1])
    #expect(numbers.values.suffix(6) == [18, 19, 20, 21, 22, 23])
  }

  @Test func reshapingAndPrefixesShareElements() {
    let flat = numbers.reshaped([24])
    let start = numbers.prefix([2, 2])
    #expect(start.values == [0, 1, 2, 3])
    flat[3] = 99
    #expect(start.values[3] == 99 && numbers.values[3] == 99)
  }

  @Test func copiesDoNotShareElements() {
    let copy = numbers.copy()
    copy.fill(0)
    #expect(numbers.values[5] == 5)
    numbers.assign(copy)
    #expect(numbers.values[5] == 0)
  }

  @Test func aViewKeepsItsElementsAlive() {
    var view = Tensor(zeros: [1])
    do {
      let owner = Tensor([1, 2, 3, 4], shape: [2, 2])
      view = owner.items(from: 1, count: 1)
    }
    #expect(view.values == [3, 4])
  }

  @Test func descriptionNamesTheShape() {
    #expect("\(Tensor(zeros: [64, 10]))" == "Tensor[64, 10]")
  }
}
