namespace MeshIoT.WireGuard.Tests;

/// <summary>Labels that the test chooses: a TAI64N counter that goes where it is put.</summary>
sealed class FixedTimestamps : TimestampSource
{
    /// <summary>Next label, as its second.</summary>
    public ulong Second { get; set; } = 0x400000006553f10a;

    public uint Nano { get; set; } = 0x07000000;

    /// <summary>How much each label adds.</summary>
    public ulong Step { get; set; } = 1;

    public override void Next(byte[] output, int offset)
    {
        BigEndian.WriteUInt64(output, offset, Second);
        BigEndian.WriteUInt32(output, offset + 8, Nano);
        Second += Step;
    }
}
