using System.Collections.Generic;
using System.Net;
using MeshIoT.Disco;
using MeshIoT.Paths.Peers;

namespace MeshIoT.Node.Engine;

/// <content>What a person may want to know of a peer's paths.</content>
internal sealed partial class PacketEngine
{
    /// <summary>How the peer with the address is reached; null: no peer has it. Engine thread.</summary>
    internal PathFacts? FactsOf(IPAddress target, long nowMs)
    {
        if (device is null || Routes.Find(target.GetAddressBytes()) is not { } entry)
        {
            return null;
        }

        PathFacts facts = new(entry.Plan, entry.Cell)
        {
            HomeIsConnected = relay is not null && entry.Plan.Home != 0 && relay.IsConnected(entry.Plan.Home),
        };
        if (entry.Slot is not { } slot)
        {
            return facts with { Candidates = Untried(entry.Plan) };
        }

        SendChoice choice = slot.Path.Choose(nowMs);
        int reached = slot.Path.Reached;
        return facts with
        {
            Direct = choice.Direct?.Clone() as byte[],
            Region = choice.ByRelay ? RegionOf(slot) : 0,
            Reached = reached,
            ReachedIsConnected = relay is not null && reached != 0 && relay.IsConnected(reached),
            HasBest = slot.Disco?.Best is not null,
            TrustLeftMs = slot.Disco?.TrustLeftMs(nowMs) ?? -1,
            IsPinged = slot.Disco?.IsPinged ?? slot.Peer.HasSession(nowMs),
            Candidates = slot.Disco is { } peer ? DiscoDevice.Explain(peer, nowMs) : Untried(slot.Plan),
        };
    }

    static List<CandidateFacts> Untried(PeerPlan plan)
    {
        List<CandidateFacts> all = [];
        for (int at = 0; at < plan.Candidates.Length; at += Endpoints.Size)
        {
            all.Add(CandidateFacts.Untried(plan.Candidates[at..(at + Endpoints.Size)]));
        }

        return all;
    }
}
