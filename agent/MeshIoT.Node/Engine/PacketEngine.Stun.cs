using System;
using System.Threading;
using MeshIoT.Linux;
using MeshIoT.Stun;

namespace MeshIoT.Node.Engine;

/// <content>
/// STUN goes by the port that WireGuard uses, because it is that port's mapping that peers need; and whether anybody talks, because a
/// node that nobody talks to need not know where it is.
/// </content>
internal sealed partial class PacketEngine
{
    // Longer silence is an end. data-plane.md section 2.6, sessionActiveTimeout.
    const long QuietAfterMs = 45_000;

    long trafficMs = -1;

    /// <summary>Where STUN datagrams go; null: nowhere. Set before <see cref="Start"/>.</summary>
    public StunInbox? Stun { get; set; }

    /// <summary>Called when packets flow again after silence, on the engine thread: must be quick. Set before <see cref="Start"/>.</summary>
    public Action? TrafficBegan { get; set; }

    /// <summary>How long ago a packet last went to a peer or came from one; null: never. Any thread.</summary>
    public TimeSpan? SinceTraffic
    {
        get
        {
            long at = Volatile.Read(ref trafficMs);
            return at < 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, BootClock.NowMs - at));
        }
    }

    /// <summary>Sends a STUN request from the node's UDP port; the inbox hears when the system refuses it. Any thread.</summary>
    public void PostStun(ReadOnlySpan<byte> request, ReadOnlySpan<byte> endpoint18, StunTransaction transaction) =>
        Post(new StunSend(request.ToArray(), endpoint18.ToArray(), transaction, Stun));

    bool TakeStun(int length)
    {
        ReadOnlySpan<byte> bytes = datagram.AsSpan(0, length);
        if (!StunDatagram.IsStun(bytes))
        {
            return false;
        }

        Stun?.Offer(bytes);
        return true;
    }

    void NoteTraffic(long nowMs)
    {
        long before = trafficMs;
        Volatile.Write(ref trafficMs, nowMs);
        if (before < 0 || nowMs - before > QuietAfterMs)
        {
            TrafficBegan?.Invoke();
        }
    }

    sealed class StunSend(byte[] request, byte[] endpoint18, StunTransaction transaction, StunInbox? inbox) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs)
        {
            if (!engine.udp.Send(request, endpoint18))
            {
                Abandon();
            }
        }

        public override void Abandon() => inbox?.Refused(transaction);
    }
}
