using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using Xunit;
using ZstdSharp;

namespace MeshIoT.Sim.Tests;

/// <summary>Map frames: cut, packed, hostile, and what is read of them.</summary>
public class MapTests
{
    const string First = """{"Node":{"ID":7,"Endpoints":["198.18.0.9:41641"]},"DERPMap":{"Regions":{"1":{"Nodes":[{"Name":"x"}]}}},"Peers":[{"ID":1,"Endpoints":["198.19.1.2:41641","192.0.2.1:1"],"Hostinfo":{"a":[{}]}},{"ID":2}]}""";
    const string Later = """{"PeersChangedPatch":[{"NodeID":2,"Endpoints":["198.18.0.5:1"]},{"NodeID":1,"Online":true}],"PeersRemoved":[1,3]}""";

    sealed class Log : IMapSink
    {
        public List<string> Said { get; } = [];

        public void OnSelf(long nodeId) => Said.Add($"self {nodeId}");

        public void OnAllPeers() => Said.Add("all");

        public void OnPeer(long nodeId, int change) => Said.Add($"peer {nodeId} {change}");

        public void OnRemoved(long nodeId) => Said.Add($"gone {nodeId}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frames_say_the_same_wherever_the_stream_is_cut(bool zstd)
    {
        byte[] wire = [.. Frame(First, zstd), .. Frame("""{"KeepAlive":true}""", zstd), .. Frame(Later, zstd)];
        for (int cut = 0; cut <= wire.Length; cut++)
        {
            Log log = new();
            MapFrames frames = new(zstd, json => MapScan.Read(json, log));
            frames.Feed(wire.AsSpan(0, cut));
            frames.Feed(wire.AsSpan(cut));
            Assert.Equal(["self 7", "all", "peer 1 65794", "peer 2 -1", "peer 2 5", "peer 1 -1", "gone 1", "gone 3"], log.Said);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0xffffffffu)]
    [InlineData((64u << 20) + 1)]
    public void A_length_out_of_bounds_is_a_fault_before_anything_is_kept(uint length)
    {
        byte[] header = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(header, length);
        Assert.Throws<InvalidDataException>(() => new MapFrames(false, _ => { }).Feed(header));
    }

    [Fact]
    public void Flipped_bits_end_in_a_fault_or_are_read_as_something_else()
    {
        byte[] json = Encoding.ASCII.GetBytes(First);
        Random random = new(7);
        for (int i = 0; i < 3000; i++)
        {
            byte[] changed = [.. json];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                MapScan.Read(changed, new Log());
            }
            catch (JsonException)
            {
            }
        }
    }

    [Fact]
    public void Every_change_has_an_endpoint_of_its_own()
    {
        for (int change = 0; change <= ChangeEndpoint.Max; change += 97)
        {
            Assert.Equal(change, ChangeEndpoint.Parse(Encoding.ASCII.GetBytes(ChangeEndpoint.Format(change))));
        }

        foreach (string other in new[] { "", "x", "192.0.2.1:41641", "[2001:db8::1]:1", "198.20.0.1:1" })
        {
            Assert.Equal(-1, ChangeEndpoint.Parse(Encoding.ASCII.GetBytes(other)));
        }
    }

    static byte[] Frame(string json, bool zstd)
    {
        using Compressor compressor = new();
        byte[] payload = zstd ? compressor.Wrap(Encoding.UTF8.GetBytes(json)).ToArray() : Encoding.UTF8.GetBytes(json);
        byte[] header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
        return [.. header, .. payload];
    }
}
