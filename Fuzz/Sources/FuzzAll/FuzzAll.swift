import CFuzz
import Foundation
import Fuzzing

/// The door that this process knocks on; set once, before the loop begins.
nonisolated(unsafe) private var door: FuzzTarget?

/// Feeds one door with bytes of libFuzzer's choosing until it traps.
///
///     FuzzAll --list                          the names of the doors
///     FuzzAll --seeds FOLDER                  writes each door's seeds to FOLDER/<name>
///     FUZZ_TARGET=rlp FuzzAll CORPUS … -max_total_time=60
@main struct FuzzAll {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "--list" {
            for target in FuzzTarget.all { print(target.name) }
        } else if words.first == "--seeds", let folder = words.dropFirst().first {
            for target in FuzzTarget.all { try writeSeeds(of: target, to: folder) }
        } else {
            let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
            guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
                FileHandle.standardError.write(Data("FUZZ_TARGET=\(name): no such door\n".utf8))
                exit(2)
            }
            door = target
            loop()
        }
    }

    private static func writeSeeds(of target: FuzzTarget, to folder: String) throws {
        let path = "\(folder)/\(target.name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (index, seed) in target.seeds().enumerated() {
            try Data(seed).write(to: URL(fileURLWithPath: "\(path)/seed-\(index)"))
        }
    }

    private static func loop() {
        var count = CommandLine.argc
        var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        withUnsafeMutableBytes(of: &words) { pointer in
            typealias Words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
            _ = LLVMFuzzerRunDriver(
                &count, pointer.assumingMemoryBound(to: Words.self).baseAddress
            ) { start, count in
                door?.run(Array(UnsafeBufferPointer(start: start, count: count)))
                return 0
            }
        }
    }
}
