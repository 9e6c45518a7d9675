import Encoding
import Fixtures
import Ledger
import Primitives

/// Real blocks executed again and again, their state in memory.
enum Replay {
    /// The median time of a block by one thread, and its gas: a line of JSON.
    static func measured(file: String, seconds: Double) throws -> String {
        let block = try MainnetBlock(JSON(decoding: Load.bytes(of: file)))
        var times: [Double] = []
        var gas: UInt64 = 0
        while times.count < 5 || times.reduce(0, +) < seconds {
            let start = Stages.clock
            gas = try block.execute().gasUsed
            times.append(Stages.clock - start)
        }
        return JSON.object([
            JSON.Member("nanoseconds", .integer(Int(times.sorted()[times.count / 2] * 1e9))),
            JSON.Member("gas", .integer(Int(gas))),
        ]).line
    }
}
