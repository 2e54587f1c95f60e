import Testing

@testable import Support

@Suite struct ProcessorTests {
  @Test func theProcessorIsNamedAsTheSystemDoes() {
    let text = "processor\t: 0\nmodel name\t: Fast  CPU @ 3 GHz\nmodel name\t: another\n"
    #expect(Processor.name(inCPUInfo: text) == "Fast CPU @ 3 GHz")
    #expect(Processor.name(inCPUInfo: "").hasSuffix("processor"))
  }

  @Test(arguments: [
    ("48K", 49_152), ("2048K", 2_097_152), ("1M", 1_048_576), ("512", 512), ("0K", 0), ("", 0),
    ("K", 0), ("-1K", 0), ("99999999999999999G", 0),
  ])
  func sizesOfCachesAreRead(text: String, bytes: Int) {
    #expect(Processor.bytes(text) == bytes)
  }

  @Test func datesAreThoseOfISO8601() {
    #expect(utcDate(0) == "1970-01-01T00:00:00Z")
    #expect(utcDate(1_796_000_461.9) == "2026-11-30T01:01:01Z")
  }
}
