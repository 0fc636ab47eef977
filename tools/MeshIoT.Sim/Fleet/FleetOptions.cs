using System;
using System.Net;

namespace MeshIoT.Sim;

/// <summary>What all nodes of a fleet share.</summary>
/// <param name="Zstd">Ask for packed map frames, as Tailscale's clients do.</param>
/// <param name="PerAddress">Nodes behind one source address, 1-20000: an address has about 28,000 ports.</param>
/// <param name="SensorKey">Auth key of the sensors.</param>
/// <param name="HubKey">Auth key of the hubs.</param>
internal sealed record FleetOptions(bool Zstd, int PerAddress, string SensorKey, string HubKey)
{
    /// <summary>Never two nodes more than <see cref="PerAddress"/> apart on one address: 127.1.0.1, 127.1.0.2, ...</summary>
    public IPAddress SourceOf(int index)
    {
        int n = (index / PerAddress) + 1;
        return new IPAddress([127, (byte)(1 + (n >> 16)), (byte)(n >> 8), (byte)n]);
    }

    /// <inheritdoc/>
    public override string ToString() => "fleet options [redacted]";
}
