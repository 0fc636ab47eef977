using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CsCheck;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>What a netmap says of how it differs from the one before it.</summary>
public class NetmapChangesTests
{
    const string First = """{"Node":{"ID":1},"Peers":[{"ID":2,"Name":"b."},{"ID":3,"Name":"c."},{"ID":4,"Name":"d."}],"DNSConfig":{},"DERPMap":{"Regions":{}},"PacketFilter":[]}""";

    readonly ManualTime time = new();

    static MapResponse Read(string json) => JsonSerializer.Deserialize(json, TailcfgJson.Default.MapResponse)!;

    static string Text(NetmapChanges changes) => string.Join(' ', [
        .. changes.Peers.Select(p => "~" + p.ID).Order(), .. changes.Removed.Select(p => "-" + p.ID).Order(),
        .. new[] { (changes.Self, "self"), (changes.PacketFilter, "filter"), (changes.Dns, "dns"), (changes.Derp, "derp"), (changes.Others, "others") }.Where(p => p.Item1).Select(p => p.Item2)]);

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"PeersChanged":[{"ID":2,"Name":"b."}]}""", "")]
    [InlineData("""{"PeersChanged":[{"ID":2,"Name":"b2."},{"ID":5}]}""", "~2 ~5")]
    [InlineData("""{"PeersRemoved":[3,9]}""", "-3")]
    [InlineData("""{"PeersRemoved":[3],"PeersChanged":[{"ID":3,"Name":"c."}]}""", "")]
    [InlineData("""{"PeersRemoved":[3],"PeersChanged":[{"ID":3,"Name":"e."}]}""", "~3")]
    [InlineData("""{"OnlineChange":{"2":true},"PeersChangedPatch":[{"NodeID":4,"DERPRegion":3},{"NodeID":99}]}""", "~2 ~4")]
    [InlineData("""{"Peers":[{"ID":2,"Name":"b."},{"ID":4,"Name":"x."},{"ID":6}]}""", "~4 ~6 -3")]
    [InlineData("""{"Node":{"ID":3}}""", "-3 self")]
    [InlineData("""{"DNSConfig":{"Proxied":true}}""", "dns")]
    [InlineData("""{"DERPMap":{"Regions":{"1":{"RegionID":1}}}}""", "derp")]
    [InlineData("""{"PacketFilters":{"x":[{"SrcIPs":["*"]}]}}""", "filter")]
    [InlineData("""{"Domain":"d"}""", "others")]
    [InlineData("""{"KeepAlive":true,"ClientVersion":{"RunningLatest":true}}""", "others")]
    public void Only_what_differs_is_named(string delta, string expected)
    {
        NetmapBuilder builder = new(null, time);
        Netmap before = builder.Apply(Read(First));
        Assert.Equal("~2 ~3 ~4 self filter dns derp", Text(before.Changes));
        Netmap after = builder.Apply(Read(delta));
        Assert.Equal(expected, expected.Length == 0 ? "" : Text(after.Changes));
        Assert.Equal(expected.Length == 0, ReferenceEquals(before, after));
        Assert.Equal(expected.Length == 0 ? 1 : 2, after.Version);
    }

    [Fact]
    public void A_new_stream_is_compared_with_the_netmap_in_use_and_shares_what_is_the_same()
    {
        Netmap before = new NetmapBuilder(null, time).Apply(Read(First));
        NetmapBuilder builder = new(null, time, before);
        Assert.Same(before.Peers, builder.Current.Peers);
        Netmap after = builder.Apply(Read("""{"Node":{"ID":1},"Peers":[{"ID":2,"Name":"b."},{"ID":4,"Name":"new."},{"ID":5}]}"""));
        Assert.StartsWith("~4 ~5 -3", Text(after.Changes));
        Assert.Equal(2, after.Version);
        Assert.Same(before.FindPeer(2), after.FindPeer(2));
        Assert.Null(after.Dns); // nothing of the old stream survives
    }

    /// <summary>Whoever follows the changes has what whoever takes the whole has, and a later netmap leaves an earlier one as it was.</summary>
    [Fact]
    public void Following_the_changes_leads_to_the_same_peers() => SampleFrames.Any.Array[1, 12].Sample(
        frames =>
        {
            NetmapBuilder builder = new(null, new ManualTime());
            Dictionary<long, Peer> followed = [];
            List<(Netmap Netmap, Peer[] Peers)> history = [];
            foreach (MapResponse frame in frames)
            {
                Netmap was = builder.Current, now = builder.Apply(frame);
                if (!ReferenceEquals(was, now))
                {
                    foreach (Peer removed in now.Changes.Removed)
                    {
                        followed.Remove(removed.ID);
                    }

                    foreach (Peer changed in now.Changes.Peers)
                    {
                        followed[changed.ID] = changed;
                    }
                }

                history.Add((now, [.. now.Peers]));
                if (!followed.Values.OrderBy(p => p.ID).SequenceEqual(now.Peers))
                {
                    return false;
                }
            }

            return history.All(h => h.Peers.SequenceEqual(h.Netmap.Peers));
        },
        iter: 150);
}
