using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Stun;
using static MeshIoT.Paths.Tests.NetCheck.Places;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>STUN servers on a virtual clock, each with its distance and its honesty; drives a check to its end.</summary>
internal sealed class VirtualServers : NetCheckHost
{
    readonly Dictionary<string, Server> servers = [];
    readonly List<(TimeSpan At, byte[] Datagram)> onTheWay = [];
    readonly List<StunTransaction> refused = [];
    readonly List<(TimeSpan At, int Region, TimeSpan? Latency)> https = [];

    /// <summary>Where everybody sees this node; a server may see it elsewhere.</summary>
    public string Seen { get; set; } = "203.0.113.7:41641";

    public string SeenV6 { get; set; } = "[2001:db8:f::7]:41641";

    /// <summary>The system refuses to send to IPv6.</summary>
    public bool RefusesV6 { get; set; }

    /// <summary>HTTPS round trip of each region that answers.</summary>
    public Dictionary<int, int> HttpsMs { get; } = [];

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(5000);

    public List<(TimeSpan After, string To)> Sent { get; } = [];

    public List<int> HttpsAsked { get; } = [];

    TimeSpan begun;

    public VirtualServers Add(string endpoint, int ms, Func<int, byte[], StunTransaction, byte[]?>? answer = null, int lost = 0)
    {
        servers[endpoint] = new Server(TimeSpan.FromMilliseconds(ms), answer, lost);
        return this;
    }

    /// <summary>Honest servers for the regions of <see cref="Places.Map"/>.</summary>
    public VirtualServers AddRegions(params (int Region, int Ms)[] regions)
    {
        foreach ((int region, int ms) in regions)
        {
            Add($"198.51.100.{region}:3478", ms);
            Add($"[2001:db8::{region:x}]:3478", ms + 1);
        }

        return this;
    }

    public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18, StunTransaction transaction)
    {
        string to = EndpointText.ToIPEndPoint(endpoint18.ToArray()).ToString();
        Sent.Add((Now - begun, to));
        if (RefusesV6 && to.StartsWith('['))
        {
            refused.Add(transaction);
            return;
        }

        if (servers.TryGetValue(to, out Server? server) && server.Asked++ >= server.Lost)
        {
            string seen = to.StartsWith('[') ? SeenV6 : Seen;
            byte[] honest = new byte[StunResponse.MaxSize];
            honest = honest[..StunServer.Answer(datagram, Endpoint(seen), honest, out _)];
            if ((server.Answer is null ? honest : server.Answer(server.Asked, honest, transaction)) is { } answer)
            {
                onTheWay.Add((Now + server.Latency, answer));
            }
        }
    }

    public NetCheckReport Run(NetCheckRun run, Action<NetCheckRun>? meanwhile = null)
    {
        begun = Now;
        for (int steps = 0; !run.IsDone; steps++)
        {
            if (steps > 10_000)
            {
                throw new InvalidOperationException("the check does not end");
            }

            run.Poll(Now, this);
            foreach (StunTransaction transaction in refused)
            {
                run.NotSent(transaction);
            }

            refused.Clear();
            foreach (ProbeRegion region in run.TakeHttpsWanted())
            {
                HttpsAsked.Add(region.RegionId);
                if (HttpsMs.TryGetValue(region.RegionId, out int ms))
                {
                    https.Add((Now + TimeSpan.FromMilliseconds(3 * ms), region.RegionId, TimeSpan.FromMilliseconds(ms)));
                }
            }

            meanwhile?.Invoke(run);
            run.Poll(Now, this);
            if (run.IsDone)
            {
                break;
            }

            TimeSpan next = onTheWay.Select(static d => d.At).Concat(https.Select(static h => h.At)).Append(run.NextWake).Min();
            Now = next > Now ? next : Now;
            foreach ((TimeSpan _, byte[] datagram) in Take(onTheWay, d => d.At <= Now))
            {
                run.Receive(datagram, Now);
            }

            foreach ((TimeSpan _, int region, TimeSpan? latency) in Take(https, h => h.At <= Now))
            {
                run.HttpsAnswered(region, latency);
            }
        }

        Took = Now - begun;
        return run.Result();
    }

    public TimeSpan Took { get; private set; }

    public void Pass(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    static List<T> Take<T>(List<T> list, Predicate<T> which)
    {
        List<T> taken = list.FindAll(which);
        list.RemoveAll(which);
        return taken;
    }

    sealed class Server(TimeSpan latency, Func<int, byte[], StunTransaction, byte[]?>? answer, int lost)
    {
        public TimeSpan Latency => latency;

        public Func<int, byte[], StunTransaction, byte[]?>? Answer => answer;

        public int Lost => lost;

        public int Asked { get; set; }
    }
}
