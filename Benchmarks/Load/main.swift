// Drives real nodes over JSON-RPC: signed transfers at a rate, and how long each takes to be final.
//
//     load keys --count=N                       addresses of the accounts that send, one a line
//     load run --rpc=HOST:PORT,… --rate=N --seconds=N [--accounts=N] [--new|--among=N]   a line of JSON
//     load stages --dir=DIR [--accounts=N]      what a transfer costs a validator, stage by stage
//     load recovery --cores=N                   senders recovered a second, and by the library alone
//     load roots --dir=DIR [--entries=N]        the root after 10,000 changes of a large state
//     load grow --genesis=FILE --dir=DATA --from=N --accounts=N     more accounts in a node's database
//     load state --genesis=FILE --dir=DATA --accounts=N             its reads and writes a second
//     load database --dir=DATA --accounts=N                         the same by the database alone
//     load calls --genesis=FILE --dir=DATA --body=FILE [--seconds=N]   a call's answers a second
//     load replay --file=FILE                   a real block's time
//     load limits --dir=DIR                     what this machine can do at most, a line of JSON

@preconcurrency import Glibc

setlinebuf(stdout)
exit(Load.run(Array(CommandLine.arguments.dropFirst())))
