using System;
using System.Linq;
using CsCheck;
using Xunit;

namespace MeshIoT.Node.Tests.Memory;

/// <summary>
/// Under steady traffic, a packet every millisecond each way, nothing is lost that the network did not lose, and nothing comes twice: through rekeys
/// (WireGuard paper, section 6.1: 120 s), addresses that change, paths that end and better ones that come. Virtual time, real cryptography.
/// </summary>
public class SteadyTrafficTests
{
    const byte Near = 1, Far = 2;

    // What a path that died costs at most until it is found out: a probe that was just answered, the pause to the next, its pong's time.
    const int MostPerEvent = 1_000;

    enum Event
    {
        None,
        Moves,
        MovesAndSaysSo,
        NearIsCut,
        NearIsBack,
        NetmapComes,
        LinkIsMinor,
    }

    sealed class Pair : IDisposable
    {
        const int Most = 400_000;

        readonly MemoryNode[] nodes = new MemoryNode[2];
        readonly byte[][] packets;
        int moves;

        public Pair()
        {
            Network.SetDelay(Near, 1);
            Network.SetDelay(Far, 9);
            nodes[0] = new MemoryNode(Network, 1, Most, "192.168.1.10", "198.51.2.10");
            nodes[1] = new MemoryNode(Network, 2, Most, "192.168.1.20", "198.51.2.20");
            packets = [nodes[0].PacketTo(nodes[1], 200), nodes[1].PacketTo(nodes[0], 200)];
            TellAll();
        }

        public MemoryNetwork Network { get; } = new();

        public int Sent => nodes.Sum(static node => node.Host.Sent);

        public int Missing => nodes.Sum(static node => node.Host.Sent) - nodes.Sum(static node => node.Host.Delivered);

        public int Wrong => nodes.Sum(static node => node.Host.Wrong);

        public long Handshakes(int at) => nodes[at].Engine.Cells[nodes[1 - at].Key.PublicKey].LastHandshakeMs;

        public void TellAll()
        {
            nodes[0].Know(nodes[1].AsPeer());
            nodes[1].Know(nodes[0].AsPeer());
        }

        public void Happen(Event what, int who)
        {
            switch (what)
            {
                case Event.Moves:
                    nodes[who].Port.MoveTo($"192.168.1.{30 + (moves++ % 200)}");
                    break;
                case Event.MovesAndSaysSo:
                    nodes[who].Port.MoveTo($"192.168.1.{30 + (moves++ % 200)}");
                    nodes[who].Engine.LinkChanged(major: true);
                    break;
                case Event.NearIsCut:
                    Network.Cut(Near, isCut: true);
                    break;
                case Event.NearIsBack:
                    Network.Cut(Near, isCut: false);
                    break;
                case Event.NetmapComes:
                    TellAll();
                    break;
                case Event.LinkIsMinor:
                    nodes[who].Engine.LinkChanged(major: false);
                    break;
                default:
                    break;
            }
        }

        /// <summary>Lets time pass, with a packet each way every so many milliseconds.</summary>
        public void Run(long ms, int every = 1)
        {
            for (long i = 0; i < ms; i += every)
            {
                nodes[0].Host.Send(packets[0]);
                nodes[1].Host.Send(packets[1]);
                for (int step = 0; step < every; step++)
                {
                    Settle();
                    Network.Advance(1);
                }
            }
        }

        /// <summary>Lets what is under way arrive.</summary>
        public void Rest()
        {
            for (int i = 0; i < 100; i++)
            {
                Settle();
                Network.Advance(1);
            }
        }

        public void Dispose() => Array.ForEach(nodes, static node => node.Dispose());

        // A port in memory hands over one datagram at a time; a few rounds without news mean that nothing is there.
        void Settle()
        {
            for (int quiet = 0; quiet < 2;)
            {
                int before = nodes[0].Host.Delivered + nodes[1].Host.Delivered;
                bool more = nodes[0].Engine.Step(Network.NowMs) | nodes[1].Engine.Step(Network.NowMs);
                quiet = more || nodes[0].Host.Delivered + nodes[1].Host.Delivered != before ? 0 : quiet + 1;
            }
        }
    }

    [Fact]
    public void Rekeys_lose_nothing_at_all()
    {
        using Pair pair = new();
        pair.Run(100, every: 10);
        long first = pair.Handshakes(0);
        int rekeys = 0;
        for (int second = 0; second < 130; second++)
        {
            pair.Run(1_000, every: second is > 117 and < 127 ? 1 : 20);
            rekeys += pair.Handshakes(0) != first ? 1 : 0;
            first = pair.Handshakes(0);
        }

        pair.Rest();
        Assert.True(rekeys >= 1, "keys are 120 s old by then");
        Assert.True(pair.Sent > 20_000);
        Assert.Equal(0, pair.Network.LostData);
        Assert.Equal((0, 0), (pair.Missing, pair.Wrong));
    }

    [Fact]
    public void Five_minutes_with_an_event_every_ten_seconds_lose_only_what_the_network_lost()
    {
        using Pair pair = new();
        pair.Run(2_000);
        Event[] script = [Event.Moves, Event.NetmapComes, Event.NearIsCut, Event.NearIsBack, Event.MovesAndSaysSo, Event.LinkIsMinor];
        int events = 0;
        for (int tens = 0; tens < 30; tens++)
        {
            Event what = script[tens % script.Length];
            events += what is Event.Moves or Event.MovesAndSaysSo or Event.NearIsCut ? 1 : 0;
            pair.Happen(what, tens / script.Length % 2);
            pair.Run(10_000, every: 2);
        }

        pair.Rest();
        TestContext.Current.TestOutputHelper?.WriteLine($"{pair.Sent} sent, {pair.Network.LostData} lost by the network in {events} events, {pair.Missing} missing");
        Assert.Equal(0, pair.Wrong);
        Assert.True(pair.Missing <= pair.Network.LostData, $"{pair.Missing} are missing, {pair.Network.LostData} were lost by the network");
        Assert.True(pair.Network.LostData <= events * MostPerEvent, $"{pair.Network.LostData} went to dead addresses in {events} events");
    }

    [Fact]
    public void Whatever_happens_around_a_rekey_nothing_is_lost_that_the_network_did_not_lose()
    {
        Gen<(Event What, int Who, int AfterMs)> happening = Gen.Select(Gen.Enum<Event>(), Gen.Int[0, 1], Gen.Int[0, 1_500]);
        happening.Array[1, 6].Sample(
            script =>
            {
                using Pair pair = new();
                pair.Run(117_000, every: 500);
                pair.Run(1_000);
                foreach ((Event what, int who, int afterMs) in script)
                {
                    pair.Run(afterMs);
                    pair.Happen(what, who);
                }

                pair.Happen(Event.NearIsBack, 0);
                pair.Happen(Event.NetmapComes, 0);
                pair.Run(4_000);
                pair.Rest();
                Assert.Equal(0, pair.Wrong);
                Assert.True(pair.Missing <= pair.Network.LostData, $"{pair.Missing} are missing, {pair.Network.LostData} were lost by the network");
            },
            iter: 100,
            threads: 1);
    }
}
