using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>How one relay runs.</summary>
public sealed record RelayOptions
{
    /// <summary>Where clients come in by TLS; port 0 takes a free one. IPv6Any takes IPv4 too.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where STUN is answered, by UDP; null: nowhere.</summary>
    public IPEndPoint? Stun { get; init; }

    /// <summary>Plain HTTP, for the captive portal check on port 80 or behind a proxy that ends TLS; null: none.</summary>
    public IPEndPoint? PlainListen { get; init; }

    /// <summary>Where figures are shown, an address of this machine's own; null: nowhere.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>Where a port is taken by somebody else, take a free one instead of failing: whoever reads <see cref="RelayServer.Listening"/> tells clients anyway.</summary>
    public bool AnyPortIfTaken { get; init; }

    /// <summary>Who this relay is.</summary>
    public required NodePrivateKey Key { get; init; }

    /// <summary>With its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>What lies between the certificate and a root, in DER.</summary>
    public IReadOnlyList<byte[]> Chain { get; init; } = [];

    /// <summary>Who may use it.</summary>
    public required IAdmission Admission { get; init; }

    /// <summary>What the region's relays share; null: this one is alone.</summary>
    public MeshKey? MeshKey { get; init; }

    /// <summary>The region's other relays.</summary>
    public IReadOnlyList<MeshPeer> MeshPeers { get; init; } = [];

    /// <summary>Names told to clients whose DNS does not work; null: none.</summary>
    public BootstrapDns? Bootstrap { get; init; }

    /// <summary>Threads that carry connections; 0: one for each core, four at the most.</summary>
    public int Loops { get; init; }

    /// <summary>What it takes, and how long it waits.</summary>
    public RelayLimits Limits { get; init; } = new();
}
