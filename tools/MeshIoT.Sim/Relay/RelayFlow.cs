using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Threading;
using MeshIoT.Derp;
using DerpType = MeshIoT.Derp.FrameType;

namespace MeshIoT.Sim;

/// <summary>
/// Packets from one client through the relay to another, as fast as they come out, with so many under way at the most: what TCP inside a
/// tunnel does. Each packet is a TLS record and a write of its own, as tailscaled sends them.
/// </summary>
internal sealed class RelayFlow(RelayClient from, RelayClient to, int packetSize, int window)
{
    const int StallMs = 100;

    readonly AutoResetEvent room = new(false);
    long sent, seen, received, bytes, resumeAt = long.MaxValue;
    volatile bool stopping;

    /// <summary>Packets that did not arrive.</summary>
    public long Lost => Interlocked.Read(ref seen) - Interlocked.Read(ref received);

    /// <summary>Bytes of packets received so far.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Runs for the given time after a warm-up; <paramref name="atStart"/> and <paramref name="atEnd"/> are called around it. Returns bytes and seconds.</summary>
    public (long Bytes, double Seconds) Run(TimeSpan warmUp, TimeSpan time, Action atStart, Action atEnd)
    {
        to.Work();
        Thread receiver = new(Receive) { IsBackground = true }, sender = new(Send) { IsBackground = true };
        receiver.Start();
        sender.Start();
        Thread.Sleep(warmUp);
        atStart();
        long before = Bytes, began = Stopwatch.GetTimestamp();
        Thread.Sleep(time);
        long got = Bytes - before;
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        atEnd();
        stopping = true;
        sender.Join();
        to.Hang();
        receiver.Join();
        return (got, seconds);
    }

    void Send()
    {
        byte[] frame = new byte[DerpFrames.PacketHeaderSize + packetSize];
        new Random(1).NextBytes(frame);
        PacketFrame.WriteHeader(frame, DerpType.SendPacket, to.Key, packetSize);
        while (!stopping)
        {
            if (sent - Interlocked.Read(ref seen) < window)
            {
                BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(DerpFrames.PacketHeaderSize), ++sent);
                from.Send(frame);
                continue;
            }

            Interlocked.Exchange(ref resumeAt, sent - (window / 2));
            if (Interlocked.Read(ref seen) < resumeAt && !room.WaitOne(StallMs))
            {
                // The last ones were dropped, and nothing will say so.
                Interlocked.Exchange(ref seen, sent);
            }
        }
    }

    void Receive()
    {
        try
        {
            while (true)
            {
                if (to.Receive(out ReadOnlySpan<byte> body) == DerpType.RecvPacket && body.Length == DerpFrames.KeySize + packetSize)
                {
                    long number = BinaryPrimitives.ReadInt64BigEndian(body[DerpFrames.KeySize..]);
                    Interlocked.Exchange(ref seen, Math.Max(seen, number));
                    if (number >= Interlocked.Read(ref resumeAt))
                    {
                        Interlocked.Exchange(ref resumeAt, long.MaxValue);
                        room.Set();
                    }

                    received++;
                    Interlocked.Add(ref bytes, packetSize);
                }
            }
        }
        catch (IOException)
        {
            // Hung up at the end.
        }
    }
}
