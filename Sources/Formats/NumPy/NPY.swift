import Support

/// NumPy's file of one array, versions 1.0 to 3.0, as
/// `numpy.lib.format` describes it.
public enum NPY {
  /// An array that was read.
  public enum Contents: Equatable, Sendable {
    case numbers(NumberArray)
    /// Texts, as `dtype('<U3')` has them, with their shape.
    case texts([String], shape: [Int])
  }

  /// Whether `bytes` start like a `.npy` file.
  public static func isArray(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.prefix(6).elementsEqual(magic)
  }

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// Parses a file's bytes; `path` is its name in messages.
  ///
  /// - Throws: ``NPYError``, for Python objects too, which only Python can read.
  public static func decode(_ file: consuming [UInt8], path: String) throws -> Contents {
    let header = try NPYHeader(parsing: copy file, path: path)
    let found = file.count - header.size
    guard let promised = header.byteCount else {
      throw NPYError(path: path, .overflow(header.shape))
    }
    guard found == promised else {
      throw NPYError(path: path, .length(promised: promised, found: found))
    }
    file.removeFirst(header.size)
    switch header.element {
    case .number(let element, let isBigEndian):
      guard header.isFortranOrder else {
        return .numbers(
          NumberArray(element, header.shape, bytes: file, isBigEndian: isBigEndian))
      }
      return .numbers(
        NumberArray(
          element, firstIndexFastest: header.shape, bytes: file, isBigEndian: isBigEndian))
    case .text(let length, let isBigEndian):
      guard header.shape.count < 2 || !header.isFortranOrder else {
        throw NPYError(path: path, .type("U\(length)"))
      }
      return .texts(
        texts(file, length: length, isBigEndian: isBigEndian), shape: header.shape)
    }
  }

  /// The shape that the start of a file promises, without reading the numbers.
  ///
  /// - Throws: ``NPYError``.
  public static func shape(ofStart start: [UInt8], path: String) throws -> [Int] {
    try NPYHeader(parsing: start, path: path).shape
  }

  /// The bytes that hold any header, for ``shape(ofStart:path:)``.
  public static let largestHeader = NPYHeader.largestSize

  /// Each text is filled up with zeros.
  private static func texts(_ bytes: [UInt8], length: Int, isBigEndian: Bool) -> [String] {
    stride(from: 0, to: bytes.count, by: 4 * length).map { start in
      var scalars = String.UnicodeScalarView()
      for place in stride(from: start, to: start + 4 * length, by: 4) {
        let word = UInt32(bytes.uint32(place))
        let code = isBigEndian ? word.byteSwapped : word
        if code == 0 { break }
        scalars.append(Unicode.Scalar(code) ?? "\u{FFFD}")
      }
      return String(scalars)
    }
  }

  /// The file of an array, byte for byte as `numpy.save` writes it.
  public static func encode(_ array: NumberArray) -> [UInt8] {
    header(array) + array.bytes
  }

  private static func header(_ array: NumberArray) -> [UInt8] {
    let order = array.element.size == 1 ? "|" : array.isBigEndian ? ">" : "<"
    let shape = array.shape.map(String.init)
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.joined(separator: ", ")))"
    var text = "{'descr': '\(order)\(type(array.element))', 'fortran_order': False, 'shape': "
    text += "\(tuple), }"
    // NumPy leaves room for the first dimension to grow to 21 digits.
    if let first = shape.first { text += String(repeating: " ", count: 21 - first.count) }
    // The numbers begin at a multiple of 64 bytes, behind at least one space's room.
    let padding = 64 - (10 + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = UInt16(text.utf8.count)
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }

  private static func type(_ element: NumberArray.Element) -> String {
    switch element {
    case .bool: "b1"
    case .uint8, .uint16, .uint32, .uint64: "u\(element.size)"
    case .int8, .int16, .int32, .int64: "i\(element.size)"
    case .float16, .float32, .float64: "f\(element.size)"
    }
  }
}

extension NPYHeader {
  /// The bytes of all elements, or `nil` if they cannot be counted.
  var byteCount: Int? {
    guard let count = NumberArray.byteCount(.uint8, shape) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.size)
    return overflow ? nil : bytes
  }
}

/// NumPy's zip of arrays, each a member `NAME.npy`.
public enum NPZ {
  /// The file of arrays by name, as `numpy.savez` has it, or `numpy.savez_compressed` with a
  /// `level` from 1 to 9. The same arrays make the same bytes.
  public static func encode(_ arrays: [(name: String, array: NumberArray)], level: Int = 0)
    -> [UInt8]
  {
    var zip = ZipWriter()
    for (name, array) in arrays { zip.add("\(name).npy", NPY.encode(array), level: level) }
    return zip.finished()
  }
}

/// A `.npy` file that cannot be read.
public struct NPYError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    case notArray
    case version(Int, Int)
    case headerBreaksOff
    case longHeader(Int)
    case header(String)
    case structure
    case type(String)
    case overflow([Int])
    case length(promised: Int, found: Int)
  }

  public let path: String
  public let problem: Problem

  init(path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  public var exitCode: ExitCode { .dataError }

  public var description: String { "\(path): \(sentence)" }

  private var sentence: String {
    switch problem {
    case .notArray: "is not a NumPy array; write it with numpy.save"
    case .version(let major, let minor):
      "has version \(major).\(minor) of NumPy's format, 1.0, 2.0 and 3.0 are read; save it again"
    case .headerBreaksOff: "breaks off within the header of a NumPy array; copy it again"
    case .longHeader(let length):
      "its header says that it is \(length) bytes long, at most \(NPYHeader.largestSize) are read;"
        + " copy it again"
    case .header(let text):
      "its header is not that of a NumPy array ('\(text.utf8.excerpt)'); write it with numpy.save"
    case .structure:
      "holds structures, expected plain numbers; save each field as an array of its own"
    case .type(let type) where type.hasSuffix("O"):
      "holds Python objects (pickle), which only Python can read; save it as plain numbers with"
        + " array.astype('uint8')"
    case .type(let type):
      "holds elements of type '\(type.utf8.excerpt)', whole numbers and floats of 8 to 64 bits are read; convert"
        + " it with array.astype('float32')"
    case .overflow(let shape):
      "\(NumberArray.text(of: shape)) elements are more than a file can hold; copy it again"
    case .length(let promised, let found):
      "its header promises \(promised) bytes of numbers, the file has \(found); copy it again"
    }
  }
}
