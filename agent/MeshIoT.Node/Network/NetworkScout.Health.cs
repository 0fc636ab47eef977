using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Node.Session;
using MeshIoT.Paths.NetCheck;

namespace MeshIoT.Node.Network;

/// <content>What a report means for a person; each report replaces what the one before said.</content>
internal sealed partial class NetworkScout
{
    void Tell(NetCheckReport seen)
    {
        int relays = seen.Regions.Count;
        bool anyHttps = seen.Regions.Any(static region => region.Https is not null);
        Show(HealthTopic.Internet, seen.Udp || seen.RequestsSent + relays == 0 ? null
            : !anyHttps ? Faults.NoRelayAnswers.With(relays)
            : seen.RequestsSent > 0 ? Faults.UdpBlocked.With(seen.RequestsSent)
            : null);
        Show(HealthTopic.Nat, seen is { MappingVariesByDestIP: true, HavePortMap: false } ? Faults.HardNat.With() : null);
        List<string> silent = [.. seen.Regions.Where(static region => region.IsSilent).Select(static region => region.Code)];
        Show(HealthTopic.Relays, seen.Udp && silent.Count > 0 ? Faults.StunSilent.With(string.Join(", ", silent)) : null);
        lock (gate)
        {
            isTroubled = relays > 0 && (!seen.Udp || silent.Count > 0);
        }
    }

    void Show(HealthTopic topic, FaultReport? fault)
    {
        if (fault is null)
        {
            health.Clear(topic);
        }
        else
        {
            health.Set(topic, fault);
        }
    }
}
