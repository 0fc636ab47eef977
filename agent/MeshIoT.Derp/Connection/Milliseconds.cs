using System;

namespace MeshIoT.Derp;

/// <summary>A provider's steady clock in milliseconds, cheap enough to be read for every packet.</summary>
internal sealed class Milliseconds(TimeProvider time)
{
    readonly long perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);

    /// <summary>Since some moment in the past; goes forward only.</summary>
    public long Now => time.GetTimestamp() / perMillisecond;
}
