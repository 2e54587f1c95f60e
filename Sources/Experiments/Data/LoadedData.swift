import Datasets
import Support

/// A data set in memory, and whether it is what a person has or what ships.
public struct LoadedData: Sendable {
  public let dataset: Dataset
  /// Whether it is the synthetic set that ships, because nothing else was found or by its name.
  public let isShipped: Bool
  /// The line for standard error that says so, if nobody asked for it by name.
  public let notice: String?
}

/// Loads the data that a configuration asks for: the one way from options to images.
///
/// Files, a directory or a name are looked for as ``DatasetLocator`` does. `synthetic` is drawn
/// unless a directory is named. If nothing is asked for and nothing found, the shipped set serves.
/// - Parameters:
///   - parts: what the caller cannot do without.
///   - optionalParts: what it takes as well if it is there.
///   - executable: the running program, beside whose ancestors the shipped set is looked for.
/// - Throws: what ``DatasetLocator/load(_:parts:)`` throws.
public func loadData(
  _ configuration: TrainingConfiguration, parts: DatasetParts, optionalParts: DatasetParts = [],
  environment: [String: String],
  executable: String? = runningExecutable, currentDirectory: String = "."
) throws -> LoadedData {
  let request = configuration.dataRequest
  if request == DataRequest(name: SyntheticData.standard.name) {
    let dataset = SyntheticData.standard.dataset(parts.union(optionalParts))
    return LoadedData(dataset: dataset, isShipped: false, notice: nil)
  }
  let shipped = ShippedData(executable: executable, currentDirectory: currentDirectory)
  if request == DataRequest(name: SyntheticData.shipped.name) {
    return LoadedData(
      dataset: try shipped.load(parts.union(optionalParts)), isShipped: true, notice: nil)
  }
  let locator = DatasetLocator(environment: environment, currentDirectory: currentDirectory)
  // Where `./data` and the shipped `Data` are the same directory, the locator finds what ships.
  if let found = try locator.locate(request, parts: parts),
    request.asksForSomething || found.name != SyntheticData.shipped.name
  {
    let loaded = parts.union(optionalParts.intersection(found.parts))
    let dataset = try found.load(parts: loaded, transposed: request.transposed)
    return LoadedData(dataset: dataset, isShipped: false, notice: nil)
  }
  return LoadedData(
    dataset: try shipped.load(parts.union(optionalParts)), isShipped: true,
    notice: ShippedData.notice)
}

extension TrainingConfiguration {
  /// What the data options ask for.
  public var dataRequest: DataRequest {
    DataRequest(
      name: dataset, directory: data, trainImages: trainImages, trainLabels: trainLabels,
      testImages: testImages, testLabels: testLabels, mapping: mapping, transposed: transpose)
  }
}

extension DataRequest {
  /// Whether anything says which data set is meant, so that no other may take its place.
  fileprivate var asksForSomething: Bool {
    [name, directory, trainImages, trainLabels, testImages, testLabels].contains { $0 != nil }
  }
}
