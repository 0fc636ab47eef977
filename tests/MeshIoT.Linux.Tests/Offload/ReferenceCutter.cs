using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace MeshIoT.Linux.Tests.Offload;

/// <summary>
/// What the kernel does with a packet behind a virtio header, written a second time from the specification (Virtio 1.3, 5.1.6.2) and from what
/// tcp_gso_segment and udp_gso_segment promise, without any of the code that is tested.
/// </summary>
static class ReferenceCutter
{
    public static List<byte[]> Cut(byte[] header, byte[] packet)
    {
        int kind = header[1] & 0x7f, size = BitConverter.ToUInt16(header, 4), start = BitConverter.ToUInt16(header, 6), offset = BitConverter.ToUInt16(header, 8);
        if (kind == 0)
        {
            byte[] whole = [.. packet];
            if ((header[0] & 1) != 0)
            {
                ushort sum = (ushort)~Packets.Sum(whole.AsSpan(start));
                BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(start + offset), sum == 0 ? (ushort)0xffff : sum);
            }

            return [whole];
        }

        bool udp = kind == 5, six = packet[0] >> 4 == 6;
        int headers = start + (udp ? 8 : (packet[start + 12] >> 4) * 4);
        List<byte[]> pieces = [];
        for (int at = headers; at < packet.Length; at += size)
        {
            byte[] payload = packet[at..Math.Min(packet.Length, at + size)];
            byte[] piece = [.. packet[..headers], .. payload];
            if (six)
            {
                BinaryPrimitives.WriteUInt16BigEndian(piece.AsSpan(4), (ushort)(piece.Length - 40));
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(piece.AsSpan(2), (ushort)piece.Length);
                BinaryPrimitives.WriteUInt16BigEndian(piece.AsSpan(4), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(piece.AsSpan(4)) + pieces.Count));
            }

            if (udp)
            {
                BinaryPrimitives.WriteUInt16BigEndian(piece.AsSpan(start + 4), (ushort)(piece.Length - start));
                Packets.FixChecksums(piece, 6);
                pieces.Add(piece);
                continue;
            }

            uint sequence = BinaryPrimitives.ReadUInt32BigEndian(piece.AsSpan(start + 4));
            BinaryPrimitives.WriteUInt32BigEndian(piece.AsSpan(start + 4), sequence + (uint)(at - headers));
            if (at + size < packet.Length)
            {
                piece[start + 13] &= 0xf6; // neither FIN nor PSH
            }

            if (pieces.Count > 0)
            {
                piece[start + 13] &= 0x7f; // no CWR
            }

            Packets.FixChecksums(piece, 16);
            pieces.Add(piece);
        }

        return pieces;
    }
}
