using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Tailcfg;
using Xunit;
using ZstdSharp;

namespace MeshIoT.Control.Tests;

/// <summary>Frames that come as zstd. control-plane.md section 5.2.</summary>
public class ZstdFrameTests
{
    static byte[] Pack(byte[] json, int level = 3)
    {
        using Compressor compressor = new(level);
        return compressor.Wrap(json).ToArray();
    }

    static Task<(MapFrame? Frame, MapFrameFault Fault)> ReadAsync(byte[] packed, MapFrameLimits? limits = null) =>
        MapFrameReaderTests.ReadOneAsync(new Dripping(StandIn.Frame(packed), new Random(packed.Length)), limits);

    [Fact]
    public void A_compressed_frame_is_the_frame() => Gen.Select(SampleFrames.Any, Gen.Int[1, 9]).Sample(
        (message, level) =>
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, TailcfgJson.Default.MapResponse);
            MapFrame expected = MapFrame.From(JsonSerializer.Deserialize(json, TailcfgJson.Default.MapResponse)!);
            MapFrame? got = ReadAsync(Pack(json, level)).GetAwaiter().GetResult().Frame;
            return got is not null && SampleFrames.Same(expected, got);
        },
        iter: 100);

    [Fact]
    public async Task A_stored_frame_of_a_server_without_compressor_is_read()
    {
        byte[] stored = [.. Convert.FromHexString("28b52ffda012000000910000"), .. "{\"KeepAlive\":true}"u8];
        Assert.True((await ReadAsync(stored)).Frame!.KeepAlive);
    }

    [Fact]
    public async Task Plain_and_compressed_frames_may_alternate_on_one_stream()
    {
        byte[] keepAlive = "{\"KeepAlive\":true}"u8.ToArray();
        byte[] all = [.. StandIn.Frame(Pack(keepAlive)), .. StandIn.Frame("{}"u8.ToArray()), .. StandIn.Frame(keepAlive), .. StandIn.Frame(Pack("{}"u8.ToArray())), .. StandIn.Frame(Pack(keepAlive))];
        MapFrameReader reader = new(new Dripping(all, new Random(1)), new MapFrameLimits());
        foreach (bool expected in (bool[])[true, false, true, false, true])
        {
            Assert.Equal(expected, (await reader.ReadAsync(TestContext.Current.CancellationToken))!.KeepAlive);
        }

        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(MapFrameFault.None, reader.Fault);
    }

    [Fact]
    public async Task A_bomb_is_refused_for_what_it_unpacks_to_and_costs_no_memory()
    {
        byte[] bomb = Pack(Encoding.UTF8.GetBytes("{\"Unknown\":[" + new string(' ', 40_000_000) + "]}"));
        Assert.InRange(bomb.Length, 1, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        (MapFrame? frame, MapFrameFault fault) = await MapFrameReaderTests.ReadOneAsync(new MemoryStream(StandIn.Frame(bomb)), new MapFrameLimits(MaxUnpackedBytes: 10_000_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Null(frame);
        Assert.Equal(MapFrameFault.TooLong, fault);

        byte[] entry = Pack(Encoding.UTF8.GetBytes("{\"Domain\":\"" + new string('x', 40_000_000) + "\"}"));
        Assert.Equal(MapFrameFault.EntryTooLong, (await ReadAsync(entry)).Fault);
    }

    [Fact]
    public async Task A_window_beyond_8_MiB_is_refused()
    {
        // Frame header: magic, descriptor 0 (no size, window follows), window log 10 + (27 - 10): 128 MiB.
        byte[] greedy = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (27 - 10) << 3, 0x01, 0x00, 0x00];
        Assert.Equal(MapFrameFault.NotUnpackable, (await ReadAsync(greedy)).Fault);
    }

    [Fact]
    public async Task A_compressed_frame_cut_or_flipped_is_no_frame_or_another_and_never_more()
    {
        byte[] packed = Pack(JsonSerializer.SerializeToUtf8Bytes(SampleFrames.Everything(), TailcfgJson.Default.MapResponse));
        for (int length = 4; length < packed.Length; length++)
        {
            Assert.Equal(MapFrameFault.CutOff, (await MapFrameReaderTests.ReadOneAsync(new MemoryStream(StandIn.Frame(packed)[..(length + 4)]))).Fault);
            Assert.Null((await ReadAsync(packed[..length])).Frame);
        }

        Random random = new(5);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. packed];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            (MapFrame? frame, MapFrameFault fault) = await ReadAsync(bytes);
            Assert.Equal(frame is null, fault != MapFrameFault.None);
        }
    }
}
