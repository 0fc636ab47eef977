using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A stand-in for coordinator and netcheck: tells nodes of each other's endpoints, keys and homes, and moves homes off dead relays.</summary>
sealed class Coordinator(VirtualNet net)
{
    const long LookEveryMs = 1_000, TellAfterMs = 300, DeadAfterMs = 3_000;

    readonly Dictionary<int, long> downSince = [];
    readonly Dictionary<int, string> told = [];

    /// <summary>Nobody hears anything while it is away.</summary>
    public bool IsAway { get; set; }

    public void Start() => Look();

    /// <summary>Every node hears of the others now.</summary>
    public void TellAll()
    {
        foreach (VirtualNode one in net.Nodes)
        {
            foreach (VirtualNode other in net.Nodes.Where(other => other != one))
            {
                one.Learn(other);
            }
        }
    }

    void Look()
    {
        foreach (VirtualNode node in net.Nodes)
        {
            int home = node.Relay.Home;
            bool dead = !net.Relays.Up.Contains(home);
            long since = dead ? Math.Min(net.NowMs, downSince.GetValueOrDefault(node.Number, long.MaxValue)) : long.MaxValue;
            downSince[node.Number] = since;
            if (dead && net.NowMs - since >= DeadAfterMs && net.Relays.Up.Count > 0 && !IsAway && !node.Asleep)
            {
                node.Relay.SetHome(net.Relays.Up.Min);
            }

            string says = $"{node.Disco.PublicKey} {node.Relay.Home} {Convert.ToHexString(node.Endpoints.Packed)}";
            if (!IsAway && !node.Asleep && says != told.GetValueOrDefault(node.Number))
            {
                told[node.Number] = says;
                net.Later(TellAfterMs, TellAll);
            }
        }

        net.Later(LookEveryMs, Look);
    }
}
