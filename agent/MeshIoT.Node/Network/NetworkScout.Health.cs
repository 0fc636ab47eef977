using System.Linq;
using MeshIoT.Health;
using MeshIoT.Node.Session;
using MeshIoT.Paths.NetCheck;

namespace MeshIoT.Node.Network;

/// <content>What a report means for a person; each report replaces what the one before said.</content>
internal sealed partial class NetworkScout
{
    const int MostNamed = 5;

    void Tell(NetCheckReport seen)
    {
        int relays = seen.Regions.Count;
        bool anyHttps = seen.Regions.Any(static region => region.Https is not null);
        Show(HealthTopic.Internet, seen.Udp || seen.RequestsSent + relays == 0 ? null
            : !anyHttps ? Faults.NoRelayAnswers.With(relays)
            : seen.RequestsSent > 0 ? Faults.UdpBlocked.With(seen.RequestsSent)
            : null);
        Show(HealthTopic.Nat, seen is { MappingVariesByDestIP: true, HavePortMap: false } ? Faults.HardNat.With() : null);
        string missing;
        lock (gate)
        {
            // Regions that this check did not ask are as they were.
            foreach (RegionReport region in seen.Regions)
            {
                silent.Remove(region.RegionId);
                if (region.IsSilent)
                {
                    silent.Add(region.RegionId, region.Code);
                }
            }

            missing = string.Join(", ", silent.Values.Take(MostNamed)) + (silent.Count > MostNamed ? ", …" : "");
            isTroubled = relays > 0 && (!seen.Udp || silent.ContainsKey(chosen));
        }

        Show(HealthTopic.Relays, seen.Udp && missing.Length > 0 ? Faults.StunSilent.With(missing) : null);
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
