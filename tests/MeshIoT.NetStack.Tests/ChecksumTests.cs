using System;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 1071.</summary>
public class ChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071_section_3_sums_to_ddf2()
    {
        byte[] words = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        Assert.Equal(~0xddf2 & 0xFFFF, Checksum.Finish(Checksum.Add(0, words, 0, words.Length)));
    }

    [Fact]
    public void Every_length_and_offset_agrees_with_adding_word_by_word()
    {
        Random random = new(7);
        byte[] data = new byte[200];
        random.NextBytes(data);
        for (int offset = 0; offset < 20; offset++)
        {
            for (int length = 0; length < 150; length++)
            {
                uint sum = 0;
                for (int i = 0; i < length; i++)
                {
                    sum += (uint)(data[offset + i] << (i % 2 == 0 ? 8 : 0));
                }

                while (sum >> 16 != 0)
                {
                    sum = (sum & 0xFFFF) + (sum >> 16);
                }

                Assert.Equal((int)(~sum & 0xFFFF), Checksum.Finish(Checksum.Add(0, data, offset, length)));
            }
        }
    }

    [Fact]
    public void Parts_add_up_to_the_whole()
    {
        byte[] data = Packets.Numbered(101);
        ulong parts = Checksum.Add(Checksum.Add(0, data, 0, 34), data, 34, 67);
        Assert.Equal(Checksum.Finish(Checksum.Add(0, data, 0, 101)), Checksum.Finish(parts));
    }
}
