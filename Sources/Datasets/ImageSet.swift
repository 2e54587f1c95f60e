import Formats

/// Grey images with their classes, as bytes: background 0, ink up to 255, upright.
public struct ImageSet: Sendable, Equatable {
  /// The height of every image, in pixels.
  public let height: Int
  /// The width of every image, in pixels.
  public let width: Int
  /// The pixels of all images, `[N, H, W]`.
  public let pixels: [UInt8]
  /// The class index of each image, from 0, `[N]`.
  public let labels: [UInt16]

  /// Images of `height` × `width` pixels and a class index for each.
  public init(height: Int, width: Int, pixels: [UInt8], labels: [UInt16]) {
    precondition(
      height > 0 && width > 0 && pixels.count == labels.count * height * width,
      "ImageSet: \(pixels.count) pixels are not \(labels.count) images of \(height) × \(width)")
    precondition(labels.count <= Int(Int32.max), "ImageSet: more images than an Int32 can number")
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The number of pixels of one image.
  public var imageSize: Int { height * width }

  /// The number of images of each class.
  public func counts(classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  /// The images as an IDX file, upright: unsigned bytes `[N, H, W]`.
  public var imagesFile: IDXFile {
    IDXFile(elementType: .unsignedByte, dimensions: [count, height, width], payload: pixels)
  }

  /// The labels as an IDX file: class indices from 0, `[N]`, as unsigned bytes, or as 32-bit integers
  /// where one is above 255.
  public var labelsFile: IDXFile { IDXFile(labels: labels.map(Int.init)) }
}
