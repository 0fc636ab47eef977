using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Node.Engine;
using MeshIoT.Stun;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Tests;

/// <summary>A STUN server on loopback that can be told to be silent or to lie.</summary>
sealed class LoopbackStun : IAsyncDisposable
{
    readonly UdpClient udp = new(new IPEndPoint(IPAddress.Loopback, 0));
    readonly CancellationTokenSource stop = new();
    readonly Task loop;
    int requests;

    public LoopbackStun() => loop = Task.Run(RunAsync);

    public int Port => ((IPEndPoint)udp.Client.LocalEndPoint!).Port;

    /// <summary>Requests of our kind that came.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Takes requests and says nothing.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What it claims to see; null: the truth.</summary>
    public IPEndPoint? Claim { get; set; }

    /// <summary>A map of regions 1, 2, … with one such server each; none of them relays anything.</summary>
    public static DerpMap MapOf(params LoopbackStun[] servers)
    {
        System.Collections.Generic.Dictionary<int, DerpRegion?> regions = [];
        for (int i = 0; i < servers.Length; i++)
        {
            int id = i + 1;
            regions[id] = new DerpRegion
            {
                RegionID = id, RegionCode = $"r{id}", RegionName = $"Region {id}",
                Nodes = [new DerpNode { Name = $"{id}a", RegionID = id, HostName = "127.0.0.1", IPv4 = "127.0.0.1", IPv6 = "none", STUNPort = servers[i].Port, DERPPort = 1 }],
            };
        }

        return new DerpMap { Regions = regions };
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        udp.Dispose();
        stop.Dispose();
    }

    async Task RunAsync()
    {
        byte[] answer = new byte[StunResponse.MaxSize];
        try
        {
            while (true)
            {
                UdpReceiveResult got = await udp.ReceiveAsync(stop.Token);
                int length = StunServer.Answer(got.Buffer, Endpoints.FromIPEndPoint(Claim ?? got.RemoteEndPoint), answer, out StunFault fault);
                if (fault == StunFault.None)
                {
                    Interlocked.Increment(ref requests);
                }

                if (length > 0 && !IsSilent)
                {
                    await udp.SendAsync(answer.AsMemory(0, length), got.RemoteEndPoint, stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }
}
