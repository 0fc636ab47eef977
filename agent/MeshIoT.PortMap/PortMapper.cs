using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.PortMap.NatPmp;
using MeshIoT.PortMap.Pcp;
using MeshIoT.PortMap.Upnp;

namespace MeshIoT.PortMap;

/// <summary>
/// Keeps one UDP port of the gateway mapped to ours: finds out which protocols the gateway speaks, asks by NAT-PMP, then PCP, then UPnP,
/// renews at half time, asks anew at once when the gateway has lost its table, and gives the mapping back at the end. While nothing
/// changes it sends renewals only. Bytes and <c>nowMs</c> (boot clock) in, <see cref="PortMapSend"/> out; one thread at a time.
/// <code>
///   Off ── UseNetwork ──► Searching ──► Asking ──► Held ⇄ Renewing
///                             ▲   └──────┴─► Resting (1, 5, 15, 60 min)
///                             └─────────────────┘
/// </code>
/// data-plane.md section 3.3.
/// </summary>
public sealed class PortMapper
{
    /// <summary>How long a mapping is asked for, in seconds.</summary>
    public const uint LifetimeSeconds = 7200;

    /// <summary>The largest HTTP answer that is looked at, in bytes.</summary>
    public const int LargestHttpAnswer = GatewayDescription.Largest;

    /// <summary>Size of the nonce, in bytes.</summary>
    public const int NonceSize = PcpMessage.NonceSize;

    // Searches are sent thrice. NAT-PMP is taken at once, the others when those before them had time to answer.
    static readonly long[] SearchAtMs = [0, 250, 750];
    static readonly long[] ChooseAfterMs = [0, 250, 500];
    const long SearchMs = 1_750;

    static readonly long[] RestMs = [60_000, 300_000, 900_000, 3_600_000];
    const long ShortestLifetime = 20, LongestLifetime = 86_400;
    const long RenewRetryMs = 30_000, AskAgainMs = 5_000, UnaskedAfterMs = 10_000;
    const int MostFailures = 3;

    readonly Queue<PortMapSend> outbox = new();
    readonly MappingProtocol[] protocols;
    readonly UpnpProtocol upnp;
    readonly bool[] tried = new bool[3];
    PortMapNetwork? network;
    MappingProtocol? held;
    PortMapTrouble? found;
    Phase phase;
    long phaseMs, renewMs, askedMs, verifyMs = long.MaxValue;
    int searches, rests, failures, asking;

    enum Phase
    {
        Off,
        Searching,
        Asking,
        Held,
        Renewing,
        Resting,
    }

    /// <summary>A mapper without a network yet. <paramref name="nonce"/>: <see cref="NonceSize"/> secret bytes, the same after each start.</summary>
    public PortMapper(byte[] nonce, RandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
        upnp = new UpnpProtocol(outbox, random);
        protocols = [new NatPmpProtocol(outbox), new PcpProtocol(outbox, (byte[])nonce.Clone()), upnp];
    }

    /// <summary>The mapping that holds now; null when there is none.</summary>
    public PortMapping? Current { get; private set; }

    /// <summary>What stands in the way; null while there is a mapping, or nobody answers at all.</summary>
    public PortMapTrouble? Trouble { get; private set; }

    /// <summary>
    /// Whether notices of the gateway (SSDP) would tell anything: that it was started anew, by which all its protocols lose their mappings,
    /// and which many say in this way only.
    /// </summary>
    public bool WantsNotices => Current is not null;

    /// <summary>
    /// Whether the gateway answered in that protocol when it was last searched for; null: it has not had the time to, or another protocol
    /// served before.
    /// </summary>
    public bool? Speaks(PortMappingKind kind) => network is null ? null : protocols[(int)kind].Seen ? true : phase == Phase.Resting ? false : null;

    /// <summary>Datagrams of others than the gateway, dropped.</summary>
    public long Strangers { get; private set; }

    /// <summary>How often the gateway was found to have lost its table.</summary>
    public long Losses { get; private set; }

    /// <summary>When <see cref="Tick"/> has something to do, boot clock; later is allowed.</summary>
    public long NextWakeMs
    {
        get
        {
            long next = phase switch
            {
                Phase.Searching => phaseMs + NextInSearch(),
                Phase.Held => renewMs,
                Phase.Resting => phaseMs + RestMs[Math.Min(rests, RestMs.Length) - 1],
                _ => long.MaxValue,
            };
            foreach (MappingProtocol protocol in protocols)
            {
                next = Math.Min(next, protocol.NextWakeMs);
            }

            return Math.Min(Math.Min(next, verifyMs), Current?.ExpiresMs ?? long.MaxValue);
        }
    }

    /// <summary>
    /// The machine's network is this one now; null: none that could map ports. The same again changes nothing. A mapping at a gateway
    /// that is left stays there until it expires.
    /// </summary>
    public void UseNetwork(PortMapNetwork? now, long nowMs)
    {
        if (Equals(now, network))
        {
            return;
        }

        // Another port of ours at the same gateway: the old mapping is in nobody's interest.
        if (now is not null && now.Gateway.Equals(network?.Gateway) && now.Local.Equals(network.Local))
        {
            Release();
        }

        network = now;
        Drop();
        (Trouble, rests, phase, verifyMs) = (null, 0, Phase.Off, long.MaxValue);
        foreach (MappingProtocol protocol in protocols)
        {
            if (now is not null)
            {
                protocol.Enter(now);
            }
        }

        if (now is not null)
        {
            BeginRound(nowMs);
        }
    }

    /// <summary>Something happened that may have cost the mapping (a long sleep, a carrier that came back): looks at once, at most every 5 s.</summary>
    public void Verify(long nowMs)
    {
        if (network is not null)
        {
            verifyMs = Math.Max(nowMs, askedMs + AskAgainMs);
            Tick(nowMs);
        }
    }

    /// <summary>A datagram from the socket; only the gateway's are looked at.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, IPEndPoint from, long nowMs)
    {
        if (network is null || datagram.IsEmpty || !from.Address.Equals(network.Gateway))
        {
            Strangers++;
            return;
        }

        bool text = datagram[0] is (byte)'H' or (byte)'N';
        if (text || from.Port == NatPmpMessage.Port)
        {
            MappingProtocol protocol = protocols[text ? 2 : datagram[0] == PcpMessage.Version ? 1 : 0];
            protocol.Receive(datagram, nowMs);

            // Nobody asked it: it tells everybody, in the language of others, that something happened to its table.
            if (!text && phase == Phase.Held && protocol != held && nowMs - askedMs > UnaskedAfterMs)
            {
                verifyMs = nowMs;
            }

            Advance(nowMs);
        }
    }

    /// <summary>The answer to a <see cref="PortMapHttp"/>; status 0: none came, or it was too large.</summary>
    public void HttpAnswered(int request, int status, ReadOnlySpan<byte> body, long nowMs)
    {
        if (network is not null)
        {
            upnp.HttpAnswered(request, status, body, nowMs);
            Advance(nowMs);
        }
    }

    /// <summary>Time has passed.</summary>
    public void Tick(long nowMs)
    {
        if (network is null)
        {
            return;
        }

        foreach (MappingProtocol protocol in protocols)
        {
            protocol.Tick(nowMs);
        }

        if (Current is { } mapping && nowMs >= mapping.ExpiresMs)
        {
            Drop();
            if (phase is Phase.Held or Phase.Renewing)
            {
                BeginRound(nowMs);
            }
        }

        Advance(nowMs);
    }

    /// <summary>Gives the mapping back and asks for nothing more.</summary>
    public void Stop()
    {
        Release();
        network = null;
        Drop();
        (phase, verifyMs) = (Phase.Off, long.MaxValue);
    }

    /// <summary>The next thing to send, in order; false: nothing.</summary>
    public bool TryTake(out PortMapSend? message) => outbox.TryDequeue(out message);

    // What was asked for a moment ago may just be given.
    void Release()
    {
        MappingProtocol? asked = phase == Phase.Asking ? protocols[asking] : null;
        asked?.Release();
        if (held != asked)
        {
            held?.Release();
        }
    }

    void Drop()
    {
        Current = null;
        held = null;
    }

    void BeginRound(long nowMs)
    {
        (phase, phaseMs, searches) = (Phase.Searching, nowMs, 0);
        askedMs = nowMs;
        found = null;
        Array.Clear(tried);
        foreach (MappingProtocol protocol in protocols)
        {
            protocol.BeginRound();
        }

        Advance(nowMs);
    }

    long NextInSearch()
    {
        long next = searches < SearchAtMs.Length ? SearchAtMs[searches] : SearchMs;
        for (int i = 0; i < protocols.Length; i++)
        {
            next = protocols[i].Seen && !tried[i] ? Math.Min(next, ChooseAfterMs[i]) : next;
        }

        return next;
    }

    void Advance(long nowMs)
    {
        NoticeLoss(nowMs);
        if (verifyMs <= nowMs)
        {
            verifyMs = long.MaxValue;
            if (phase == Phase.Held)
            {
                Renew(nowMs);
            }
            else if (phase == Phase.Resting)
            {
                BeginRound(nowMs);
            }
        }

        switch (phase)
        {
            case Phase.Searching:
                Choose(nowMs);
                break;
            case Phase.Asking when protocols[asking].State != MappingState.Asking:
                Asked(nowMs);
                break;
            case Phase.Held when nowMs >= renewMs:
                Renew(nowMs);
                break;
            case Phase.Renewing when held!.State != MappingState.Asking:
                Renewed(nowMs);
                break;
            case Phase.Resting when nowMs >= phaseMs + RestMs[Math.Min(rests, RestMs.Length) - 1]:
                BeginRound(nowMs);
                break;
        }
    }

    // Whoever makes gateways' clocks jump shall not make us ask more often than every 5 s.
    void NoticeLoss(long nowMs)
    {
        bool lost = held is { Lost: true } || upnp.Lost;
        upnp.Lost = false;
        if (lost && held is not null)
        {
            held.Lost = false;
            Losses++;
            verifyMs = Math.Min(verifyMs, Math.Max(nowMs, askedMs + AskAgainMs));
        }
    }

    void Choose(long nowMs)
    {
        while (searches < SearchAtMs.Length && nowMs >= phaseMs + SearchAtMs[searches] && nowMs < phaseMs + SearchMs)
        {
            for (int i = 0; i < protocols.Length; i++)
            {
                if (!protocols[i].Seen)
                {
                    protocols[i].Search(searches == 0);
                }
            }

            searches++;
        }

        for (int i = 0; i < protocols.Length; i++)
        {
            if (protocols[i].Seen && !tried[i] && nowMs >= phaseMs + ChooseAfterMs[i])
            {
                (tried[i], asking, phase) = (true, i, Phase.Asking);
                protocols[i].Ask(nowMs);
                return;
            }
        }

        if (nowMs >= phaseMs + SearchMs)
        {
            Rest(nowMs);
        }
    }

    void Rest(long nowMs)
    {
        (phase, phaseMs, Trouble) = (Phase.Resting, nowMs, found);
        rests++;
    }

    void Asked(long nowMs)
    {
        MappingProtocol protocol = protocols[asking];
        if (protocol.State == MappingState.Granted && TryPublish(protocol, nowMs))
        {
            return;
        }

        if (protocol.State == MappingState.Refused)
        {
            found ??= new PortMapTrouble(PortMapTroubleKind.Refused, network!.Gateway, protocol.Kind, protocol.Reason);
        }

        phase = Phase.Searching;
        Advance(nowMs);
    }

    // What the gateway gave is used only if the world can use it.
    bool TryPublish(MappingProtocol protocol, long nowMs)
    {
        if (!PortMapNetwork.IsReachable(protocol.ExternalAddress))
        {
            found = new PortMapTrouble(PortMapTroubleKind.DoubleNat, network!.Gateway, protocol.Kind, protocol.ExternalAddress.ToString());
            protocol.Release();
            if (held == protocol)
            {
                Drop();
            }

            return false;
        }

        if (protocol.ExternalPort == 0 || protocol.LifetimeSeconds < ShortestLifetime)
        {
            found ??= new PortMapTrouble(PortMapTroubleKind.Refused, network!.Gateway, protocol.Kind, "what it gives cannot be used");
            return false;
        }

        long lifetimeMs = Math.Min(protocol.LifetimeSeconds, LongestLifetime) * 1000;
        Current = new PortMapping(new IPEndPoint(protocol.ExternalAddress, protocol.ExternalPort), nowMs + lifetimeMs, protocol.Kind);
        (held, Trouble, phase, rests, failures) = (protocol, null, Phase.Held, 0, 0);
        renewMs = nowMs + (lifetimeMs / 2);
        return true;
    }

    void Renew(long nowMs)
    {
        (phase, askedMs) = (Phase.Renewing, nowMs);
        held!.Ask(nowMs);
    }

    void Renewed(long nowMs)
    {
        MappingProtocol protocol = held!;
        if (protocol.State == MappingState.Granted)
        {
            if (!TryPublish(protocol, nowMs))
            {
                Drop();
                BeginRound(nowMs);
            }

            return;
        }

        if (Current is null || ++failures >= MostFailures)
        {
            BeginRound(nowMs);
            return;
        }

        (phase, renewMs) = (Phase.Held, nowMs + (RenewRetryMs << (failures - 1)));
    }
}
