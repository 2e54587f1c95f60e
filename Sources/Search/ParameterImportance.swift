/// How much each parameter decided whether a trial was among the best tenth.
///
/// PED-ANOVA: for each parameter the Pearson divergence between the density of the best trials and
/// that of all, over a grid of at most 50 values. Watanabe, Bansal and Hutter, "PED-ANOVA:
/// efficiently quantifying hyperparameter importance in arbitrary subspaces", 2023. A parameter
/// that only some trials use is weighted by how often the best and all trials use it.
public enum ParameterImportance {
  /// The share of the trials that count as the best.
  static let targetShare = 0.1

  /// The importance of each parameter of a space, in its order; together 1, or all equal if there
  /// is nothing to tell them apart. Constants have none and get 0.
  ///
  /// - Parameter trials: finished trials and their losses.
  public static func of(_ trials: [(point: SearchPoint, loss: Double)], in space: SearchSpace)
    -> [Double]
  {
    let usable = trials.filter(\.loss.isFinite)
    let searched = space.parameters.map { !$0.distribution.isConstant }
    let best = best(of: usable)
    let raw = space.parameters.indices.map { index in
      searched[index] && usable.count > 1
        ? importance(of: index, best, usable.map(\.point), space) : 0
    }
    let sum = raw.reduce(0, +)
    let searchedCount = Double(searched.count { $0 })
    return sum > 0 ? raw.map { $0 / sum } : searched.map { $0 ? 1 / searchedCount : 0 }
  }

  /// The best tenth, and whoever is as good as its last.
  private static func best(of trials: [(point: SearchPoint, loss: Double)]) -> [SearchPoint] {
    let losses = trials.map(\.loss).sorted()
    guard !losses.isEmpty else { return [] }
    let cutoff = losses[Int((targetShare * Double(losses.count)).rounded(.up)) - 1]
    return trials.filter { $0.loss <= cutoff }.map(\.point)
  }

  /// Up to a factor that is the same for all parameters.
  private static func importance(
    of index: Int, _ best: [SearchPoint], _ all: [SearchPoint], _ space: SearchSpace
  ) -> Double {
    let parameter = space.parameters[index]
    let axis = ImportanceAxis(parameter.distribution)
    let bestCells = best.compactMap { $0.values[index].flatMap(axis.cell) }
    let allCells = all.compactMap { $0.values[index].flatMap(axis.cell) }
    guard !bestCells.isEmpty, allCells.count > 1 else { return 0 }
    let target = axis.density(of: bestCells).map { $0 + 1e-12 }
    let region = axis.density(of: allCells).map { $0 + 1e-12 }
    let divergence = zip(target, region).map { $1 * ($0 / $1 - 1) * ($0 / $1 - 1) }.reduce(0, +)
    let targetUse = Double(bestCells.count) / Double(best.count)
    let regionUse = Double(allCells.count) / Double(all.count)
    return targetUse * targetUse / regionUse * divergence
  }
}
