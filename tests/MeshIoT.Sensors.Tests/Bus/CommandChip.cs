using System;
using System.IO;

namespace MeshIoT.Sensors.Tests.Bus;

/// <summary>A chip that takes a command and answers it once, ready after some time: read too early, it does not acknowledge.</summary>
/// <param name="answer">The answer to a command and how long it takes, milliseconds; null where it is not acknowledged.</param>
internal sealed class CommandChip(Func<byte[], (byte[] Answer, int Milliseconds)?> answer) : FakeChip
{
    byte[]? ready;
    int left;

    public Action? Reset { get; set; }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        (byte[] Answer, int Milliseconds)? given = answer(bytes.ToArray());
        (ready, left) = given is { } g ? (g.Answer, g.Milliseconds) : throw new IOException("Error 121 performing I2C data transfer.");
    }

    public override void Read(Span<byte> into)
    {
        if (ready is null || left > 0)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }

        into.Fill(0xFF);
        ready.AsSpan(0, Math.Min(ready.Length, into.Length)).CopyTo(into);
        ready = null;
    }

    public override void Pass(int milliseconds) => left -= milliseconds;

    public override void PowerCycle()
    {
        ready = null;
        Reset?.Invoke();
    }
}
