using System;
using MeshIoT.Health;

namespace MeshIoT.Linux.Gpio;

/// <summary>A line that is ours. Any thread for values; one thread reads edges.</summary>
public sealed unsafe class GpioLine : IDisposable
{
    readonly Descriptor descriptor;
    readonly GpioChipDescription chip;

    internal GpioLine(Descriptor descriptor, GpioChipDescription chip, int offset) => (this.descriptor, this.chip, Offset) = (descriptor, chip, offset);

    /// <summary>Its number on the chip.</summary>
    public int Offset { get; }

    /// <summary>For a <see cref="Poller"/>: ready when an edge waits; owned by this object.</summary>
    public int FileDescriptor => descriptor.Number;

    /// <summary>High or low now. Throws gpio-unusable.</summary>
    public bool Read()
    {
        ulong* values = stackalloc ulong[2] { 0, 1 };
        Do(GpioAbi.GetValues, values);
        return (values[0] & 1) != 0;
    }

    /// <summary>Drives the line. Throws gpio-unusable.</summary>
    public void Write(bool value)
    {
        ulong* values = stackalloc ulong[2] { value ? 1UL : 0, 1 };
        Do(GpioAbi.SetValues, values);
    }

    /// <summary>Makes it an input of this kind without letting go of it. Throws gpio-unusable.</summary>
    public void BecomeInput(GpioBias bias, bool rising, bool falling)
    {
        byte* config = stackalloc byte[GpioAbi.ConfigSize];
        GpioMessages.Input(new Span<byte>(config, GpioAbi.ConfigSize), bias, rising, falling);
        Do(GpioAbi.SetConfig, config);
    }

    /// <summary>Makes it an output without letting go of it. Throws gpio-unusable.</summary>
    public void BecomeOutput(bool value)
    {
        byte* config = stackalloc byte[GpioAbi.ConfigSize];
        GpioMessages.Output(new Span<byte>(config, GpioAbi.ConfigSize), value);
        Do(GpioAbi.SetConfig, config);
    }

    /// <summary>Reads edges that wait, the oldest first, as many as fit; waits when there is none: ask a <see cref="Poller"/> before.</summary>
    /// <returns>How many there were; 0: the line is gone or what came was no edge.</returns>
    public int ReadEdges(Span<GpioEdge> edges)
    {
        const int Most = 16;
        byte* bytes = stackalloc byte[Most * GpioAbi.EventSize];
        nint length = Libc.Read(descriptor, bytes, (nuint)(Math.Min(edges.Length, Most) * GpioAbi.EventSize));
        int count = 0;
        for (nint at = 0; at + GpioAbi.EventSize <= length; at += GpioAbi.EventSize)
        {
            if (GpioMessages.TryEvent(new ReadOnlySpan<byte>(bytes + at, GpioAbi.EventSize), out GpioEdge edge))
            {
                edges[count++] = edge;
            }
        }

        return count;
    }

    /// <summary>Lets go of the line. What it then does is up to the chip; most keep driving as before.</summary>
    public void Dispose() => descriptor.Dispose();

    void Do(nuint request, void* argument)
    {
        if (Libc.Ioctl(descriptor, request, argument) < 0)
        {
            throw Faults.GpioUnusable.With($"{chip.Path} line {Offset}", Errno.Text(Errno.Last)).ToException();
        }
    }
}
