using System;
using System.Net.Sockets;
using MeshIoT.Crypto;

namespace MeshIoT.Control;

/// <summary>Which coordinator, as whom, and by which means.</summary>
/// <param name="LoginServer">http or https URL, as the person wrote it.</param>
/// <param name="MachineKey">This machine; owned by the caller.</param>
/// <param name="PinnedServerKey">The coordinator's key if it is known; null: fetch it from <c>/key</c>.</param>
/// <param name="AcceptServerKey">Judges a fetched key before anything is sent; null: accept any.</param>
/// <param name="Suite">Primitives.</param>
/// <param name="Random">Ephemeral keys and jitter.</param>
/// <param name="CapabilityVersion">What this client promises to understand. control-plane.md section 2.</param>
public sealed record ControlOptions(
    Uri LoginServer,
    MachinePrivateKey MachineKey,
    MachinePublicKey? PinnedServerKey,
    Predicate<MachinePublicKey>? AcceptServerKey,
    CryptoSuite Suite,
    RandomSource Random,
    int CapabilityVersion = 130)
{
    /// <summary>Called with every socket before it connects: a node marks them there, so that no route of its own tunnel takes them.</summary>
    public Action<Socket>? PrepareSocket { get; init; }

    /// <summary>Every wait and deadline.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks for compressed map frames. What comes is understood either way.</summary>
    public bool WantsCompression { get; init; } = true;

    /// <summary>Longest map frame taken; a longer one ends the stream.</summary>
    public int MaxFrameBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>From the first packet to the end of the Noise handshake.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a frame for this long the map stream is given up. control-plane.md section 8.</summary>
    public TimeSpan MapSilence { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>An answer to anything but the map stream and a followup; none of them takes a coordinator long.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
