using System;
using System.Buffers.Binary;

namespace MeshIoT.Derp;

/// <summary>
/// Finds frames in a stream of bytes that somebody else reads. It holds no bytes: the caller keeps what was not consumed, moves it to the
/// front when it needs room, and appends. Frames of a type that means nothing to this side, and on a client also those of a wrong
/// length, are consumed in whatever pieces they come and never handed out, so that the buffer need only hold the longest one that is.
/// A frame over 1 MiB is a violation on both sides, and on a relay one of a wrong length too. data-plane.md section 4.2.
/// </summary>
public sealed class FrameReader(DerpRole role)
{
    int skip;
    bool broken;

    /// <summary>Frames that were skipped: types of other versions, and on a client wrong lengths.</summary>
    public long Skipped { get; private set; }

    /// <summary>After <see cref="FrameStep.NeedMore"/>: how many unconsumed bytes the next frame takes in all, at least 5.</summary>
    public int Needed { get; private set; } = DerpFrames.HeaderSize;

    /// <summary>
    /// Looks at bytes[position..]. Moves <paramref name="position"/> behind what has been dealt with; a frame's body lies before it and
    /// stays valid as long as the buffer is not touched.
    /// </summary>
    public FrameStep Read(ReadOnlySpan<byte> bytes, ref int position, out FrameSlice frame)
    {
        frame = default;
        while (!broken)
        {
            int pass = Math.Min(skip, bytes.Length - position);
            skip -= pass;
            position += pass;
            ReadOnlySpan<byte> rest = bytes[position..];
            if (skip > 0 || rest.Length < DerpFrames.HeaderSize)
            {
                Needed = DerpFrames.HeaderSize;
                return FrameStep.NeedMore;
            }

            FrameType type = (FrameType)rest[0];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
            bool known = DerpFrames.TryGetLimits(role, type, out int shortest, out int longest);
            bool fits = known && length >= (uint)shortest && length <= (uint)longest;
            if (length > DerpFrames.LargestFrame || (known && !fits && role == DerpRole.Server))
            {
                broken = true;
                break;
            }

            if (!fits)
            {
                Skipped++;
                skip = DerpFrames.HeaderSize + (int)length;
                continue;
            }

            int whole = DerpFrames.HeaderSize + (int)length;
            if (rest.Length < whole)
            {
                Needed = whole;
                return FrameStep.NeedMore;
            }

            frame = new(type, position + DerpFrames.HeaderSize, (int)length);
            position += whole;
            return FrameStep.Frame;
        }

        return FrameStep.Violation;
    }
}
