import Interchange
import Support
import Testing

@Suite struct SafetensorsMalformedTests {
  struct Malformed: CustomTestStringConvertible {
    let header: String
    let dataCount: Int
    let message: String
    var testDescription: String { header }

    init(_ header: String, data: Int = 0, _ message: String) {
      (self.header, self.dataCount, self.message) = (header, data, message)
    }
  }

  /// A file of this header and so many zero bytes.
  static func file(_ header: String, data: Int = 0) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
      + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  /// An entry called `name` of F32.
  static func entry(_ name: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let headers: [Malformed] = [
    .init("[]", "header is an array, expected an object of tensors"),
    .init("", "header: line 1, column 1: found the end of the text, expected a value"),
    .init("{}\0", "header: line 1, column 3: found byte 0x00, expected the end of the text"),
  ]

  static let entries: [Malformed] = [
    .init(#"{"__metadata__":[]}"#, "__metadata__ is an array, expected an object of strings"),
    .init(
      #"{"__metadata__":{"epoch":3}}"#, "__metadata__ has 3 for 'epoch', expected a string"),
    .init(#"{"w":3}"#, "tensor 'w' is a whole number, expected an object"),
    .init(#"{"w":{}}"#, "tensor 'w' lacks 'dtype'"),
    .init(#"{"w":{"dtype":"F32"}}"#, "tensor 'w' lacks 'shape'"),
    .init(#"{"w":{"dtype":"F32","shape":[]}}"#, "tensor 'w' lacks 'data_offsets'"),
    .init(
      #"{"w":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}"#, data: 4,
      #"tensor 'w' has dtype "F33", expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, "#
        + "F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, "
        + "F64, I64 or U64"),
    .init(
      "{\(entry("w", "[1.0]", "[0,4]"))}", data: 4,
      "tensor 'w' has shape [1.0], expected an array of whole numbers from 0"),
    .init(
      "{\(entry("w", "[-1]", "[0,4]"))}", data: 4,
      "tensor 'w' has shape [-1], expected an array of whole numbers from 0"),
    .init(
      "{\(entry("w", "1", "[0,4]"))}", data: 4,
      "tensor 'w' has shape 1, expected an array of whole numbers from 0"),
    .init(
      "{\(entry("w", "[1]", "[0,4.0]"))}", data: 4,
      "tensor 'w' has data_offsets [0,4.0], expected [begin, end] with 0 ≤ begin ≤ end"),
    .init(
      "{\(entry("w", "[1]", "[0,4,8]"))}", data: 4,
      "tensor 'w' has data_offsets [0,4,8], expected [begin, end] with 0 ≤ begin ≤ end"),
    .init(
      "{\(entry("w", "[1]", "[4,0]"))}", data: 4,
      "tensor 'w' has data_offsets [4,0], expected [begin, end] with 0 ≤ begin ≤ end"),
    .init(
      "{\(entry("w", "[1]", "[-4,0]"))}", data: 4,
      "tensor 'w' has data_offsets [-4,0], expected [begin, end] with 0 ≤ begin ≤ end"),
    .init(
      "{\(entry("w", "[4294967296,4294967296]", "[0,4]"))}", data: 4,
      "tensor 'w' has shape [4294967296, 4294967296], more bytes than can be counted"),
    .init(
      #"{"w":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, data: 2,
      "tensor 'w' of F4 [3] does not end at a whole byte"),
    .init(
      "{\(entry("w", "[2,3]", "[0,20]"))}", data: 20,
      "tensor 'w' of F32 [2, 3] needs 24 bytes, its data_offsets span 20"),
  ]

  static let layouts: [Malformed] = [
    .init(
      "{\(entry("a", "[1]", "[4,8]"))}", data: 8,
      "tensor 'a' begins at byte 4 of the data, the one before it ends at 0; no hole is allowed"),
    .init(
      "{\(entry("b", "[1]", "[6,10]")),\(entry("a", "[1]", "[0,4]"))}", data: 10,
      "tensor 'b' begins at byte 6 of the data, the one before it ends at 4; no hole is allowed"),
    .init(
      "{\(entry("a", "[2]", "[0,8]")),\(entry("b", "[2]", "[4,12]"))}", data: 12,
      "tensor 'b' begins at byte 4 of the data, the one before it ends at 8; they overlap"),
    .init(
      "{\(entry("a", "[2]", "[0,8]"))}", data: 7,
      "tensors need 8 bytes, file has 7 after the header; download it again"),
    .init(
      "{\(entry("a", "[2]", "[0,8]"))}", data: 9,
      "tensors need 8 bytes, file has 9 after the header; the surplus belongs to no tensor"),
    .init(
      "{}", data: 1,
      "tensors need 0 bytes, file has 1 after the header; the surplus belongs to no tensor"),
    .init(
      "{\(entry("a", "[1]", "[0,4]")),\n\(entry("a", "[1]", "[0,4]"))}", data: 4,
      "header: line 2, column 1: key 'a' appears a second time, first on line 1; keep one of them"),
  ]

  @Test(arguments: headers + entries + layouts)
  func malformedHeaderIsNamed(_ malformed: Malformed) {
    expectDataError(
      Self.file(malformed.header, data: malformed.dataCount), "w.safetensors: " + malformed.message)
  }

  @Test func brokenLengthsAreNamed() {
    expectDataError(
      [1, 2, 3],
      "w.safetensors: file has 3 bytes, a safetensors file has at least 8; "
        + "download or save it again")
    expectDataError(
      [UInt8](repeating: 0xFF, count: 8),
      "w.safetensors: header promises 18446744073709551615 bytes, at most 100000000 are allowed; "
        + "this is no safetensors file")
    expectDataError(
      [3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8),
      "w.safetensors: header promises 3 bytes, file has 2 after the first 8; download it again")
  }

  @Test(arguments: ["{}", " {}", "{} \n ", #"{"__metadata__":null}"#])
  func whatTheReferenceReaderAcceptsIsRead(_ header: String) throws {
    #expect(try SafetensorsFile(parsing: Self.file(header), path: "a").tensors.isEmpty)
  }

  @Test func unknownFieldsOfATensorAreIgnored() throws {
    let header = #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"note":1}}"#
    let file = try SafetensorsFile(parsing: Self.file(header, data: 1), path: "a")
    #expect(file.tensors.map(\.bytes) == [[0]])
  }

  /// Every prefix of a good file, and every file with one changed byte, parses or throws.
  @Test func damagedFilesNeverTrap() {
    for count in SafetensorsFileTests.golden.indices {
      #expect {
        try SafetensorsFile(parsing: Array(SafetensorsFileTests.golden[..<count]), path: "a")
      } throws: {
        $0 is any UserError
      }
    }
    for index in SafetensorsFileTests.golden.indices {
      for byte: UInt8 in [0, 0x20, 0x22, 0x2D, 0x39, 0x7D, 0xFF] {
        var damaged = SafetensorsFileTests.golden
        damaged[index] = byte
        do { _ = try SafetensorsFile(parsing: damaged, path: "a") } catch {
          #expect(error is any UserError)
        }
      }
    }
  }

  private func expectDataError(_ bytes: [UInt8], _ message: String) {
    #expect {
      try SafetensorsFile(parsing: bytes, path: "w.safetensors")
    } throws: { error in
      let error = error as? any UserError
      #expect(error?.description == message)
      return error?.exitCode == .dataError
    }
  }
}
