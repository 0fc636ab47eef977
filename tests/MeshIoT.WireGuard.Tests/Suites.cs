using MeshIoT.Crypto;

namespace MeshIoT.WireGuard.Tests;

/// <summary>The two suites every promise must hold with.</summary>
static class Suites
{
    public static CryptoSuite Named(string name) => name == "portable" ? new PortableSuite() : new SodiumSuite();
}
