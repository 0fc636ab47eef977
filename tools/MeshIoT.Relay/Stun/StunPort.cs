using System;
using System.Net;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.Stun;

namespace MeshIoT.Relay;

/// <summary>
/// Answers "where do you see me?" on one UDP port, for nodes of this family alone (<see cref="StunServer"/>). An answer is at most four
/// bytes longer than its question, and there are only so many a second.
/// </summary>
internal sealed class StunPort : IReady, IDisposable
{
    const int MaxPerRound = 64, MaxDatagram = 1500;

    readonly UdpPort port;
    readonly EventLoop loop;
    readonly byte[] request = new byte[MaxDatagram], response = new byte[StunResponse.MaxSize], source = new byte[UdpPort.EndpointSize], asked = new byte[UdpPort.AskedSize];
    readonly double perSecond;
    double tokens;
    long refilledMs;
    Slot? slot;

    StunPort(UdpPort port, EventLoop loop, int perSecond)
    {
        (this.port, this.loop, this.perSecond, tokens) = (port, loop, perSecond, perSecond / 10.0);
        port.TellAsked();
    }

    public int LocalPort => port.LocalPort;

    /// <summary>Questions answered, and all other datagrams.</summary>
    public long Answered, Ignored, Limited;

    public static StunPort Open(IPEndPoint where, bool anyPortIfTaken, EventLoop loop, int perSecond)
    {
        try
        {
            return new StunPort(UdpPort.Open(where.Address, where.Port), loop, perSecond);
        }
        catch (FaultException e) when (e.Report.Fault == Faults.UdpPortInUse && anyPortIfTaken)
        {
            return new StunPort(UdpPort.Open(where.Address, 0), loop, perSecond);
        }
    }

    /// <summary>Begins, on the loop's thread.</summary>
    public void Begin()
    {
        refilledMs = loop.NowMs;
        slot = loop.Add(port.FileDescriptor, this, Libc.EpollIn);
    }

    /// <inheritdoc/>
    public bool IsCostly => false;

    /// <inheritdoc/>
    public void OnReady(uint events)
    {
        tokens = Math.Min(Math.Max(1, perSecond / 10), tokens + ((loop.NowMs - refilledMs) * perSecond / 1000));
        refilledMs = loop.NowMs;
        for (int i = 0; i < MaxPerRound; i++)
        {
            int length = port.Receive(request, source, asked);
            if (length < 0)
            {
                return;
            }

            int answer = StunServer.Answer(request.AsSpan(0, length), source, response, out _);
            if (answer == 0)
            {
                Ignored++;
            }
            else if (tokens < 1)
            {
                Limited++;
            }
            else
            {
                tokens--;
                Answered++;
                port.Send(response.AsSpan(0, answer), source, asked);
            }
        }
    }

    /// <inheritdoc/>
    public long OnTime(long nowMs) => long.MaxValue;

    /// <inheritdoc/>
    public void OnFailure(Exception why) => Interlocked.Increment(ref Ignored);

    /// <summary>Ends, on the loop's thread.</summary>
    public void Dispose()
    {
        if (slot is not null)
        {
            loop.Remove(slot);
        }

        port.Dispose();
    }
}
