using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Frames read while they arrive. control-plane.md section 5.2.</summary>
public class MapFrameReaderTests
{
    static readonly MapFrameLimits Limits = new();

    internal static async Task<(MapFrame? Frame, MapFrameFault Fault)> ReadOneAsync(Stream stream, MapFrameLimits? limits = null)
    {
        MapFrameReader reader = new(stream, limits ?? Limits);
        MapFrame? frame = await reader.ReadAsync(TestContext.Current.CancellationToken);
        return (frame, reader.Fault);
    }

    static Task<(MapFrame? Frame, MapFrameFault Fault)> ReadJsonAsync(string json, MapFrameLimits? limits = null) =>
        ReadOneAsync(new MemoryStream(StandIn.Frame(Encoding.UTF8.GetBytes(json))), limits);

    /// <summary>JSON, then whether it is a frame.</summary>
    [Theory]
    [InlineData("{}", true)]
    [InlineData("  { } \n", true)]
    [InlineData("""{"Unknown":{"deep":[1,2,{"x":[]}]},"Other":[[[]]],"More":"x","Domain":"d"}""", true)]
    [InlineData("""{"Peers":null,"PeersRemoved":null,"PacketFilters":null,"Node":null,"Health":null,"KeepAlive":null}""", true)]
    [InlineData("""{"pEERS":[{"iD":5},null],"DOMAIN":"d"}""", true)]
    [InlineData("", false)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    [InlineData("{}{}", false)]
    [InlineData("{} x", false)]
    [InlineData("""{"Peers":{}}""", false)]
    [InlineData("""{"Peers":[1]}""", false)]
    [InlineData("""{"PeersRemoved":["a"]}""", false)]
    [InlineData("""{"PeersRemoved":[1.5]}""", false)]
    [InlineData("""{"PacketFilters":[]}""", false)]
    [InlineData("""{"PacketFilters":{"a":{}}}""", false)]
    [InlineData("""{"Domain":7}""", false)]
    [InlineData("""{"KeepAlive":"yes"}""", false)]
    [InlineData("""{"ControlTime":"yesterday"}""", false)]
    [InlineData("""{"\ud800":1}""", false)]
    [InlineData("""{"PacketFilters":{"\ud800":[]}}""", false)]
    [InlineData("""{"Domain":"\ud800"}""", false)]
    public async Task A_frame_is_read_or_refused(string json, bool isFrame)
    {
        (MapFrame? frame, MapFrameFault fault) = json.Length == 0 ? await ReadOneAsync(new MemoryStream(new byte[4])) : await ReadJsonAsync(json);
        Assert.Equal(isFrame, frame is not null);
        Assert.Equal(isFrame ? MapFrameFault.None : json.Length == 0 ? MapFrameFault.Empty : MapFrameFault.NotReadable, fault);
    }

    [Fact]
    public async Task Names_are_known_in_any_case_and_nulls_are_left_out()
    {
        MapFrame frame = (await ReadJsonAsync("""{"pEERS":[{"iD":5,"nAME":"x.y."},null],"peersremoved":[1,null,2],"DOMAIN":"d","packetfilters":{"A":null,"b":[null,{"srcips":["s"]}]}}""")).Frame!;
        Assert.Equal("x.y.", Assert.Single(frame.Peers!).Name);
        Assert.Equal([1, 2], frame.Rest.PeersRemoved!);
        Assert.Null(frame.Rest.PacketFilters!["A"]);
        Assert.Equal("s", Assert.Single(frame.Rest.PacketFilters["b"]!).SrcIPs![0]);
    }

    [Fact]
    public async Task Nesting_without_end_is_refused_wherever_it_is()
    {
        foreach (string where in (string[])["{\"Unknown\":", "{\"SSHPolicy\":", "{\"Peers\":[", "{\"Node\":{\"CapMap\":{\"x\":", ""])
        {
            Assert.Equal(MapFrameFault.NotReadable, (await ReadJsonAsync(where + new string('[', 100_000))).Fault);
        }
    }

    [Fact]
    public async Task An_entry_longer_than_the_limit_is_refused_while_an_unknown_member_may_be_as_long_as_the_frame()
    {
        MapFrameLimits small = new(MaxEntryBytes: 64 * 1024);
        string longText = new('x', 100_000);
        Assert.Equal(MapFrameFault.EntryTooLong, (await ReadJsonAsync($$"""{"Domain":"{{longText}}"}""", small)).Fault);
        Assert.Equal(MapFrameFault.EntryTooLong, (await ReadJsonAsync($$"""{"Peers":[{"ID":1,"Name":"{{longText}}"}]}""", small)).Fault);
        string manyTexts = string.Join(',', Enumerable.Repeat("\"y\"", 100_000));
        Assert.NotNull((await ReadJsonAsync($$"""{"Unknown":[{{manyTexts}}],"Domain":"d"}""", small)).Frame);
        Assert.Equal(MapFrameFault.TooLong, (await ReadJsonAsync($$"""{"Unknown":[{{manyTexts}}]}""", new MapFrameLimits(MaxFrameBytes: 100_000))).Fault);
    }

    [Fact]
    public async Task A_frame_announced_and_not_sent_costs_nothing_and_is_cut_off()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        (MapFrame? frame, MapFrameFault fault) = await ReadOneAsync(new MemoryStream([0, 0, 0, 0x3f, .. new byte[10]]), new MapFrameLimits(MaxFrameBytes: int.MaxValue));
        Assert.Null(frame);
        Assert.Equal(MapFrameFault.CutOff, fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public async Task A_frame_cut_anywhere_is_no_frame()
    {
        byte[] whole = StandIn.Frame(SampleFrames.Everything());
        for (int length = 1; length < whole.Length; length++)
        {
            (MapFrame? frame, MapFrameFault fault) = await ReadOneAsync(new MemoryStream(whole, 0, length));
            Assert.Null(frame);
            Assert.Equal(MapFrameFault.CutOff, fault);

            // The same with a length that says the piece were all.
            if (length > 4)
            {
                Assert.Null((await ReadOneAsync(new MemoryStream(StandIn.Frame(whole[4..length])))).Frame);
            }
        }
    }

    [Fact]
    public async Task Flipped_bits_give_a_frame_or_a_fault()
    {
        Random random = new(6);
        byte[] valid = JsonSerializer.SerializeToUtf8Bytes(SampleFrames.Everything(), TailcfgJson.Default.MapResponse);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. valid];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            (MapFrame? frame, MapFrameFault fault) = await ReadOneAsync(new MemoryStream(StandIn.Frame(bytes)));
            Assert.Equal(frame is null, fault != MapFrameFault.None);
        }
    }

    [Fact]
    public void Random_bytes_give_a_fault() => Gen.Byte.Array[1, 400].Sample(
        bytes => ReadOneAsync(new MemoryStream(StandIn.Frame(bytes))).GetAwaiter().GetResult() is (null, MapFrameFault.NotReadable or MapFrameFault.NotUnpackable or MapFrameFault.CutOff),
        iter: 5000);

    /// <summary>Whatever pieces it comes in, and however small the window is, the frame is what the serializer would have read as a whole.</summary>
    [Fact]
    public void The_result_does_not_depend_on_the_pieces() => Gen.Select(SampleFrames.Any, Gen.Int[0, int.MaxValue]).Sample(
        (message, seed) =>
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, TailcfgJson.Default.MapResponse);
            MapFrame expected = MapFrame.From(JsonSerializer.Deserialize(json, TailcfgJson.Default.MapResponse)!);
            MapFrame? got = ReadOneAsync(new Dripping(StandIn.Frame(json), new Random(seed))).GetAwaiter().GetResult().Frame;
            return got is not null && SampleFrames.Same(expected, got);
        },
        iter: 400);
}

/// <summary>A stream that gives a few bytes at a time.</summary>
internal sealed class Dripping(byte[] bytes, Random random) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, random.Next(2) == 0 ? 4 : 9000))], cancellationToken);
}
