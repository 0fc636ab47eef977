using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Reads the frames of a map stream one by one.</summary>
internal sealed class MapReader(HttpResponseMessage response, bool zstd) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly NetmapBuilder builder = new();
    Stream? stream;

    /// <summary>The JSON of the last frame.</summary>
    public string LastJson { get; private set; } = "";

    public void Dispose() => response.Dispose();

    public Task<Stream> RawAsync() => response.Content.ReadAsStreamAsync();

    /// <summary>The next frame, or null at the end of the stream.</summary>
    public async Task<MapResponse?> NextAsync()
    {
        using CancellationTokenSource late = new(Patience);
        stream ??= await response.Content.ReadAsStreamAsync(late.Token);
        byte[] length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, late.Token) < 4)
        {
            return null;
        }

        byte[] frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        await stream.ReadExactlyAsync(frame, late.Token);
        if (zstd)
        {
            using ZstdSharp.Decompressor decompressor = new();
            frame = decompressor.Unwrap(frame).ToArray();
        }

        LastJson = System.Text.Encoding.UTF8.GetString(frame);
        MapResponse read = JsonSerializer.Deserialize(frame, TailcfgJson.Default.MapResponse)!;
        Netmap = builder.Apply(read);
        Frames++;
        return read;
    }

    /// <summary>What the frames so far come to.</summary>
    public Netmap Netmap { get; private set; } = Netmap.Empty;

    /// <summary>Frames read so far.</summary>
    public int Frames { get; private set; }

    /// <summary>Reads on until the netmap fits.</summary>
    public async Task<Netmap> UntilNetmapAsync(Func<Netmap, bool> fits)
    {
        while (!fits(Netmap))
        {
            if (await NextAsync() is null)
            {
                throw new IOException("the stream ended before the netmap came");
            }
        }

        return Netmap;
    }

    /// <summary>Reads on until there is a peer that fits.</summary>
    public async Task<Peer> UntilPeerAsync(Func<Peer, bool> fits) => (await UntilNetmapAsync(m => m.Peers.Any(fits))).Peers.First(fits);

    /// <summary>Reads on until a frame fits.</summary>
    public async Task<MapResponse> UntilAsync(Func<MapResponse, bool> fits)
    {
        while (await NextAsync() is { } frame)
        {
            if (fits(frame))
            {
                return frame;
            }
        }

        throw new IOException("the stream ended before the frame came");
    }
}
