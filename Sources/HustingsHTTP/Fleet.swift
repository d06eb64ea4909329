/// How a request to one server ended, as far as pacing is concerned.
enum Verdict: Sendable {
  /// It was answered; the server is fine.
  case answered
  /// It was told that there is too much to do.
  case overloaded
  /// The server or the way to it is broken.
  case failed
  /// Nobody waited for the answer.
  case abandoned
}

/// One request's place at one server.
struct Berth: Sendable, Equatable {
  /// The server, by its place in the list.
  let server: Int
  /// The number of the request on this fleet, in order of sending.
  let request: Int
}

/// Several servers of one model: what each is doing, and which is next. A value; time comes from outside.
struct Fleet: Sendable {
  private struct Server: Sendable {
    var limit: AdaptiveLimit
    var health: ServerHealth
    var inFlight = 0
    /// The number of the newest request sent there.
    var newest = 0
    var pausedUntil = Duration.zero
  }

  /// What can be done for the next request.
  enum Choice: Equatable {
    case take(Berth)
    /// Not before this moment, unless a request ends earlier.
    case wait(until: Duration)
    /// When some request ends.
    case full
  }

  private var servers: [Server]
  private let ceiling: Int
  private var budget: BudgetWindow
  private var latest = 0

  init(servers count: Int, concurrency: ConcurrencyPolicy, health: HealthPolicy, budget: RateBudget) {
    precondition(count > 0, "a fleet of \(count) servers")
    servers = Array(
      repeating: Server(limit: AdaptiveLimit(concurrency), health: ServerHealth(health)), count: count)
    ceiling = concurrency.ceiling
    self.budget = BudgetWindow(budget)
  }

  /// Requests allowed at once on a server, for reports.
  func allowed(_ server: Int) -> Int { servers[server].limit.allowed }

  /// Takes a place for a request of `tokens` tokens on the least loaded server; `avoiding` is a server it has just
  /// failed on, taken only when there is no other.
  mutating func choose(tokens: Int, avoiding: Int?, now: Duration) -> Choice {
    let opening = budget.opening(tokens: tokens, now: now)
    guard opening <= now else { return .wait(until: opening) }
    guard inFlight < ceiling else { return .full }
    guard let server = best(now, avoiding: avoiding) else { return nextMoment(now) }
    latest += 1
    budget.spend(request: latest, tokens: tokens, now: now)
    servers[server].inFlight += 1
    servers[server].newest = latest
    servers[server].health.began()
    return .take(Berth(server: server, request: latest))
  }

  /// Gives a place back. `wait` is how long the server wants to be left alone, `tokens` what was really used.
  mutating func leave(_ berth: Berth, _ verdict: Verdict, wait: Duration?, tokens: Int?, now: Duration) {
    let index = berth.server
    if let tokens { budget.correct(request: berth.request, tokens: tokens) }
    if let wait { servers[index].pausedUntil = max(servers[index].pausedUntil, now + wait) }
    switch verdict {
    case .answered:
      servers[index].health.answered()
      servers[index].limit.succeeded(inFlight: servers[index].inFlight)
    case .overloaded:
      servers[index].health.answered()
      servers[index].limit.overloaded(request: berth.request, latest: latest)
    case .failed:
      servers[index].health.failed(now)
      servers[index].limit.overloaded(request: berth.request, latest: latest)
    case .abandoned: servers[index].health.abandoned(now)
    }
    servers[index].inFlight -= 1
  }

  private var inFlight: Int { servers.reduce(0) { $0 + $1.inFlight } }

  private func hasRoom(_ index: Int) -> Bool { servers[index].inFlight < servers[index].limit.allowed }

  /// The least loaded of the servers a request may go to now. When all are out there is nothing left to protect: then it is the
  /// one that is due back first, so that requests fail now and not after hours of waiting their turn.
  private func best(_ now: Duration, avoiding: Int?) -> Int? {
    func rank(_ index: Int) -> (Int, Int, Int, Int) {
      (index == avoiding ? 1 : 0, servers[index].inFlight, servers[index].newest, index)
    }
    let lastResort = lastResort(now)
    var best: Int?
    for index in servers.indices where isCandidate(index, lastResort, now) {
      guard servers[index].pausedUntil <= now, hasRoom(index) else { continue }
      if let known = best, rank(known) < rank(index) { continue }
      best = index
    }
    return best
  }

  /// What is left when all servers are out: the one that is due back first, or all where none is due.
  private enum LastResort {
    case notNeeded
    case one(Int)
    case all
  }

  private func lastResort(_ now: Duration) -> LastResort {
    if servers.contains(where: { $0.health.isOpen(now) }) { return .notNeeded }
    let due = servers.indices.filter { servers[$0].health.dueBack != nil }
    let first = due.min { (servers[$0].health.dueBack ?? .zero) < (servers[$1].health.dueBack ?? .zero) }
    return first.map { .one($0) } ?? .all
  }

  private func isCandidate(_ index: Int, _ lastResort: LastResort, _ now: Duration) -> Bool {
    switch lastResort {
    case .notNeeded: servers[index].health.isOpen(now)
    case .one(let due): index == due
    case .all: true
    }
  }

  private func nextMoment(_ now: Duration) -> Choice {
    let lastResort = lastResort(now)
    var soonest: Duration?
    func note(_ moment: Duration) {
      if moment > now { soonest = min(soonest ?? moment, moment) }
    }
    for index in servers.indices {
      if isCandidate(index, lastResort, now) { note(servers[index].pausedUntil) }
      if let due = servers[index].health.dueBack { note(due) }
    }
    return soonest.map { .wait(until: $0) } ?? .full
  }
}
