// Drives real nodes over JSON-RPC: signed transfers at a rate, and how long each takes to be final.
//
//     load keys --count=N                       addresses of the accounts that send, one a line
//     load run --rpc=HOST:PORT,… --rate=N --seconds=N [--accounts=N] [--new]   one line of JSON
//     load stages --dir=DIR [--accounts=N]      what a transfer costs a validator, stage by stage
//     load roots --dir=DIR [--entries=N]        the root after 10,000 changes of a large state
//     load limits --dir=DIR                     what this machine can do at most, a line of JSON

@preconcurrency import Glibc

setlinebuf(stdout)
exit(Load.run(Array(CommandLine.arguments.dropFirst())))
