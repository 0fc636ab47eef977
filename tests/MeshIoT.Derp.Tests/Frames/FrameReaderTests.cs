using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>Frames out of bytes: whole, in pieces, strange and hostile.</summary>
public class FrameReaderTests
{
    static byte[] Frame(byte type, byte[] body)
    {
        byte[] frame = new byte[DerpFrames.HeaderSize + body.Length];
        DerpFrames.WriteHeader(frame, (FrameType)type, body.Length);
        body.CopyTo(frame, DerpFrames.HeaderSize);
        return frame;
    }

    static List<(FrameType Type, byte[] Body)> ReadAll(DerpRole role, byte[] stream, int piece, out bool violation)
    {
        List<(FrameType, byte[])> frames = [];
        FrameReader reader = new(role);
        byte[] buffer = new byte[DerpFrames.LargestHandled];
        int filled = 0, at = 0;
        violation = false;
        while (true)
        {
            int position = 0;
            FrameStep step;
            while ((step = reader.Read(buffer.AsSpan(0, filled), ref position, out FrameSlice frame)) == FrameStep.Frame)
            {
                frames.Add((frame.Type, buffer[frame.Offset..(frame.Offset + frame.Length)]));
            }

            violation = step == FrameStep.Violation;
            if (violation || at == stream.Length)
            {
                return frames;
            }

            Buffer.BlockCopy(buffer, position, buffer, 0, filled - position);
            filled -= position;
            Assert.True(reader.Needed <= buffer.Length && filled < reader.Needed, "the reader asks for what fits, and for more than is there");
            int take = Math.Min(Math.Min(piece, stream.Length - at), buffer.Length - filled);
            Array.Copy(stream, at, buffer, filled, take);
            at += take;
            filled += take;
        }
    }

    [Fact]
    public void Frames_come_out_whole_however_the_bytes_come_in()
    {
        byte[] stream =
        [
            .. Frame(0x06, []), .. Frame(0x05, TestKeys.Count(1, 132)), .. Frame(0x77, new byte[70_000]), .. Frame(0x12, TestKeys.Count(1, 8)),
            .. Frame(0x05, new byte[32 + 65_536]), .. Frame(0x08, TestKeys.Count(9, 32)), .. Frame(0x16, []), .. Frame(0x14, "slow"u8.ToArray()),
        ];
        foreach (int piece in new[] { 1, 7, 1000, 16_384, 1_000_000 })
        {
            var frames = ReadAll(DerpRole.Client, stream, piece, out bool violation);
            Assert.False(violation);
            Assert.Equal(
                [FrameType.KeepAlive, FrameType.RecvPacket, FrameType.Ping, FrameType.RecvPacket, FrameType.PeerGone, FrameType.Health],
                frames.Select(f => f.Type));
            Assert.Equal(TestKeys.Count(1, 132), frames[1].Body);
            Assert.Equal(32 + 65_536, frames[3].Body.Length);
        }
    }

    [Fact]
    public void A_client_skips_what_is_strange_and_refuses_more_than_a_mebibyte()
    {
        byte[] strange =
        [
            .. Frame(0x05, new byte[31]), .. Frame(0x05, new byte[32 + 65_537]), .. Frame(0x08, new byte[5]), .. Frame(0x12, new byte[7]), .. Frame(0x04, new byte[100]),
            .. Frame(0x99, new byte[1 << 20]), .. Frame(0x06, []),
        ];
        var frames = ReadAll(DerpRole.Client, strange, 50_000, out bool violation);
        Assert.False(violation);
        Assert.Equal(FrameType.KeepAlive, Assert.Single(frames).Type);
        foreach (byte type in new byte[] { 0x05, 0x06, 0x99 })
        {
            ReadAll(DerpRole.Client, Frame(type, new byte[(1 << 20) + 1]), 4096, out violation);
            Assert.True(violation);
        }
    }

    [Fact]
    public void A_relay_ends_the_connection_of_a_client_that_breaks_the_lengths()
    {
        foreach ((byte type, int length) in new (byte, int)[]
        {
            (0x02, 71), (0x02, 16 * 1024 + 1), (0x04, 31), (0x04, 32 + 65_537), (0x07, 0), (0x07, 2), (0x0a, 63), (0x11, 31), (0x11, 33), (0x12, 7), (0x12, 1001), (0xee, (1 << 20) + 1),
        })
        {
            ReadAll(DerpRole.Server, Frame(type, new byte[length]), 10_000, out bool violation);
            Assert.True(violation, $"type {type}, length {length}");
        }

        var frames = ReadAll(DerpRole.Server, [.. Frame(0x05, new byte[5]), .. Frame(0x04, new byte[32]), .. Frame(0x07, [1])], 3, out bool bad);
        Assert.False(bad);
        Assert.Equal([FrameType.SendPacket, FrameType.NotePreferred], frames.Select(f => f.Type));
    }

    [Fact]
    public void A_length_with_the_top_bit_set_is_a_violation_and_stays_one()
    {
        FrameReader reader = new(DerpRole.Client);
        int position = 0;
        Assert.Equal(FrameStep.Violation, reader.Read([0x05, 0x80, 0, 0, 0], ref position, out _));
        position = 0;
        Assert.Equal(FrameStep.Violation, reader.Read(Frame(0x06, []), ref position, out _));
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_yield_a_frame_out_of_bounds()
    {
        Random random = new(7);
        byte[] types = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x40];
        for (int i = 0; i < 3000; i++)
        {
            List<byte> stream = [];
            while (stream.Count < 400)
            {
                byte[] body = new byte[random.Next(100)];
                random.NextBytes(body);
                stream.AddRange(Frame(types[random.Next(types.Length)], body));
            }

            byte[] bytes = [.. stream];
            for (int flips = random.Next(4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            foreach (DerpRole role in new[] { DerpRole.Client, DerpRole.Server })
            {
                foreach ((FrameType type, byte[] body) in ReadAll(role, bytes, random.Next(1, 200), out _))
                {
                    Assert.True(DerpFrames.TryGetLimits(role, type, out int shortest, out int longest));
                    Assert.InRange(body.Length, shortest, longest);
                    Touch(type, body);
                }
            }
        }
    }

    // Every reader of a body takes whatever the frame reader lets through, and shorter things too.
    static void Touch(FrameType type, byte[] body)
    {
        for (int length = 0; length <= body.Length; length++)
        {
            ReadOnlySpan<byte> part = body.AsSpan(0, length);
            ServerKeyFrame.TryRead(part, out _);
            PingFrame.TryRead(part, out _);
            PeerGoneFrame.TryRead(part, out _);
            PeerPresentFrame.TryRead(part, out _);
            RestartingFrame.TryRead(part, out _);
            SmallFrames.TryReadNotePreferred(part, out _);
        }

        if (type is FrameType.RecvPacket or FrameType.SendPacket)
        {
            Assert.False(PacketFrame.KeyOf(body).Equals(TestKeys.Key(1).PublicKey));
        }
    }
}
