import Apps
import Foundation
import Machine
import Testing

/// The pages that a node serves are the files of the tree, and nothing else is served.
@Suite struct PagesTests {
    private static let folder = "Sources/CAssets/pages/console"

    private func answer(
        _ target: String, method: String = "GET", tag: String? = nil
    )
        -> HTTPResponse?
    {
        let headers = tag.map { [HTTPRequest.Header("if-none-match", $0)] } ?? []
        return Pages.response(
            to: HTTPRequest(method: method, target: target, headers: headers, body: []))
    }

    @Test("every file of the console is in the program as it is in the tree")
    func whole() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
        #expect(names.contains("index.html"))
        for name in names {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(name)"))
            #expect(answer("/\(name)")?.body == Array(bytes), "\(name)")
        }
    }

    @Test("the shop's contracts and its sample are in the program")
    func shop() throws {
        for name in ["Dollar", "Orders", "Disperse"] {
            let path = URL(fileURLWithPath: "contracts/build/\(name).json")
            #expect(try answer("/contracts/\(name).json")?.body == Array(Data(contentsOf: path)))
        }
        let sample = try #require(Asset.named("CDNOW_sample.txt"))
        #expect(sample.bytes.count { $0 == 10 } == 6_919)
        #expect(answer("/CDNOW_sample.txt") == nil)
        #expect(answer("CDNOW_sample.txt") == nil)
    }

    @Test("the console is at the root, with its type and a strict policy")
    func root() throws {
        let page = try #require(answer("/?anything#else"))
        #expect(page.status == 200)
        let headers = Dictionary(uniqueKeysWithValues: page.headers.map { ($0.name, $0.value) })
        #expect(headers["content-type"] == "text/html; charset=utf-8")
        #expect(headers["content-security-policy"]?.hasPrefix("default-src 'none'; ") == true)
        #expect(headers["content-security-policy"]?.contains("unsafe") == false)
        #expect(headers["x-content-type-options"] == "nosniff")
    }

    @Test("a browser that has the page is not sent it again")
    func cached() throws {
        let page = try #require(answer("/style.css"))
        let tag = try #require(page.headers.first { $0.name == "etag" }?.value)
        let again = try #require(answer("/style.css", tag: tag))
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        #expect(answer("/style.css", tag: "\"0\"")?.status == 200)
    }

    @Test("other methods and other paths are refused")
    func refused() {
        #expect(answer("/", method: "HEAD")?.body == [])
        #expect(answer("/", method: "DELETE")?.status == 405)
        for target in ["", "/none", "/../Package.swift", "//", "/%2e%2e/index.html", "index.html"] {
            #expect(answer(target) == nil, "\(target)")
        }
    }

    @Test("no page asks anyone else for anything, and none reads text as markup")
    func clean() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder) {
            let text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
            for word in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("] {
                #expect(!text.contains(word), "\(name): \(word)")
            }
            for match in text.matches(of: /https?:\/\/[^\s"'`)]+/) {
                #expect(match.output.hasPrefix("http://www.w3.org/"), "\(name): \(match.output)")
            }
        }
    }
}
