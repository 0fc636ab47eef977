using System;
using System.Buffers.Binary;
using MeshIoT.Linux.Gpio;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>
/// The bytes that go to the kernel for GPIO. The numbers are what a C compiler makes of linux/gpio.h (_IOR and _IOWR of type 0xB4 with the sizes of the
/// structures: 68, 256, 592, 272 and 16 bytes).
/// </summary>
public class GpioAbiTests
{
    [Fact]
    public void Requests_are_those_of_the_header()
    {
        Assert.Equal(0x8044B401u, GpioAbi.ChipInfo);
        Assert.Equal(0xC100B405u, GpioAbi.LineInfo);
        Assert.Equal(0xC250B407u, GpioAbi.GetLine);
        Assert.Equal(0xC110B40Du, GpioAbi.SetConfig);
        Assert.Equal(0xC010B40Eu, GpioAbi.GetValues);
        Assert.Equal(0xC010B40Fu, GpioAbi.SetValues);
    }

    [Fact]
    public void An_input_with_a_resistor_and_both_edges_has_these_flags_and_no_attribute()
    {
        byte[] config = new byte[GpioAbi.ConfigSize];
        Array.Fill(config, (byte)0xEE);
        GpioMessages.Input(config, GpioBias.PullUp, rising: true, falling: true);
        Assert.Equal(0x4UL | 0x10 | 0x20 | 0x100, BinaryPrimitives.ReadUInt64LittleEndian(config));
        Assert.All(config[8..], b => Assert.Equal(0, b));
        GpioMessages.Input(config, GpioBias.PullDown, rising: false, falling: false);
        Assert.Equal(0x4UL | 0x200, BinaryPrimitives.ReadUInt64LittleEndian(config));
    }

    [Fact]
    public void An_output_carries_its_first_value_so_that_it_does_not_flicker()
    {
        byte[] config = new byte[GpioAbi.ConfigSize], request = new byte[GpioAbi.RequestSize];
        GpioMessages.Output(config, value: true);
        GpioMessages.Request(request, 17, "meshiotd", config, 64);
        Assert.Equal(17u, Word(request, 0));
        Assert.Equal("meshiotd", GpioMessages.Name(request.AsSpan(GpioAbi.RequestConsumerAt)));
        Assert.Equal(0x8UL, BinaryPrimitives.ReadUInt64LittleEndian(request.AsSpan(288)));
        Assert.Equal((1u, 2u, 1UL, 1UL), (Word(request, 296), Word(request, 320), Long(request, 328), Long(request, 336)));
        Assert.Equal((1u, 64u), (Word(request, 560), Word(request, 564)));
        Assert.All(request[344..560], b => Assert.Equal(0, b));
        Assert.Equal((592, 588), (request.Length, GpioAbi.RequestDescriptorAt));
    }

    [Fact]
    public void A_name_that_is_too_long_is_cut_and_what_is_not_printable_is_left_out()
    {
        byte[] config = new byte[GpioAbi.ConfigSize], request = new byte[GpioAbi.RequestSize];
        GpioMessages.Request(request, 0, new string('x', 100), config, 0);
        Assert.Equal(new string('x', 31), GpioMessages.Name(request.AsSpan(GpioAbi.RequestConsumerAt)));
        Assert.Equal("GPIO17", GpioMessages.Name([.. "GPIO\u001b17\0rest"u8, .. new byte[40]]));
        Assert.Equal(32, GpioMessages.Name(System.Text.Encoding.ASCII.GetBytes(new string((char)97, 32))).Length);
    }

    [Fact]
    public void Events_are_read_and_what_is_no_edge_is_none()
    {
        byte[] bytes = new byte[GpioAbi.EventSize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 123_456_789_012);
        bytes[8] = 2;
        bytes[12] = 17;
        bytes[20] = 5;
        Assert.True(GpioMessages.TryEvent(bytes, out GpioEdge edge));
        Assert.Equal(new GpioEdge(false, 123_456_789_012, 5), edge);
        bytes[8] = 1;
        Assert.True(GpioMessages.TryEvent(bytes, out edge) && edge.IsRising);
        bytes[8] = 3;
        Assert.False(GpioMessages.TryEvent(bytes, out _));
        Assert.False(GpioMessages.TryEvent(bytes.AsSpan(0, 47), out _));
    }

    static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    static ulong Long(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
