using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MeshIoT.Crypto;

namespace MeshIoT.Control;

/// <summary>
/// The server's half of ts2021: judges an upgrade request by its two headers. Any thread, any number at once. A request it refuses is to
/// be answered 400 with <see cref="Ts2021Acceptance.Reason"/>: the whole initiation is in the request, so the refusal can be plain HTTP, which
/// proxies and people can read. control-plane.md sections 3.1 and 3.2.
/// </summary>
/// <param name="suite">Primitives.</param>
/// <param name="random">Ephemeral keys come from here; called from any thread.</param>
/// <param name="serverKey">The coordinator's Noise key, not disposed here.</param>
public sealed class Ts2021Acceptor(CryptoSuite suite, RandomSource random, MachinePrivateKey serverKey)
{
    const int HandshakeHeaderLength = 136;

    /// <summary>Judges the values of the Upgrade and the X-Tailscale-Handshake header. Never throws on what they contain.</summary>
    public Ts2021Acceptance Accept(string? upgrade, string? handshakeHeader)
    {
        if (!string.Equals(upgrade, Ts2021.UpgradeProtocol, StringComparison.OrdinalIgnoreCase))
        {
            return new(NoiseFault.NotAnUpgrade);
        }

        if (string.IsNullOrEmpty(handshakeHeader))
        {
            return new(NoiseFault.NoHandshake);
        }

        if (handshakeHeader.Length != HandshakeHeaderLength)
        {
            return new(NoiseFault.Malformed);
        }

        Span<byte> initiation = stackalloc byte[HandshakeHeaderLength];
        return Convert.TryFromBase64String(handshakeHeader, initiation, out int length)
            ? Accept(initiation[..length])
            : new(NoiseFault.NoHandshake);
    }

    /// <summary>Judges the 101 bytes of a first message.</summary>
    public Ts2021Acceptance Accept(ReadOnlySpan<byte> initiation)
    {
        byte[] ephemeral = new byte[32];
        random.Fill(ephemeral, 0, ephemeral.Length);
        Ts2021Acceptance acceptance = AcceptWith(initiation, ephemeral);
        CryptographicOperations.ZeroMemory(ephemeral);
        return acceptance;
    }

    internal Ts2021Acceptance AcceptWith(ReadOnlySpan<byte> initiation, ReadOnlySpan<byte> ephemeralPrivate)
    {
        if (initiation.Length != Ts2021.InitiationSize
            || initiation[2] != Ts2021.InitiationType
            || BinaryPrimitives.ReadUInt16BigEndian(initiation[3..]) != NoiseHandshake.InitiationSize)
        {
            return new(NoiseFault.Malformed);
        }

        int version = BinaryPrimitives.ReadUInt16BigEndian(initiation);
        using NoiseHandshake handshake = NoiseHandshake.Responder(suite, Ts2021.Prologue(version), serverKey.Bytes, ephemeralPrivate);
        byte[] response = new byte[Ts2021.ResponseSize];
        response[0] = Ts2021.ResponseType;
        BinaryPrimitives.WriteUInt16BigEndian(response.AsSpan(1), NoiseHandshake.ResponseSize);
        if (!handshake.ReadInitiation(initiation[Ts2021.InitiationHeaderSize..], out _)
            || !handshake.WriteResponse([], response.AsSpan(Ts2021.FrameHeaderSize)))
        {
            return new(NoiseFault.NotGenuine);
        }

        return new(MachinePublicKey.FromBytes(handshake.RemoteStatic), version, response, handshake.Split());
    }
}
