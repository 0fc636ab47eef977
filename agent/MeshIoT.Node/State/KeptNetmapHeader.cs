using System;
using System.Buffers.Binary;

namespace MeshIoT.Node.State;

/// <summary>
/// The first 64 bytes of a kept netmap: what it is, when it was written, and a digest by which a damaged file is known.
/// <code>
///   0   8  "meshmap1"
///   8   8  when it was written, Unix seconds, little-endian
///  16   8  how far the coordinator's clock was ahead, milliseconds, little-endian
///  24   8  zero
///  32  32  BLAKE2s-256 of bytes 0 to 31 and the BLAKE2s-256 of all behind byte 63
/// </code>
/// </summary>
internal readonly record struct KeptNetmapHeader(DateTimeOffset WrittenAt, TimeSpan ClockOffset)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 64;

    /// <summary>Bytes of the header that the digest covers; it stands behind them.</summary>
    public const int Covered = 32;

    /// <summary>Bytes of the digest.</summary>
    public const int DigestSize = 32;

    const int TimeAt = 8, OffsetAt = 16;

    // A year either way is no clock that is merely wrong.
    const long MostOffsetMs = 366L * 86_400_000;

    static ReadOnlySpan<byte> Magic => "meshmap1"u8;

    /// <summary>Writes the part that the digest covers.</summary>
    public void Write(Span<byte> bytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[TimeAt..], WrittenAt.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64LittleEndian(bytes[OffsetAt..], (long)ClockOffset.TotalMilliseconds);
        bytes[24..Covered].Clear();
    }

    /// <summary>Reads it; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out KeptNetmapHeader header)
    {
        header = default;
        if (bytes.Length < Covered || !bytes.StartsWith(Magic))
        {
            return false;
        }

        long time = BinaryPrimitives.ReadInt64LittleEndian(bytes[TimeAt..]), offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[OffsetAt..]);
        if (time is < 0 or > 253_402_300_799 || offset is < -MostOffsetMs or > MostOffsetMs)
        {
            return false;
        }

        header = new KeptNetmapHeader(DateTimeOffset.FromUnixTimeSeconds(time), TimeSpan.FromMilliseconds(offset));
        return true;
    }
}
