import Dispatch
import Fixtures
import Glibc
import Synchronization

/// The cases of many files, run by as many workers as there are processors.
///
/// A worker takes a case of an open file, or else opens the next file. So the few cases that take
/// a minute do not wait for each other, in whichever file they are.
final class FixtureQueue: Sendable {
    /// What a worker does next.
    private enum Turn {
        case open(Int)
        case run(file: Int, place: Int, FixtureCase)
        case wait
        case leave
    }

    private struct State {
        var next = 0
        /// How many files are being read.
        var opening = 0
        var ready: [(file: Int, place: Int, run: FixtureCase)] = []
        var results: [[[CaseResult]]]
        var errors: [(any Error)?]
    }

    private let files: [String]
    private let kind: FixtureKind
    private let filter: CaseFilter
    private let read: @Sendable (String) throws -> [UInt8]
    private let state: Mutex<State>

    init(
        _ files: [String], of kind: FixtureKind, _ filter: CaseFilter,
        reading read: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.files = files
        self.kind = kind
        self.filter = filter
        self.read = read
        state = Mutex(
            State(
                results: Array(repeating: [], count: files.count),
                errors: Array(repeating: nil, count: files.count)))
    }

    /// Runs all cases; the results are in the order of the files.
    func run() -> [FixtureRun.FileResult] {
        let workers = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        DispatchQueue.concurrentPerform(iterations: max(workers, 1)) { _ in work() }
        return state.withLock { state in
            files.indices.map { file in
                let results = state.results[file].flatMap { $0 }
                return FixtureRun.FileResult(
                    path: files[file],
                    results: state.errors[file].map(Result.failure) ?? .success(results))
            }
        }
    }

    private func work() {
        while true {
            switch turn() {
            case .open(let file): open(file)
            case .run(let file, let place, let run):
                let results = run()
                state.withLock { $0.results[file][place] = results }
            case .wait: usleep(100)
            case .leave: return
            }
        }
    }

    private func turn() -> Turn {
        state.withLock { state in
            if let (file, place, run) = state.ready.popLast() {
                return .run(file: file, place: place, run)
            }
            guard state.next < files.count else { return state.opening > 0 ? .wait : .leave }
            state.next += 1
            state.opening += 1
            return .open(state.next - 1)
        }
    }

    private func open(_ file: Int) {
        let cases = Result { try kind.cases(try read(files[file]), from: files[file], filter) }
        state.withLock { state in
            state.opening -= 1
            switch cases {
            case .failure(let error): state.errors[file] = error
            case .success(let cases):
                state.results[file] = Array(repeating: [], count: cases.count)
                state.ready += cases.enumerated().reversed().map { (file, $0, $1) }
            }
        }
    }
}
