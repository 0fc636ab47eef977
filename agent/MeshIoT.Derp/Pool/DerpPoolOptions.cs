using System;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>What a <see cref="DerpPool"/> works with.</summary>
public sealed record DerpPoolOptions
{
    /// <summary>The node's key: relays know it by its public half, and it proves the private one. Stays the caller's and outlives the pool.</summary>
    public required NodePrivateKey Key { get; init; }

    /// <summary>Who gets what comes.</summary>
    public required DerpReceiver Receiver { get; init; }

    /// <summary>Key exchange.</summary>
    public CryptoSuite Suite { get; init; } = new SodiumSuite();

    /// <summary>Nonces, and the jitter of waits.</summary>
    public RandomSource Random { get; init; } = new SystemRandomSource();

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How to reach relays from here when not directly: HTTPS_PROXY's meaning.</summary>
    public RelayProxy? Proxy { get; init; }

    /// <summary>Authorities whose certificates count beside the system's: those of a proxy that inspects TLS, or of one's own relays.</summary>
    public X509Certificate2Collection? ExtraAuthorities { get; init; }

    /// <summary>
    /// The earliest moment that now can be, for a machine without a clock of its own: a certificate's dates are held against the later of
    /// the two. Never before this program was written.
    /// </summary>
    public DateTimeOffset NotBefore { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Called with every socket before it connects: a node marks them there, so that no route of its own tunnel takes them.</summary>
    public Action<Socket>? PrepareSocket { get; init; }

    /// <summary>No TLS at all, for tests against a relay on the same machine.</summary>
    public bool PlainHttpForTests { get; init; }

    /// <summary>Instead of TCP and TLS: what tests talk through.</summary>
    internal Func<RelayNode, Stream>? OpenStream { get; init; }
}
