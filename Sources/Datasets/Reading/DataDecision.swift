import Support

/// What was decided about data by what is in them, for a person to check.
public enum DataDecision: Sendable, Hashable, CustomStringConvertible {
  /// Which of several sets was taken.
  case chosen(name: String, of: [String])
  /// The column of a table's labels, its position from 1.
  case labelColumn(name: String?, position: Int, count: Int, isEvidence: Bool)
  /// A column of a table that is neither label nor pixel.
  case skippedColumn(name: String?, position: Int)
  /// Pictures that are no squares, or that a row of numbers was cut into.
  case size(ImageSize)
  case flat(count: Int, ImageSize)
  /// Colours, which become grey.
  case gray
  /// The last dimension numbers the images, as MATLAB has it.
  case imagesLast
  case oneHot(columns: Int)
  case qmnist
  /// Labels that are texts.
  case textLabels(classes: Int)
  /// Classes that are numbered from another number than 0.
  case firstLabel(Int)
  case scale(PixelScale)
  case turned
  /// Classes that a mapping file or a known table names do not fit the labels.
  case tableUnfit(path: String)
  case testSplit(count: Int)
  /// A folder of pictures for each class.
  case folders(pictures: Int, classes: Int)
  /// Pictures of other sizes, brought to one.
  case fitted(count: Int, smallest: ImageSize, largest: ImageSize, into: ImageSize)
  /// Dark ink on light paper.
  case inverted
  /// Files that are no pictures.
  case leftAside(files: Int)

  public var description: String {
    switch self {
    case .chosen(let name, let names):
      "'\(name)' of the \(names.count) data sets there (\(names.joined(separator: ", ")))"
    case .labelColumn(let name, let position, let count, let isEvidence):
      "labels: column \(Self.column(name, position, count))\(isEvidence ? ", by its numbers" : "")"
    case .skippedColumn(let name, let position):
      "column \(Self.column(name, position, nil)) left out"
    case .size(let size): "images of \(size)"
    case .flat(let count, let size): "\(count) numbers a row as images of \(size)"
    case .gray: "RGB to grey"
    case .imagesLast: "the last dimension numbers the images"
    case .oneHot(let columns): "one-hot labels of \(columns) columns"
    case .qmnist: "labels: the first of QMNIST's 8 columns"
    case .textLabels(let classes): "labels are \(classes) texts"
    case .firstLabel(let first): "classes numbered from \(first)"
    case .scale(let scale): scale.description
    case .turned: "turned upright (EMNIST stores its images on their side)"
    case .tableUnfit(let path): "\(path) does not fit the labels and is left aside"
    case .testSplit(let count): "\(counted(count, "image")) split off for the test"
    case .folders(let pictures, let classes):
      "\(pictures) pictures in \(classes) folders, whose names are the classes"
    case .fitted(let count, let smallest, let largest, let size):
      "\(count) pictures of \(smallest)\(smallest == largest ? "" : " to \(largest)") fitted into"
        + " \(size)"
    case .inverted: "dark ink on light paper, inverted"
    case .leftAside(let files):
      files == 1
        ? "one file that is not a picture left aside"
        : "\(grouped(files)) files that are not pictures left aside"
    }
  }

  /// `'class', the last of 785`, or `3 of 785`.
  private static func column(_ name: String?, _ position: Int, _ count: Int?) -> String {
    let place =
      switch position {
      case 1: "the first"
      case count: "the last"
      default: "number \(position)"
      }
    let whole = count.map { "\(place) of \($0)" } ?? place
    guard let name, !name.isEmpty else { return whole }
    return "'\(name)', \(whole)"
  }
}
