import Testing

@testable import Search

@Suite struct SweepPruningTests {
  /// The example of W&B's documentation: 27 reports, two bands.
  @Test func bandsAreThoseOfTheDialect() {
    #expect(HyperbandStopping(.below(27, count: 2)).bands(upTo: 99) == [3, 9])
    #expect(HyperbandStopping(.below(27, count: 5)).bands(upTo: 99) == [1, 3, 9])
    #expect(HyperbandStopping(.below(27, count: 2)).bands(upTo: 8) == [3])
    #expect(HyperbandStopping(.below(10, count: 2), eta: 4).bands(upTo: 99) == [2])
    #expect(HyperbandStopping(.from(2)).bands(upTo: 60) == [2, 6, 18, 54])
    #expect(HyperbandStopping(.from(2), eta: 1.5).bands(upTo: 7) == [2, 3, 4, 6])
  }

  /// Four trials reach report 3 with the losses 5, 4, 3, 2. int(4 / 3) = 1, so the threshold is the
  /// second best, 3: the trial with 3 goes on, the one with 4 stops.
  @Test(arguments: [(2.0, false), (3.0, false), (4.0, true), (5.0, true)])
  func hyperbandComparesWithPositionNOverEta(loss: Double, stops: Bool) {
    let rule = EarlyTermination.hyperband(HyperbandStopping(.from(3)))
    let peers = [2.0, 3, 4, 5].filter { $0 != loss }.map { peer([9, 9, $0]) }
    #expect(rule.stops([9, 9, loss], peers: peers) == stops)
    // Between two bands the last one counts, whatever came after it.
    #expect(rule.stops([9, 9, loss, 0], peers: peers) == stops)
    #expect(!rule.stops([9, loss], peers: peers))
  }

  @Test func hyperbandCountsOnlyTrialsThatGotThatFar() {
    let rule = EarlyTermination.hyperband(HyperbandStopping(.from(2)))
    #expect(!rule.stops([9, 8], peers: [peer([1]), peer([2])]))
    #expect(rule.stops([9, 8], peers: [peer([1]), peer([2, 7])]))
    #expect(!rule.stops([9, 8], peers: []))
  }

  /// At band 2 the other trial has 4, its best so far is 1; the judged one has 2 and 5.
  @Test func withoutStrictTheBestSoFarCounts() {
    let strict = HyperbandStopping(.from(2), isStrict: true)
    let loose = HyperbandStopping(.from(2), isStrict: false)
    #expect(strict.stops([2, 5], peers: [[1, 4]]))
    #expect(!strict.stops([5, 3], peers: [[1, 4]]))
    #expect(loose.stops([5, 3], peers: [[1, 4]]))
    #expect(!loose.stops([0.5, 3], peers: [[1, 4]]))
  }

  @Test func rungsArePowersOfEta() {
    #expect(SuccessiveHalving().rungs(upTo: 70) == [1, 4, 16, 64])
    #expect(SuccessiveHalving(first: 2, eta: 3, skipped: 1).rungs(upTo: 60) == [6, 18, 54])
  }

  /// Li et al.: of nine configurations with eta 3 three go on from the first rung. Here the ninth
  /// trial comes to a rung where eight were: int(9 / 3) = 3 survive.
  @Test(arguments: [(0.5, false), (2.5, false), (3.5, true), (9.5, true)])
  func theBestOfARungGoOn(loss: Double, stops: Bool) {
    let rule = EarlyTermination.successiveHalving(SuccessiveHalving(eta: 3))
    let peers = (1...8).map { peer([Double($0)]) }
    #expect(rule.stops([loss], peers: peers) == stops)
    #expect(!rule.stops([loss, loss], peers: peers))
  }

  /// Trials come one after the other to rung 1 with the losses 5, 6, 4, 7, 3, 8. With eta 2 those
  /// survive that are at least at place max(1, n / 2) of the n so far: 5 (1 of 1), not 6 (needs 1 of
  /// 2), 4 (1 of 3), not 7 (needs 2 of 4), 3 (1 of 5), not 8 (needs 3 of 6).
  @Test func nobodyWaitsForARungToFill() {
    let rule = EarlyTermination.successiveHalving(SuccessiveHalving(eta: 2))
    var peers: [PeerTrial] = []
    var stopped: [Bool] = []
    for loss in [5.0, 6, 4, 7, 3, 8] {
      stopped.append(rule.stops([loss], peers: peers))
      peers.append(peer([loss]))
    }
    #expect(stopped == [false, true, false, true, false, true])
  }

  /// Five finished trials had 1 to 5 in epoch 2: the median is 3. The sixth was stopped and does
  /// not count.
  @Test func medianStoppingComparesTheBestSoFar() {
    let rule = EarlyTermination.median(MedianStopping())
    let peers = (1...5).map { peer([9, Double($0)]) } + [peer([0, 0], isFinished: false)]
    #expect(rule.stops([8, 3.5], peers: peers))
    #expect(!rule.stops([8, 3], peers: peers))
    #expect(!rule.stops([2, 8], peers: peers))
    #expect(!rule.stops([8, 3.5], peers: Array(peers.dropFirst())))
    #expect(!rule.stops([8, 3.5, 9], peers: peers))
    let late = EarlyTermination.median(MedianStopping(firstEpoch: 3))
    #expect(!late.stops([8, 3.5], peers: peers))
  }

  private func peer(_ reports: [Double], isFinished: Bool = true) -> PeerTrial {
    PeerTrial(reports: reports, isFinished: isFinished)
  }
}
