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
