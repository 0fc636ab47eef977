using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>The netmap that a node keeps while it is off.</summary>
public class NetmapFileTests
{
    readonly ManualTime time = new();

    static byte[] Write(Netmap netmap)
    {
        MemoryStream file = new();
        NetmapFile.Write(file, netmap);
        return file.ToArray();
    }

    Netmap? Read(byte[] file, NodePublicKey? key = null) => NetmapFile.ReadAsync(new MemoryStream(file), key, time, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    [Fact]
    public void What_is_written_is_read_again() => SampleFrames.Any.Sample(
        message =>
        {
            Netmap netmap = new NetmapBuilder(null, new ManualTime()).Apply(message);
            Netmap? again = Read(Write(netmap));
            return again is not null && again.Peers.SequenceEqual(netmap.Peers) && Write(again).AsSpan().SequenceEqual(Write(netmap))
                && again.PacketFilter.Count == netmap.PacketFilter.Count && again.Domain == netmap.Domain && again.Users.Count == netmap.Users.Count;
        },
        iter: 200,
        threads: 1);

    [Fact]
    public void A_file_cut_short_or_of_another_node_is_no_netmap()
    {
        byte[] file = Write(new NetmapBuilder(null, time).Apply(SampleFrames.Everything()));
        Assert.NotNull(Read(file));
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Null(Read(file[..length]));
        }

        Assert.Null(Read(file, NodePrivateKey.Generate(new SystemRandomSource()).PublicKey));
        Assert.Null(Read(Encoding.UTF8.GetBytes("""{"KeepAlive":true}""")));
        Assert.Null(Read([]));
    }

    [Fact]
    public void No_private_key_is_in_it() => Assert.DoesNotContain("priv", Encoding.UTF8.GetString(Write(new NetmapBuilder(null, time).Apply(SampleFrames.Everything()))));
}
