using System;
using System.Buffers.Binary;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <content>
/// The early payload: before HTTP/2 a server may say ff ff ff 'T' 'S', a length (32 bits, big-endian) and that much JSON. It is looked for at
/// the first read, not when the connection opens: a server that waits for the client's HTTP/2 preface says nothing before.
/// control-plane.md section 3.4.
/// </content>
public sealed partial class NoiseStream
{
    /// <summary>Longest early payload accepted; tailscale-rs takes 1024, so no server sends more.</summary>
    public const int MaxEarlyPayload = 64 * 1024;

    const int EarlyHeaderSize = 9;
    static ReadOnlySpan<byte> EarlyMagic => [0xff, 0xff, 0xff, (byte)'T', (byte)'S'];

    byte[] heldBack = [];
    int heldBackAt, heldBackEnd;
    bool earlyPending;

    /// <summary>What the server said before HTTP/2, once something was read; null if nothing, or nothing readable.</summary>
    public EarlyNoise? Early { get; private set; }

    /// <summary>The bytes of an early payload, to be written before anything else; at most 1000 bytes of JSON, so that every client takes it.</summary>
    public static byte[] FormatEarlyPayload(EarlyNoise early)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(early, TailcfgJson.Default.EarlyNoise);
        byte[] bytes = new byte[EarlyHeaderSize + json.Length];
        EarlyMagic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(EarlyMagic.Length), json.Length);
        json.CopyTo(bytes, EarlyHeaderSize);
        return bytes;
    }

    async ValueTask TakeEarlyPayloadAsync(CancellationToken cancellationToken)
    {
        if (heldBack.Length == 0)
        {
            heldBack = new byte[EarlyHeaderSize];
        }

        while (heldBackEnd < EarlyHeaderSize)
        {
            int count = await ReadPlainAsync(heldBack.AsMemory(heldBackEnd), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            heldBackEnd += count;
        }

        if (heldBackEnd == EarlyHeaderSize && heldBack.AsSpan().StartsWith(EarlyMagic))
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(heldBack.AsSpan(EarlyMagic.Length));
            if (length > MaxEarlyPayload)
            {
                throw Broken(NoiseFault.EarlyPayloadTooLong);
            }

            earlyBody ??= new byte[length];
            while (earlyRead < earlyBody.Length)
            {
                int count = await ReadPlainAsync(earlyBody.AsMemory(earlyRead), cancellationToken).ConfigureAwait(false);
                earlyRead += count > 0 ? count : throw Broken(NoiseFault.CutOff);
            }

            Early = ReadEarly(earlyBody);
            heldBackEnd = 0;
        }

        earlyPending = false;
    }

    // Both survive a cancelled read.
    byte[]? earlyBody;
    int earlyRead;

    static EarlyNoise? ReadEarly(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TailcfgJson.Default.EarlyNoise);
        }
        catch (JsonException)
        {
            return null; // nobody depends on it
        }
    }

    int TakeHeldBack(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, heldBackEnd - heldBackAt);
        heldBack.AsSpan(heldBackAt, count).CopyTo(buffer);
        heldBackAt += count;
        return count;
    }
}
