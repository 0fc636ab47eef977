using System;
using CsCheck;
using MeshIoT.Linux.Offload;
using Xunit;

namespace MeshIoT.Linux.Tests.Offload;

public class InternetChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071_section_3()
    {
        byte[] stored = new byte[2];
        InternetChecksum.Store(stored, InternetChecksum.Fold(InternetChecksum.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7])));
        Assert.Equal([0xdd, 0xf2], stored);
    }

    [Fact]
    public void Any_bytes_add_up_as_they_do_word_by_word() => Gen.Byte.Array[0, 3000].Sample(bytes =>
    {
        byte[] stored = new byte[2];
        InternetChecksum.Store(stored, InternetChecksum.Fold(InternetChecksum.Sum(bytes) + InternetChecksum.Word(bytes.Length)));
        Assert.Equal(Packets.Sum([.. bytes, .. bytes.Length % 2 == 0 ? (byte[])[] : [0], (byte)(bytes.Length >> 8), (byte)bytes.Length]), stored[0] << 8 | stored[1]);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void The_longest_packet_of_equal_bytes_overflows_nothing(byte value)
    {
        byte[] bytes = new byte[65_535];
        Array.Fill(bytes, value);
        byte[] stored = new byte[2];
        InternetChecksum.Store(stored, InternetChecksum.Fold(InternetChecksum.Sum(bytes)));
        Assert.Equal(Packets.Sum(bytes), stored[0] << 8 | stored[1]);
    }
}
