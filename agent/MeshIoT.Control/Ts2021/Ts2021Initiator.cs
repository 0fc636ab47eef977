using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MeshIoT.Crypto;

namespace MeshIoT.Control;

/// <summary>The client's half of the ts2021 handshake, as pure functions of bytes. control-plane.md section 3.1.</summary>
public sealed class Ts2021Initiator : IDisposable
{
    readonly NoiseHandshake handshake;

    /// <summary>Makes the first message.</summary>
    /// <param name="suite">Primitives.</param>
    /// <param name="machineKey">Who we are.</param>
    /// <param name="serverKey">Whom we talk to.</param>
    /// <param name="ephemeralPrivate">32 fresh random bytes.</param>
    /// <param name="version">Capability version, 1-65535.</param>
    public Ts2021Initiator(CryptoSuite suite, MachinePrivateKey machineKey, MachinePublicKey serverKey, ReadOnlySpan<byte> ephemeralPrivate, int version)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)version, ushort.MaxValue, nameof(version));
        handshake = NoiseHandshake.Initiator(suite, Ts2021.Prologue(version), machineKey.Bytes, ephemeralPrivate, serverKey.ToArray());
        Span<byte> header = Initiation;
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)version);
        header[2] = Ts2021.InitiationType;
        BinaryPrimitives.WriteUInt16BigEndian(header[3..], NoiseHandshake.InitiationSize);
        HasGoodServerKey = handshake.WriteInitiation([], header[Ts2021.InitiationHeaderSize..]);
    }

    /// <summary>The first message, for <see cref="Ts2021.HandshakeHeader"/>.</summary>
    public byte[] Initiation { get; } = new byte[Ts2021.InitiationSize];

    /// <summary>False if the server's key is no usable point; there is nothing to send then.</summary>
    public bool HasGoodServerKey { get; }

    /// <summary>What the server said in clear when it refused: printable, at most 200 characters, not to be trusted.</summary>
    public string RefusalHint { get; private set; } = "";

    /// <summary>
    /// Reads the answer from the start of <paramref name="received"/>. Null: more bytes are needed. Otherwise a fault, or
    /// <see cref="NoiseFault.None"/> with the record layer and the number of bytes that belonged to the answer.
    /// </summary>
    public NoiseFault? TryFinish(ReadOnlySpan<byte> received, out NoiseRecords? records, out int consumed)
    {
        records = null;
        consumed = 0;
        if (received.Length < Ts2021.FrameHeaderSize)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(received[1..]);
        ReadOnlySpan<byte> body = received[Ts2021.FrameHeaderSize..];
        switch (received[0])
        {
            case Ts2021.ErrorType when length <= NoiseRecords.MaxRecordSize - Ts2021.FrameHeaderSize:
                if (body.Length < length)
                {
                    return null;
                }

                RefusalHint = Printable.Clean(Encoding.UTF8.GetString(body[..length]));
                return NoiseFault.Refused;
            case Ts2021.ResponseType when length == NoiseHandshake.ResponseSize:
                if (body.Length < length)
                {
                    return null;
                }

                if (!handshake.ReadResponse(body[..length], out _))
                {
                    return NoiseFault.NotGenuine;
                }

                records = handshake.Split();
                consumed = Ts2021.FrameHeaderSize + length;
                return NoiseFault.None;
            default:
                return NoiseFault.Malformed;
        }
    }

    /// <summary>Wipes every secret.</summary>
    public void Dispose() => handshake.Dispose();

    /// <summary>With a fresh ephemeral key.</summary>
    public static Ts2021Initiator Create(CryptoSuite suite, RandomSource random, MachinePrivateKey machineKey, MachinePublicKey serverKey, int version)
    {
        byte[] ephemeral = new byte[32];
        random.Fill(ephemeral, 0, ephemeral.Length);
        try
        {
            return new Ts2021Initiator(suite, machineKey, serverKey, ephemeral, version);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
        }
    }
}
