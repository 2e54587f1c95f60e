import Formats
import Support

/// The images of a file without labels, as they are to be predicted: an array of any of the formats
/// that are read, or a table.
public struct LoosePictures: Sendable {
  public let height: Int
  public let width: Int
  /// `[N, H, W]`, upright.
  public let pixels: [UInt8]
  /// What was decided by what is in the file.
  public let decisions: [DataDecision]

  /// Reads the images of a file; a labelled table's labels are left aside.
  ///
  /// - Throws: ``DatasetError`` and what the formats' readers throw.
  public init(reading path: String, _ request: DataRequest = DataRequest()) throws {
    var images: ImageNumbers
    var decisions: [DataDecision] = []
    if Self.isTable(path) {
      let hints = PixelTable.Hints(
        labelColumn: request.labelColumn, size: request.imageSize, isUnlabelled: true)
      let table = try PixelTable(reading: path, hints)
      decisions = table.decisions
      images = try ImageNumbers(table.pixels, labelCount: nil, wanted: nil, path: path)
    } else {
      var reader = ArrayFile()
      guard case .numbers(let array) = try reader.read(path).contents else {
        throw DatasetError.notImages(path: path, found: "texts")
      }
      // A single picture without a dimension for their number.
      let single =
        array.shape.count == 2 && array.shape[0] > 1
        && (array.shape[0] == array.shape[1] || ImageSize(squareOf: array.shape[1]) == nil)
      images = try ImageNumbers(
        single && request.imageSize == nil ? array.reshaped([1] + array.shape) : array,
        labelCount: nil, wanted: request.imageSize, path: path)
      decisions = images.decisions
    }
    let scale = request.scale.flatMap { $0.holds(images.extent) ? $0 : nil } ?? images.scale
    if scale != .bytes { decisions.append(.scale(scale)) }
    var pixels = images.takePixels(scale)
    var (height, width) = (images.size.height, images.size.width)
    if request.transposed ?? Orientation.isTransposed(path) {
      transposeImages(&pixels, height: height, width: width)
      swap(&height, &width)
      decisions.append(.turned)
    }
    (self.height, self.width, self.pixels, self.decisions) = (height, width, pixels, decisions)
  }

  /// Whether a file is a table by its name.
  public static func isTable(_ path: String) -> Bool {
    DataFileName(Folder.lastComponent(path))?.content == .table
  }
}
