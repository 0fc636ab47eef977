using System;
using MeshIoT.Derp;

namespace MeshIoT.Fuzz.Targets;

/// <summary>A stream of relay frames, read as connections read it.</summary>
static class DerpStream
{
    public static byte[] Frame(byte type, byte[] body)
    {
        byte[] frame = new byte[DerpFrames.HeaderSize + body.Length];
        DerpFrames.WriteHeader(frame, (FrameType)type, body.Length);
        body.CopyTo(frame, DerpFrames.HeaderSize);
        return frame;
    }

    public static void Walk(DerpRole role, byte[] input, Action<bool, string> promise)
    {
        FrameReader reader = new(role);
        int position = 0;
        FrameStep step;
        while ((step = reader.Read(input, ref position, out FrameSlice frame)) == FrameStep.Frame)
        {
            promise(frame.Offset >= 0 && frame.Length >= 0 && frame.Offset + frame.Length <= input.Length, "a frame out of bounds");
            promise(DerpFrames.TryGetLimits(role, frame.Type, out int least, out int most) && frame.Length >= least && frame.Length <= most, "a frame beyond its limits");
            ReadOnlySpan<byte> body = input.AsSpan(frame.Offset, frame.Length);
            ServerKeyFrame.TryRead(body, out _);
            PingFrame.TryRead(body, out _);
            PeerGoneFrame.TryRead(body, out _);
            PeerPresentFrame.TryRead(body, out _);
            RestartingFrame.TryRead(body, out _);
            SmallFrames.TryReadNotePreferred(body, out _);
            if (frame.Type is FrameType.SendPacket or FrameType.RecvPacket)
            {
                PacketFrame.KeyOf(body);
            }
        }

        promise(step == FrameStep.Violation || position <= input.Length, "read beyond the end");
    }
}
