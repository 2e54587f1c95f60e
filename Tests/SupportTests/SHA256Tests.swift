import CDigest
import Support
import Testing

@Suite struct SHA256Tests {
  /// NIST's examples, FIPS 180-4, and lengths around a block's end, by Python's hashlib.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 55),
      "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
    ),
    (
      String(repeating: "a", count: 64),
      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
    ),
  ])
  func examplesHashAsTheyShould(text: String, hash: String) {
    #expect(SHA256.hexadecimal(Array(text.utf8)) == hash)
  }

  @Test func theProcessorsInstructionsDoWhatPlainCDoes() {
    let bytes = (0..<640).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var states = [[UInt32]](repeating: (1...8).map { $0 &* 0x9E37_79B9 }, count: 2)
    sha256_blocks(&states[0], bytes, 10)
    sha256_blocks_portable(&states[1], bytes, 10)
    #expect(states[0] == states[1])
  }
}

@Suite struct DigestTests {
  /// RFC 1321's examples, and lengths around a block's end, by Python's hashlib.
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
    (String(repeating: "a", count: 56), "3b0c8ac703f828b04c6c197006d17218"),
    (String(repeating: "a", count: 64), "014842d480b571495a4a0363793f7367"),
  ])
  func examplesHashToTheirMD5(text: String, hash: String) {
    var digest = Digest(.md5)
    digest.update(Array(text.utf8))
    #expect(digest.hexadecimal == hash)
  }

  @Test(arguments: [1, 63, 64, 65, 200]) func piecesHashAsTheWhole(size: Int) {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var digest = Digest(.sha256)
    for start in stride(from: 0, to: bytes.count, by: size) {
      digest.update(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    #expect(digest.hexadecimal == SHA256.hexadecimal(bytes))
  }
}
