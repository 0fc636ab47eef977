using System;
using System.Runtime.InteropServices;
using System.Text;

namespace MeshIoT.Linux.Gpio;

/// <summary>Writes and reads the structures of <see cref="GpioAbi"/> as bytes. The fields are in the machine's own order.</summary>
static class GpioMessages
{
    /// <summary>struct gpio_v2_line_config for one input.</summary>
    internal static void Input(Span<byte> config, GpioBias bias, bool rising, bool falling)
    {
        config[..GpioAbi.ConfigSize].Clear();
        ulong flags = GpioAbi.FlagInput
            | (bias switch { GpioBias.PullUp => GpioAbi.FlagBiasPullUp, GpioBias.PullDown => GpioAbi.FlagBiasPullDown, _ => 0 })
            | (rising ? GpioAbi.FlagEdgeRising : 0) | (falling ? GpioAbi.FlagEdgeFalling : 0);
        Put(config, flags);
    }

    /// <summary>struct gpio_v2_line_config for one output and what it drives from the first moment.</summary>
    internal static void Output(Span<byte> config, bool value)
    {
        config[..GpioAbi.ConfigSize].Clear();
        Put(config, GpioAbi.FlagOutput);
        Put(config[GpioAbi.ConfigAttributesAt..], 1u);
        Span<byte> attribute = config[GpioAbi.ConfigFirstAttributeAt..];
        Put(attribute, GpioAbi.AttributeOutputValues);
        Put(attribute[GpioAbi.AttributeValueAt..], value ? 1UL : 0);
        Put(attribute[GpioAbi.AttributeMaskAt..], 1UL);
    }

    /// <summary>struct gpio_v2_line_request for one line.</summary>
    internal static void Request(Span<byte> request, int offset, string consumer, ReadOnlySpan<byte> config, int eventBuffer)
    {
        request[..GpioAbi.RequestSize].Clear();
        Put(request, (uint)offset);
        Encoding.ASCII.GetBytes(consumer.AsSpan(0, Math.Min(consumer.Length, GpioAbi.NameSize - 1)), request[GpioAbi.RequestConsumerAt..]);
        config[..GpioAbi.ConfigSize].CopyTo(request[GpioAbi.RequestConfigAt..]);
        Put(request[GpioAbi.RequestLinesAt..], 1u);
        Put(request[GpioAbi.RequestEventsAt..], (uint)eventBuffer);
    }

    /// <summary>The event in <paramref name="bytes"/>; false when it is neither edge.</summary>
    internal static bool TryEvent(ReadOnlySpan<byte> bytes, out GpioEdge edge)
    {
        edge = default;
        if (bytes.Length < GpioAbi.EventSize)
        {
            return false;
        }

        uint id = MemoryMarshal.Read<uint>(bytes[GpioAbi.EventIdAt..]);
        edge = new GpioEdge(id == GpioAbi.EventRising, MemoryMarshal.Read<long>(bytes), MemoryMarshal.Read<uint>(bytes[GpioAbi.EventLineNumberAt..]));
        return id is GpioAbi.EventRising or GpioAbi.EventFalling;
    }

    /// <summary>A name of at most 31 bytes that ends at the first 0; what is not printable is left out.</summary>
    internal static string Name(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..GpioAbi.NameSize];
        int end = bytes.IndexOf((byte)0);
        StringBuilder name = new();
        foreach (byte b in end < 0 ? bytes : bytes[..end])
        {
            if (b is >= 0x20 and < 0x7F)
            {
                name.Append((char)b);
            }
        }

        return name.ToString();
    }

    static void Put(Span<byte> at, uint value) => MemoryMarshal.Write(at, value);

    static void Put(Span<byte> at, ulong value) => MemoryMarshal.Write(at, value);
}
