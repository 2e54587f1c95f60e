/// What a JPEG file's markers say before its pixels begin.
///
/// ITU-T T.81, annex B; Adobe's and EXIF's markers as libjpeg and CIPA DC-008 have them.
struct JPEGHeader {
  private(set) var width = 0
  private(set) var height = 0
  /// 1 grey, 3 in colours, 4 in inks.
  private(set) var componentCount = 0
  /// Whether inks are kept as what they leave white, as Adobe's programs do.
  private(set) var isAdobe = false
  /// EXIF's number, from 1 to 8.
  private(set) var orientation = 1

  /// - Throws: ``PictureFormatError``.
  init(_ file: [UInt8], path: String) throws(PictureFormatError) {
    func failure(_ problem: PictureFormatError.Problem) -> PictureFormatError {
      PictureFormatError(path: path, format: "JPEG", problem: problem)
    }
    var place = 2
    while true {
      // Any number of bytes FF may stand before a marker.
      while place < file.count - 1, file[place] == 0xFF, file[place + 1] == 0xFF { place += 1 }
      guard place <= file.count - 4 else {
        throw failure(.damaged("it ends before its pixels begin"))
      }
      guard file[place] == 0xFF else {
        throw failure(.damaged("byte \(place) is no marker"))
      }
      let marker = file[place + 1]
      let size = Int(bigEndian: file[place + 2..<place + 4])
      guard size >= 2, place + 2 + size <= file.count else {
        throw failure(.cutShort(what: "segment", promised: size, found: file.count - place - 2))
      }
      let content = file[place + 4..<place + 2 + size]
      switch marker {
      // The tables of codes have the same numbers as frames.
      case 0xC4, 0xC8, 0xCC: break
      case 0xC0...0xCF: try takeFrame(content, of: file, path)
      case 0xE1 where content.starts(with: Array("Exif\0\0".utf8)):
        orientation = PictureOrientation.number(inEXIF: content)
      case 0xEE where content.starts(with: Array("Adobe".utf8)): isAdobe = true
      case 0xDA, 0xD9:
        guard marker == 0xDA, componentCount > 0 else {
          throw failure(.damaged("it has no frame before its pixels"))
        }
        return
      default: break
      }
      place += 2 + size
    }
  }

  private mutating func takeFrame(
    _ content: ArraySlice<UInt8>, of file: [UInt8], _ path: String
  ) throws(PictureFormatError) {
    func failure(_ problem: PictureFormatError.Problem) -> PictureFormatError {
      PictureFormatError(path: path, format: "JPEG", problem: problem)
    }
    let bytes = Array(content)
    guard componentCount == 0 else { throw failure(.damaged("it has two frames")) }
    guard bytes.count >= 6 else { throw failure(.damaged("its frame is cut short")) }
    guard bytes[0] == 8 else { throw failure(.unread("of \(bytes[0]) bits a sample")) }
    height = Int(bigEndian: bytes[1..<3])
    width = Int(bigEndian: bytes[3..<5])
    componentCount = Int(bytes[5])
    guard [1, 3, 4].contains(componentCount) else {
      throw failure(.field(name: "number of colors", value: componentCount, expected: "1, 3 or 4"))
    }
    try GrayPicture.check(
      width: width, height: height, bytes: file.count, format: "JPEG", path: path)
  }
}
