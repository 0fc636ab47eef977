using System;
using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <content>
/// Call-me-maybe: through the relay each side tells the other where to ping, so that both send and both NATs open.
/// data-plane.md sections 2.5 and 2.7.
/// </content>
public sealed partial class DiscoDevice
{
    readonly byte[] relayed = new byte[DiscoDatagram.EndpointSize];

    /// <summary>
    /// Asks a peer, by relay, to ping us at these endpoints (18 bytes each, one after the other; the first 32 are told). False when no relay
    /// leads to it.
    /// </summary>
    public bool Call(DiscoPeer peer, ReadOnlySpan<byte> endpoints, long nowMs)
    {
        Correspondent? to = peer.IsRemoved ? null : SecretOf(peer, nowMs);
        if (to is null)
        {
            return false;
        }

        int told = Math.Min(endpoints.Length / DiscoDatagram.EndpointSize, MostCalled) * DiscoDatagram.EndpointSize;
        bool sent = host.Relay(Seal(to, new CallMeMaybeMessage(endpoints[..told]).Write(message)), peer);
        CallsSent += sent ? 1 : 0;
        return sent;
    }

    // The list replaces the one before. No call in return at once: the caller pings already.
    DiscoFault TakeCall(DiscoPublicKey key, NodePublicKey relay, byte version, ReadOnlySpan<byte> payload, long nowMs)
    {
        if (host.Caller(relay, key) is not { } peer)
        {
            return DiscoFault.WrongCaller;
        }

        SetCalled(peer, CallMeMaybeMessage.Read(version, payload));
        peer.CalledMs = nowMs;
        BeginSearchOf(peer, nowMs);
        foreach (Candidate candidate in peer.Candidates)
        {
            if (MayPingCalled(candidate, nowMs))
            {
                Ping(candidate, nowMs);
            }
        }

        host.Called(peer, nowMs);
        return DiscoFault.None;
    }

    // The caller's pings came before our NAT was open to it. Nodes of ours ping again when they are pinged, others wait for a call.
    void PlanCallBack(DiscoPeer caller, long latencyMs, long nowMs)
    {
        if (nowMs - caller.CalledMs <= DiscoTimes.CalledFor)
        {
            caller.CallBackMs = nowMs + latencyMs + DiscoTimes.CallBackAfter;
            WakeAt(caller, caller.CallBackMs);
        }
    }

    void CallBack(DiscoPeer caller, long nowMs)
    {
        if (nowMs < caller.CallBackMs)
        {
            return;
        }

        caller.CallBackMs = DiscoPeer.Off;
        if (caller.Chosen is { } best && best.HeardMs < caller.CalledMs && nowMs - caller.CallMs >= DiscoTimes.CallSpacing)
        {
            caller.CallMs = nowMs;
            host.CallDue(caller, isSuspect: false, nowMs);
        }
    }

    // A few more pings after those that a call sets off, since one may be lost. Not while we search ourselves: two that call each other
    // would never tire.
    void BeginSearchOf(DiscoPeer caller, long nowMs)
    {
        if (caller.WakeMs == DiscoPeer.Off)
        {
            caller.SearchStep = 0;
            caller.NextSearchMs = nowMs + caller.Pace.SearchGapMs(0);
            WakeAt(caller, caller.NextSearchMs);
        }
    }

    // However often a peer calls, it cannot have us ping others more than so often.
    static bool MayPingCalled(Candidate candidate, long nowMs) =>
        (candidate.PingedMs == Candidate.Never || nowMs - candidate.PingedMs >= DiscoTimes.PingSpacing) && candidate.Peer.CalledPings.TryTake(nowMs);

    void SetCalled(DiscoPeer peer, in CallMeMaybeMessage call)
    {
        List<Candidate> all = peer.Candidates;
        foreach (Candidate candidate in all)
        {
            candidate.Origin &= ~CandidateOrigin.Called;
        }

        int taken = 0;
        for (int i = 0; i < call.Count && taken < MostCalled; i++)
        {
            ReadOnlySpan<byte> endpoint = call[i];
            if (!EndpointCheck.IsWorthAPing(endpoint))
            {
                continue;
            }

            Candidate? known = Find(all, endpoint);
            if (known is null)
            {
                known = new Candidate(peer, endpoint.ToArray());
                all.Add(known);
            }

            known.Origin |= CandidateOrigin.Called;
            taken++;
        }

        DropOrphans(peer);
    }
}
