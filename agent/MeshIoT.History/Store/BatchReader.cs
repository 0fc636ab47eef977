using System;

namespace MeshIoT.History;

/// <summary>Goes through the sensors of a stored batch. A damaged batch has none.</summary>
internal ref struct BatchReader
{
    readonly long baseMs;
    ByteReader reader;
    ReadOnlySpan<byte> points;

    /// <param name="data">What <see cref="Batch.Encode"/> gave.</param>
    /// <param name="baseMs">The time that its times are relative to.</param>
    /// <param name="isChecked">Its checksum was found right before.</param>
    public BatchReader(ReadOnlySpan<byte> data, long baseMs, bool isChecked = false)
    {
        ReadOnlySpan<byte> content = isChecked ? data[..^4] : default;
        IsDamaged = !isChecked && !ByteBuffer.TryCheck(data, out content);
        reader = new ByteReader(IsDamaged ? default : content);
        this.baseMs = baseMs;
    }

    /// <summary>True when the bytes are not what was written.</summary>
    public bool IsDamaged { get; }

    /// <summary>The sensor's number.</summary>
    public long Number { get; private set; }

    /// <summary>Time of its first point.</summary>
    public long Start { get; private set; }

    /// <summary>How many points.</summary>
    public long Count { get; private set; }

    /// <summary>Its points.</summary>
    public readonly PointReader Points => new(points, Start);

    /// <summary>Goes to the next sensor.</summary>
    public bool Next()
    {
        if (reader.IsAtEnd)
        {
            return false;
        }

        Number = (long)reader.Unsigned();
        Start = unchecked(baseMs + reader.Signed());
        Count = (long)reader.Unsigned();
        points = reader.Bytes(reader.Unsigned());
        return !reader.IsBroken;
    }
}
