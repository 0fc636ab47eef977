using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace MeshIoT.Sim.Tests;

/// <summary>HTTP/2 frames out of a byte stream, however it is cut.</summary>
public class FrameReaderTests
{
    static readonly byte[] Wire =
    [
        0, 0, 0, 4, 1, 0, 0, 0, 0,                          // SETTINGS, acknowledged
        0, 0, 5, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5,           // DATA on 3
        0, 0, 1, 1, 4, 0x80, 0, 0, 3, 0x88,                 // HEADERS on 3; the reserved bit is ignored
        0, 0, 0, 0, 1, 0, 0, 0, 3,                          // DATA, empty, the last
    ];

    [Fact]
    public void Frames_come_out_the_same_wherever_the_stream_is_cut()
    {
        for (int cut = 0; cut <= Wire.Length; cut++)
        {
            List<string> frames = [];
            List<byte> data = [];
            FrameReader reader = new();
            reader.Feed(Wire.AsSpan(0, cut), Take);
            reader.Feed(Wire.AsSpan(cut), Take);
            Assert.Equal(["Settings 1 0", "Data 0 3", "Headers 4 3", "Data 1 3"], frames);
            Assert.Equal([1, 2, 3, 4, 5], data);

            void Take(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload, bool isLast)
            {
                if (type == FrameType.Data)
                {
                    data.AddRange(payload);
                }

                if (isLast)
                {
                    frames.Add($"{type} {flags} {stream}");
                }
            }
        }
    }

    [Fact]
    public void A_frame_longer_than_16_KiB_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => new FrameReader().Feed([0, 0x40, 1, 0, 0, 0, 0, 0, 1], Nothing));
    }

    [Fact]
    public void Random_bytes_end_in_a_fault_or_in_nothing()
    {
        Random random = new(5);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
            {
                bytes[0] = 0;
            }

            try
            {
                new FrameReader().Feed(bytes, Nothing);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    static void Nothing(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload, bool isLast)
    {
    }
}
