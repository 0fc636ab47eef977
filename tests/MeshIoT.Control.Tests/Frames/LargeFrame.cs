using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control.Tests;

/// <summary>
/// The first frame of a large tailnet as it comes over the network: made while it is read, so that it is nowhere in memory. Measures what is alive
/// now and then.
/// </summary>
internal sealed class LargeFrame : MemoryStream
{
    readonly int peers;
    readonly long liveAtStart = GC.GetTotalMemory(forceFullCollection: true);
    int next = -1;
    byte[] pending = [];
    int taken;

    public LargeFrame(int peers)
    {
        this.peers = peers;
        int length = 0;
        for (int i = 0; i <= peers; i++)
        {
            length += Piece(i).Length;
        }

        pending = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(pending, length);
    }

    public long Sent { get; private set; }

    public long MostLive { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (taken == pending.Length)
        {
            if (++next > peers)
            {
                return ValueTask.FromResult(0);
            }

            if (next % (1 + (peers / 8)) == 0)
            {
                MostLive = Math.Max(MostLive, GC.GetTotalMemory(forceFullCollection: true) - liveAtStart);
            }

            (pending, taken) = (Piece(next), 0);
        }

        int count = Math.Min(buffer.Length, pending.Length - taken);
        pending.AsSpan(taken, count).CopyTo(buffer.Span);
        taken += count;
        Sent += count;
        return ValueTask.FromResult(count);
    }

    byte[] Piece(int i) => Encoding.UTF8.GetBytes(i == 0
        ? """{"Node":{"ID":1,"Name":"self.tail.example.","Addresses":["100.64.0.1/32"]},"DERPMap":{"Regions":{}},"Domain":"tail.example","Peers":["""
        : JsonSerializer.Serialize(Peer(i), TailcfgJson.Default.Node) + (i == peers ? "]}" : ","));

    // As a coordinator sends a gateway: two addresses, three endpoints, tags, a few words about the host.
    static Node Peer(int i)
    {
        byte[] key = SHA256.HashData(BitConverter.GetBytes(i));
        string v4 = $"100.{64 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}", v6 = $"fd7a:115c:a1e0::{i >> 16:x}:{i & 0xffff:x}";
        return new Node
        {
            ID = 1000 + i,
            StableID = $"nStable{i:x8}CNTRL",
            Name = $"gateway-{i:00000}.tail252fff.example.net.",
            User = 7326703659639870 + (i % 50),
            Key = NodePublicKey.FromBytes(key),
            Machine = MachinePublicKey.FromBytes(key),
            DiscoKey = DiscoPublicKey.FromBytes(key),
            Addresses = [v4 + "/32", v6 + "/128"],
            AllowedIPs = [v4 + "/32", v6 + "/128"],
            Endpoints = [$"203.0.{(i >> 8) & 255}.{i & 255}:41641", $"192.168.1.{i & 255}:41641", $"[2001:db8:{i & 0xffff:x}::2]:41641"],
            HomeDERP = 1 + (i % 20),
            Hostinfo = new Hostinfo { OS = "linux", Hostname = $"gateway-{i:00000}", Services = [new Service { Proto = "peerapi4", Port = 40000 }, new Service { Proto = "peerapi6", Port = 40001 }] },
            Created = DateTimeOffset.UnixEpoch.AddMinutes(i),
            Cap = 130,
            Tags = ["tag:gateway", "tag:site" + (i % 100)],
            Online = i % 3 != 0,
            LastSeen = i % 3 == 0 ? DateTimeOffset.UnixEpoch.AddSeconds(i) : null,
            KeyExpiry = new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero),
            MachineAuthorized = true,
        };
    }
}
