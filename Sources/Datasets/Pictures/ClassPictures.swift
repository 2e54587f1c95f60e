import Formats
import Support
import Synchronization
import Tensor

/// Called while pictures are read, with how many of how many are.
public typealias ReadingProgress = @Sendable (_ read: Int, _ count: Int) -> Void

/// The pictures of a part that has a folder a class, brought to one size.
struct ClassPictures {
  /// `[N, H, W]`.
  private(set) var pixels: [UInt8]
  /// The folder of each picture, by its number.
  private(set) var classes: [Int] = []
  /// The bytes of the files.
  private(set) var byteCount = 0
  private(set) var decisions: [DataDecision] = []

  /// The size if none is asked for, MNIST's.
  static let defaultSize = ImageSize(height: 28, width: 28)

  /// Reads all pictures, on as many threads as there are processors: who reads which changes
  /// nothing. Files that neither are pictures nor are called like some are left aside.
  ///
  /// - Throws: ``DatasetError``, ``FileError``, ``ZipError`` and what the pictures' formats throw:
  ///   of several the error of the first file.
  init(_ folders: ClassFolders, size: ImageSize, progress: ReadingProgress?) throws {
    let tree = try FolderTree(folders.place)
    let files = folders.files(tree)
    let count = files.count
    guard count > 0 else { throw DatasetError.noPictures(path: folders.path) }
    try Self.checkMemory(count, size, folders.path)
    let threads = min(Device.processorCount, (count + 63) / 64)
    let outcome = Mutex(Outcome())
    let done = Atomic<Int>(0)
    var results = [FileResult?](repeating: nil, count: count)
    pixels = [UInt8](repeating: 0, count: count * size.count)
    unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      unsafe results.withUnsafeMutableBufferPointer { results in
        // Each file has pixels and a result of its own.
        nonisolated(unsafe) let (pixels, results) = unsafe (pixels, results)
        concurrently(threads) { thread in
          for index in stride(from: thread, to: count, by: threads) {
            guard outcome.withLock({ $0.failure.map { index < $0.index } ?? true }) else { return }
            do {
              let (result, picture) = try Self.read(files[index].file, tree, size)
              unsafe results[index] = result
              for (place, pixel) in (picture?.pixels ?? []).enumerated() {
                unsafe pixels[index * size.count + place] = pixel
              }
            } catch {
              outcome.withLock { $0.note(error, index) }
            }
            let read = done.add(1, ordering: .relaxed).newValue
            if thread == 0, index / threads % 32 == 0 { progress?(read, count) }
          }
        }
      }
    }
    progress?(count, count)
    if let failure = outcome.withLock({ $0.failure }) { throw failure.error }
    try take(results.map { $0 ?? .leftAside }, files, size, folders)
  }

  private struct Outcome {
    var failure: (index: Int, error: any Error)?

    mutating func note(_ error: any Error, _ index: Int) {
      if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
    }
  }

  private enum FileResult: Equatable {
    case leftAside
    case picture(ImageSize, bytes: Int)
  }

  /// The longest file that is looked into, in bytes.
  private static let largestFile = 1 << 29

  private static func read(
    _ file: String, _ tree: FolderTree, _ size: ImageSize
  ) throws -> (FileResult, GrayPicture?) {
    let isCalled = PictureName.isPicture(file)
    if !isCalled, tree.isFolder(file) || tree.size(of: file) > largestFile {
      return (.leftAside, nil)
    }
    let bytes = try tree.bytes(of: file)
    guard isCalled || PictureFormat.of(bytes) != nil else { return (.leftAside, nil) }
    let picture = try PictureFormat.decode(bytes, path: tree.location(of: file))
    let own = ImageSize(height: picture.height, width: picture.width)
    return (
      .picture(own, bytes: bytes.count),
      picture.fitted(height: size.height, width: size.width)
    )
  }

  /// Keeps what became of pictures, and says what was found.
  private mutating func take(
    _ results: [FileResult], _ files: [(file: String, class: Int)], _ size: ImageSize,
    _ folders: ClassFolders
  ) throws {
    var sizes: [ImageSize] = []
    classes.reserveCapacity(results.count)
    for (index, result) in results.enumerated() {
      guard case .picture(let own, let bytes) = result else { continue }
      let to = classes.count * size.count
      if classes.count < index {
        for place in 0..<size.count { pixels[to + place] = pixels[index * size.count + place] }
      }
      classes.append(files[index].class)
      byteCount += bytes
      if own != size { sizes.append(own) }
    }
    guard !classes.isEmpty else { throw DatasetError.noPictures(path: folders.path) }
    pixels.removeLast(pixels.count - classes.count * size.count)
    decisions.append(.folders(pictures: classes.count, classes: Set(classes).count))
    if let least = sizes.min(by: { $0.order < $1.order }),
      let most = sizes.max(by: { $0.order < $1.order })
    {
      decisions.append(.fitted(count: sizes.count, smallest: least, largest: most, into: size))
    }
    let aside = results.count - classes.count
    if aside > 0 { decisions.append(.leftAside(files: aside)) }
  }

  /// - Throws: ``DatasetError/imagesTooLarge(path:size:most:)`` or
  ///   ``DatasetError/tooMuchMemory(path:count:size:)``.
  private static func checkMemory(_ count: Int, _ size: ImageSize, _ path: String) throws {
    let most = ImageNumbers.largestSide
    guard size.height <= most, size.width <= most else {
      throw DatasetError.imagesTooLarge(path: path, size: size, most: most)
    }
    let room = AvailableMemory.now?.bytes ?? .max
    guard count * size.count <= room else {
      throw DatasetError.tooMuchMemory(path: path, count: count, size: size)
    }
  }
}

extension ImageSize {
  /// By area, then by height.
  fileprivate var order: (Int, Int) { (count, height) }
}
