using System;
using System.Collections.Generic;
using MeshIoT.Bench;
using MeshIoT.Crypto;

// MeshIoT.Bench handshakes [--json FILE] | aead [--json FILE] | aead-check | relay-client … | routes … | stack … | node …
if (args.Length > 0 && args[0] == "aead")
{
    return AeadBench.Run(args.AsSpan(1));
}

if (args.Length > 0 && args[0] == "history")
{
    return HistoryBench.Run(args.AsSpan(1));
}

if (args.Length > 0 && args[0] == "relay-client")
{
    return RelayClientBench.Run(args.AsSpan(1));
}

if (args.Length > 0 && args[0] == "routes")
{
    return RoutesBench.Run(args.AsSpan(1));
}

if (args.Length > 0 && args[0] == "stack")
{
    return StackBench.Run(args.AsSpan(1));
}

if (args.Length > 0 && args[0] == "node")
{
    return NodeBench.Run(args.AsSpan(1));
}

if (args is ["aead-check"])
{
    return AeadCheck.Run();
}

if (args.Length > 0 && args[0] == "broker")
{
    return BrokerBench.Run(args.AsSpan(1));
}

if (args.Length == 0 || args[0] != "handshakes" || (args.Length != 1 && (args.Length != 3 || args[1] != "--json")))
{
    Console.Error.WriteLine(
        "usage: MeshIoT.Bench handshakes [--json FILE] | aead [--json FILE] | aead-check | "
        + HistoryBench.Usage + " | " + BrokerBench.Usage + " | " + RelayClientBench.Usage
        + " | " + RoutesBench.Usage + " | " + StackBench.Usage + " | " + NodeBench.Usage);
    return 2;
}

List<Measurement> results = [];
foreach ((string name, CryptoSuite suite) in new (string, CryptoSuite)[] { ("SodiumSuite", new SodiumSuite()), ("PortableSuite", new PortableSuite()) })
{
    Console.Error.WriteLine($"measuring {name} ...");
    results.Add(HandshakeBench.BothRoles(name, suite));
    results.Add(HandshakeBench.ResponderOnly(name, suite));
    foreach (int size in new[] { 64, 1280 })
    {
        results.AddRange(TransportBench.SealAndOpen(name, suite, size));
    }
}

Report.Print(results, Console.Out);
if (args.Length == 3)
{
    Report.WriteJson(results, args[2]);
}

return 0;
