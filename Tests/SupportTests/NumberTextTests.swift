import Support
import Testing

@Suite struct ByteCountTests {
  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (96_563, "94.3 KiB"),
    (1_048_525, "1.0 MiB"), (1 << 30, "1.0 GiB"), (1 << 52, "4096.0 TiB"),
  ])
  func aNumberBelow1024AndItsUnit(count: Int, expected: String) {
    #expect(byteCount(count) == expected)
  }
}

@Suite struct CountedTests {
  @Test(arguments: [(0, "0 images"), (1, "1 image"), (2, "2 images"), (12_345, "12,345 images")])
  func oneOfAKindHasNoPlural(count: Int, expected: String) {
    #expect(counted(count, "image") == expected)
  }
}
