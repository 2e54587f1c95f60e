import Support

/// A data set in memory, and whether it is what a person has or what ships.
public struct LoadedData: Sendable {
  public let dataset: Dataset
  /// Whether it is the synthetic set that ships, because nothing else was found or by its name.
  public let isShipped: Bool
  /// The line for standard error that says so, if nobody asked for it by name.
  public let notice: String?

  public init(dataset: Dataset, isShipped: Bool = false, notice: String? = nil) {
    self.dataset = dataset
    self.isShipped = isShipped
    self.notice = notice
  }
}

/// Loads the data that a person asks for: the one way from options to images.
///
/// Files, a directory or a name are looked for as ``DatasetLocator`` does, but the built-in sets'
/// names without a directory mean those. If nothing is asked for and nothing found, the shipped
/// set serves.
/// - Parameters:
///   - parts: what the caller cannot do without; if empty, all that is there is loaded.
///   - optionalParts: what it takes as well if it is there.
///   - progress: called while the pictures of folders are read.
///   - executable: the running program, beside whose ancestors the shipped set is looked for.
/// - Throws: what ``DatasetLocator/load(_:parts:)`` throws.
public func loadData(
  _ request: DataRequest, parts: DatasetParts, optionalParts: DatasetParts = [],
  environment: [String: String],
  executable: String? = runningExecutable, currentDirectory: String = ".",
  progress: ReadingProgress? = nil
) throws -> LoadedData {
  let every: DatasetParts = parts.isEmpty ? .all : parts.union(optionalParts)
  let shipped = ShippedData(executable: executable, currentDirectory: currentDirectory)
  switch request.soleName {
  case SyntheticData.standard.name:
    return LoadedData(dataset: SyntheticData.standard.dataset(every))
  case SyntheticData.shipped.name:
    return LoadedData(dataset: try shipped.load(every), isShipped: true)
  default: break
  }
  let locator = DatasetLocator(environment: environment, currentDirectory: currentDirectory)
  // Where `./data` and the shipped `Data` are the same directory, the locator finds what ships.
  if let found = try locator.locate(request, parts: parts),
    request.asksForSomething || found.name != SyntheticData.shipped.name
  {
    // A data set of which no part is complete cannot be loaded; asking for all says why.
    let wanted = parts.union(every.intersection(found.parts))
    return LoadedData(
      dataset: try found.load(parts: wanted.isEmpty ? .all : wanted, progress: progress))
  }
  return LoadedData(
    dataset: try shipped.load(every), isShipped: true, notice: ShippedData.notice)
}

extension DataRequest {
  /// Whether anything says which data set is meant, so that no other may take its place.
  fileprivate var asksForSomething: Bool { name != nil || saysWhere }

  /// The name, if nothing says where its files are.
  fileprivate var soleName: String? { saysWhere ? nil : name }

  private var saysWhere: Bool {
    [directory, trainImages, trainLabels, testImages, testLabels].contains { $0 != nil }
  }
}
