using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Linux.Gpio;

/// <summary>
/// A GPIO chip through its character device: no library between, the same on every board whose kernel is 5.10 or newer.
/// Linux Documentation/userspace-api/gpio/chardev.rst.
/// </summary>
public sealed unsafe class GpioChip : IDisposable
{
    readonly Descriptor descriptor;

    GpioChip(Descriptor descriptor, GpioChipDescription info) => (this.descriptor, Info) = (descriptor, info);

    /// <summary>What it is.</summary>
    public GpioChipDescription Info { get; }

    /// <summary>All chips that this user may open, by number; of two names for one chip the first.</summary>
    /// <param name="directory">Where their devices are.</param>
    /// <param name="refused">The first one that could not be opened, and why; null when all could.</param>
    public static IReadOnlyList<GpioChipDescription> Discover(string directory, out FaultReport? refused)
    {
        refused = null;
        List<GpioChipDescription> found = [];
        string[] paths = Directory.Exists(directory) ? Directory.GetFiles(directory, "gpiochip*") : [];
        Array.Sort(paths, static (a, b) => a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b));
        foreach (string path in paths)
        {
            try
            {
                using GpioChip chip = Open(path);
                if (!found.Exists(other => other.Name == chip.Info.Name))
                {
                    found.Add(chip.Info);
                }
            }
            catch (FaultException e)
            {
                refused ??= e.Report;
            }
        }

        return found;
    }

    /// <summary>Opens the chip at <paramref name="path"/>. Throws gpio-denied, gpio-unusable.</summary>
    public static GpioChip Open(string path)
    {
        int number;
        byte[] bytes = Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* name = bytes)
        {
            number = Libc.Open(name, Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        }

        if (number < 0)
        {
            throw Refused(path, Errno.Last).ToException();
        }

        Descriptor descriptor = new(number);
        byte* info = stackalloc byte[GpioAbi.ChipInfoSize];
        if (Libc.Ioctl(descriptor, GpioAbi.ChipInfo, info) < 0)
        {
            int errno = Errno.Last;
            descriptor.Dispose();
            throw Refused(path, errno).ToException();
        }

        ReadOnlySpan<byte> answer = new(info, GpioAbi.ChipInfoSize);
        return new GpioChip(descriptor, new GpioChipDescription(path, GpioMessages.Name(answer), GpioMessages.Name(answer[GpioAbi.ChipLabelAt..]),
            MemoryMarshal.Read<int>(answer[GpioAbi.ChipLinesAt..])));
    }

    /// <summary>False when the kernel is older than 5.10 and knows the first interface only.</summary>
    public bool IsUsable
    {
        get
        {
            // Every chip has a line 0: an old kernel refuses the request itself.
            byte* info = stackalloc byte[GpioAbi.LineInfoSize];
            new Span<byte>(info, GpioAbi.LineInfoSize).Clear();
            return Libc.Ioctl(descriptor, GpioAbi.LineInfo, info) >= 0;
        }
    }

    /// <summary>What is known of a line now. Throws gpio-unusable.</summary>
    public GpioLineInfo Line(int offset)
    {
        byte* info = stackalloc byte[GpioAbi.LineInfoSize];
        Span<byte> bytes = new(info, GpioAbi.LineInfoSize);
        bytes.Clear();
        MemoryMarshal.Write(bytes[GpioAbi.LineOffsetAt..], offset);
        if (Libc.Ioctl(descriptor, GpioAbi.LineInfo, info) < 0)
        {
            throw Faults.GpioUnusable.With($"{Info.Path} line {offset}", Errno.Text(Errno.Last)).ToException();
        }

        ulong flags = MemoryMarshal.Read<ulong>(bytes[GpioAbi.LineFlagsAt..]);
        return new GpioLineInfo(offset, GpioMessages.Name(bytes), GpioMessages.Name(bytes[GpioAbi.LineConsumerAt..]),
            (flags & GpioAbi.FlagUsed) != 0, (flags & GpioAbi.FlagOutput) != 0);
    }

    /// <summary>Takes a line as an input; it is ours until disposed of. Throws gpio-line-busy, gpio-unusable.</summary>
    /// <param name="offset">Number of the line, from 0.</param>
    /// <param name="consumer">What others see as its holder; 31 characters at most.</param>
    /// <param name="bias">Its resistor.</param>
    /// <param name="rising">Whether edges from low to high are told.</param>
    /// <param name="falling">Whether edges from high to low are told.</param>
    public GpioLine Input(int offset, string consumer, GpioBias bias, bool rising, bool falling)
    {
        Span<byte> config = stackalloc byte[GpioAbi.ConfigSize];
        GpioMessages.Input(config, bias, rising, falling);
        return Take(offset, consumer, config);
    }

    /// <summary>Takes a line as an output that drives <paramref name="value"/> from the first moment. Throws gpio-line-busy, gpio-unusable.</summary>
    public GpioLine Output(int offset, string consumer, bool value)
    {
        Span<byte> config = stackalloc byte[GpioAbi.ConfigSize];
        GpioMessages.Output(config, value);
        return Take(offset, consumer, config);
    }

    /// <summary>Closes the chip; lines taken from it stay.</summary>
    public void Dispose() => descriptor.Dispose();

    GpioLine Take(int offset, string consumer, ReadOnlySpan<byte> config)
    {
        // Edges wait in the kernel until they are read: enough for a second of a fast meter.
        const int Events = 1024;
        if (offset < 0 || offset >= Info.Lines)
        {
            throw Faults.GpioLineUnknown.With(offset, Info.Name, Info.Label, Info.Lines).ToException();
        }

        byte* request = stackalloc byte[GpioAbi.RequestSize];
        Span<byte> bytes = new(request, GpioAbi.RequestSize);
        GpioMessages.Request(bytes, offset, consumer, config, Events);
        if (Libc.Ioctl(descriptor, GpioAbi.GetLine, request) < 0)
        {
            throw Trouble(offset, Errno.Last).ToException();
        }

        return new GpioLine(new Descriptor(MemoryMarshal.Read<int>(bytes[GpioAbi.RequestDescriptorAt..])), Info, offset);
    }

    FaultReport Trouble(int offset, int errno)
    {
        if (errno == Errno.EBUSY)
        {
            string holder = Line(offset).Consumer;
            return Faults.GpioLineBusy.With(offset, Info.Name, holder.Length > 0 ? holder : "somebody");
        }

        return Faults.GpioUnusable.With($"{Info.Path} line {offset}", IsUsable ? Errno.Text(errno) : "the kernel is older than 5.10");
    }

    static FaultReport Refused(string path, int errno) =>
        errno is Errno.EACCES or Errno.EPERM ? Faults.GpioDenied.With(path) : Faults.GpioUnusable.With(path, Errno.Text(errno));
}
