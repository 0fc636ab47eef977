using System;
using System.Collections.Generic;
using System.Net;

namespace MeshIoT.PortMap;

/// <summary>One of the three ways to ask a gateway. It knows how to ask and what was answered; when to ask is <see cref="PortMapper"/>'s.</summary>
internal abstract class MappingProtocol(Queue<PortMapSend> outbox)
{
    // Sent again after these, as RFC 6886 section 3.1 begins; what is not answered by the end of the last is not going to be.
    static readonly long[] Patience = [250, 500, 1000, 2000];

    int sends;

    /// <summary>Which one.</summary>
    public abstract PortMappingKind Kind { get; }

    /// <summary>Whether the gateway answered a search of this round.</summary>
    public bool Seen { get; protected set; }

    /// <summary>What came of <see cref="Ask"/>.</summary>
    public MappingState State { get; protected set; }

    /// <summary>Why it is <see cref="MappingState.Refused"/>, in words.</summary>
    public string Reason { get; protected set; } = string.Empty;

    /// <summary>Granted: the outside address; whether it is a real one is judged elsewhere.</summary>
    public IPAddress ExternalAddress { get; protected set; } = IPAddress.Any;

    /// <summary>Granted: the outside port. Before that, and again at each renewal, the one wished for.</summary>
    public ushort ExternalPort { get; protected set; }

    /// <summary>Granted: for how long.</summary>
    public uint LifetimeSeconds { get; protected set; }

    /// <summary>The gateway has lost its table; taken by who asks anew.</summary>
    public bool Lost { get; set; }

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public long NextWakeMs { get; protected set; } = long.MaxValue;

    protected PortMapNetwork Network { get; private set; } = null!;

    /// <summary>Another network: nothing of the old one counts.</summary>
    public virtual void Enter(PortMapNetwork network)
    {
        Network = network;
        ExternalPort = network.Port;
        Lost = Seen = false;
        Settle(MappingState.Idle);
    }

    /// <summary>Asks whether the gateway speaks this at all.</summary>
    public abstract void Search(bool first);

    /// <summary>Asks for the mapping, or for more time for it; <see cref="State"/> tells what came of it.</summary>
    public void Ask(long nowMs)
    {
        State = MappingState.Asking;
        sends = 0;
        Begin(nowMs);
    }

    /// <summary>Gives the mapping back. Nobody waits for an answer.</summary>
    public abstract void Release();

    /// <summary>A datagram of the gateway in this protocol.</summary>
    public abstract void Receive(ReadOnlySpan<byte> datagram, long nowMs);

    /// <summary>Time has passed.</summary>
    public virtual void Tick(long nowMs)
    {
        if (nowMs >= NextWakeMs && State == MappingState.Asking)
        {
            Resend(nowMs);
        }
    }

    /// <summary>Forgets that it was seen: a new round begins.</summary>
    public void BeginRound() => Seen = false;

    protected abstract void Begin(long nowMs);

    protected virtual void SendQuestion()
    {
    }

    /// <summary>Sends the question, once more if it was sent before; when patience is at its end, the gateway is silent.</summary>
    protected void Resend(long nowMs)
    {
        if (sends == Patience.Length)
        {
            Settle(MappingState.Silent);
            return;
        }

        SendQuestion();
        NextWakeMs = nowMs + Patience[sends++];
    }

    protected void Settle(MappingState state)
    {
        State = state;
        NextWakeMs = long.MaxValue;
    }

    protected void Refuse(string reason)
    {
        Reason = reason;
        Settle(MappingState.Refused);
    }

    protected void Send(PortMapSend message) => outbox.Enqueue(message);

    protected void SendToGateway(int port, byte[] payload) => Send(new PortMapDatagram(new IPEndPoint(Network.Gateway, port), payload));
}
