using System;

namespace MeshIoT.NetStack.Tests;

/// <summary>Pushes numbered bytes through a connection and checks each one as it comes out: exactly once and in order.</summary>
internal sealed class Transfer(TcpSocket from, TcpSocket to, int total, int seed)
{
    readonly byte[] chunk = new byte[5000], readBuffer = new byte[5000];
    readonly Random random = new(seed);
    int sent;

    public int Received { get; private set; }

    public bool EndSeen { get; private set; }

    public string? Wrong { get; private set; }

    /// <summary>One turn of both applications; true when all bytes and the end have arrived.</summary>
    public bool Step(long nowMs, bool reading = true)
    {
        while (sent < total)
        {
            int size = Math.Min(1 + random.Next(chunk.Length), total - sent);
            for (int i = 0; i < size; i++)
            {
                chunk[i] = At(sent + i);
            }

            int taken = from.Send(chunk, 0, size, nowMs);
            if (taken <= 0)
            {
                break;
            }

            sent += taken;
        }

        if (sent == total)
        {
            from.CloseWrite(nowMs);
        }

        int got;
        while (reading && (got = to.Receive(readBuffer, 0, 1 + random.Next(readBuffer.Length), nowMs)) != 0)
        {
            if (got < 0)
            {
                EndSeen = true;
                break;
            }

            for (int i = 0; i < got; i++)
            {
                if (readBuffer[i] != At(Received + i))
                {
                    Wrong ??= $"byte {Received + i} is wrong";
                }
            }

            Received += got;
        }

        return EndSeen && Received == total;
    }

    byte At(int index) => (byte)((index * 2654435761L + seed) >> 11);
}
