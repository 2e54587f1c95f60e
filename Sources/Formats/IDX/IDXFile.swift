import Support

/// An IDX file: an array of any element type and up to eight dimensions.
///
/// LeCun, Cortes and Burges, "The MNIST database of handwritten digits", describe the format.
public struct IDXFile: Equatable, Sendable {
  public let elementType: IDXElementType
  /// The sizes of the dimensions; the last index varies fastest.
  public let dimensions: [Int]
  /// The elements as they stand in the file: big-endian.
  public let payload: [UInt8]

  /// An array of `dimensions`, none of them 0 or above 2^32 - 1, with big-endian elements.
  public init(elementType: IDXElementType, dimensions: [Int], payload: [UInt8]) {
    precondition(
      (1...IDXHeader.mostDimensions).contains(dimensions.count)
        && dimensions.allSatisfy { $0 > 0 && $0 <= UInt32.max }
        && payload.count == dimensions.reduce(elementType.size, *),
      "IDXFile: \(payload.count) bytes do not fill \(dimensions) of \(elementType.name)")
    self.elementType = elementType
    self.dimensions = dimensions
    self.payload = payload
  }

  /// Reads a file, gzip or plain, as its first bytes say, from the disk or out of an archive.
  ///
  /// - Throws: ``FileError``, ``ZipError``, ``GzipError`` or ``IDXError``.
  public init(reading path: String) throws {
    try self.init(parsing: SourceFile(path).bytes(), path: path)
  }

  /// Parses a file's bytes, gzip or plain.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``GzipError`` or ``IDXError``.
  public init(parsing bytes: consuming [UInt8], path: String) throws {
    if Gzip.isCompressed(bytes) {
      try self.init(inflating: bytes, path: path)
      return
    }
    let header = try IDXHeader(parsing: copy bytes, path: path)
    try header.check(fileSize: bytes.count, isCompressed: false, path: path)
    bytes.removeFirst(header.size)
    self.init(header, payload: bytes)
  }

  /// The whole file, uncompressed.
  public func encoded() -> [UInt8] { IDXHeader.encoded(elementType, dimensions) + payload }

  private init(_ header: IDXHeader, payload: [UInt8]) {
    self.init(
      elementType: header.elementType, dimensions: header.dimensions, payload: payload)
  }

  /// Decompresses the elements straight into the array that keeps them.
  private init(inflating bytes: [UInt8], path: String) throws {
    let stream = try GunzipStream(bytes, path: path)
    let start = try stream.array(upTo: IDXHeader.largestSize)
    let header = try IDXHeader(parsing: start, path: path)
    guard header.fileSize <= Self.largestInflation(of: bytes.count) else {
      let actual = start.count + (try stream.drain())
      throw header.lengthError(fileSize: actual, isCompressed: true, path: path)
    }
    let surplus = max(0, start.count - header.fileSize)
    let head = start.dropFirst(header.size).prefix(header.payloadSize)
    let size = header.payloadSize
    // What is counted was written: the head, and as much as the stream gave of the rest.
    let payload = try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe buffer.update(fromContentsOf: head)
      let rest = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
      count += try unsafe stream.read(into: rest)
    }
    let actual = header.size + payload.count + surplus + (try stream.drain())
    try header.check(fileSize: actual, isCompressed: true, path: path)
    self.init(header, payload: payload)
  }

  /// No deflate stream expands more than 1032 times; a header that promises more is wrong, and its
  /// size is not worth allocating.
  private static func largestInflation(of count: Int) -> Int { 1032 * count }
}

extension IDXHeader {
  /// - Throws: ``IDXError`` unless the whole file has the promised size.
  func check(fileSize actual: Int, isCompressed: Bool, path: String) throws {
    guard actual == fileSize else {
      throw lengthError(fileSize: actual, isCompressed: isCompressed, path: path)
    }
  }

  /// Why a file of `actual` bytes does not fit the header.
  func lengthError(fileSize actual: Int, isCompressed: Bool, path: String) -> IDXError {
    if fitsWhenSwapped(fileSize: actual) { return .littleEndian(path: path) }
    return .length(path: path, promised: fileSize, actual: actual, isCompressed: isCompressed)
  }

  /// Reads only the start of a file, gzip or plain, on the disk or in an archive.
  ///
  /// - Throws: ``FileError``, ``ZipError``, ``GzipError`` or ``IDXError``.
  public init(readingStartOf path: String) throws {
    // 64 KiB hold any gzip header and a first block that yields an IDX header.
    let bytes = try SourceFile(path).start(1 << 16)
    guard Gzip.isCompressed(bytes) else {
      try self.init(parsing: bytes, path: path)
      return
    }
    let stream = try GunzipStream(bytes, path: path)
    try self.init(parsing: stream.array(upTo: Self.largestSize), path: path)
  }
}

extension IDXFile {
  /// The elements as numbers of their type.
  public var numbers: NumberArray {
    NumberArray(elementType.element, dimensions, bytes: payload, isBigEndian: true)
  }

  /// The number of elements.
  public var count: Int { payload.count / elementType.size }

  /// Every element as a `Double`, whatever its type.
  public func doubles() -> [Double] { numbers.doubles() }

  /// Every element as an `Int32`, or `nil` if the elements are not whole numbers by their type.
  public func int32s() -> [Int32]? {
    elementType.isInteger ? numbers.integers()?.map(Int32.init) : nil
  }
}

extension IDXElementType {
  fileprivate var element: NumberArray.Element {
    switch self {
    case .unsignedByte: .uint8
    case .signedByte: .int8
    case .int16: .int16
    case .int32: .int32
    case .float32: .float32
    case .float64: .float64
    }
  }
}
