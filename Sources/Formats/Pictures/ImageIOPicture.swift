#if canImport(ImageIO)
  import CoreGraphics
  import Foundation
  import ImageIO

  /// JPEG, WebP, HEIC and AVIF pictures as Apple's systems read them. Not tested: no such system was
  /// at hand.
  enum ImageIOPicture {
    /// Reads a picture as grey, upright as the file says it was seen.
    ///
    /// - Throws: ``PictureFormatError``.
    static func decode(
      _ file: [UInt8], format: String, path: String
    ) throws(PictureFormatError) -> GrayPicture {
      func damaged() -> PictureFormatError {
        PictureFormatError(
          path: path, format: format, problem: .damaged("the system cannot read it"))
      }
      guard let source = CGImageSourceCreateWithData(Data(file) as CFData, nil),
        let facts = CGImageSourceCopyPropertiesAtIndex(source, 0, nil) as? [CFString: Any],
        let width = facts[kCGImagePropertyPixelWidth] as? Int,
        let height = facts[kCGImagePropertyPixelHeight] as? Int
      else { throw damaged() }
      try GrayPicture.check(
        width: width, height: height, bytes: file.count, format: format, path: path)
      // A preview as large as the picture is the picture, turned.
      let options: [CFString: Any] = [
        kCGImageSourceCreateThumbnailFromImageAlways: true,
        kCGImageSourceCreateThumbnailWithTransform: true,
        kCGImageSourceThumbnailMaxPixelSize: max(width, height),
      ]
      guard let image = CGImageSourceCreateThumbnailAtIndex(source, 0, options as CFDictionary)
      else { throw damaged() }
      return try picture(image, else: damaged())
    }

    private static func picture(
      _ image: CGImage, else failure: PictureFormatError
    ) throws(PictureFormatError) -> GrayPicture {
      let (width, height) = (image.width, image.height)
      var samples = [UInt8](repeating: 255, count: 4 * width * height)
      // The context draws within so many rows of bytes, and is gone when they may move.
      let isDrawn = unsafe samples.withUnsafeMutableBytes { buffer in
        guard
          let context = unsafe CGContext(
            data: buffer.baseAddress, width: width, height: height, bitsPerComponent: 8,
            bytesPerRow: 4 * width, space: CGColorSpaceCreateDeviceRGB(),
            bitmapInfo: CGImageAlphaInfo.noneSkipLast.rawValue)
        else { return false }
        let frame = CGRect(x: 0, y: 0, width: width, height: height)
        // What is transparent becomes white paper.
        context.setFillColor(red: 1, green: 1, blue: 1, alpha: 1)
        context.fill(frame)
        context.draw(image, in: frame)
        return true
      }
      guard isDrawn else { throw failure }
      for place in stride(from: 3, to: samples.count, by: 4) { samples[place] = 255 }
      return GrayPicture(width: width, height: height, rgba: samples, rowSize: 4 * width)
    }
  }
#endif
