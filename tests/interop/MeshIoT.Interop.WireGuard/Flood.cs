using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Linux;

namespace MeshIoT.Interop.WireGuard;

/// <summary>
/// Initiations with a right mac1 and nothing else right, in short bursts from several addresses: enough to fill a responder's
/// queue, so that it asks for cookies, without taking the machine from anybody else. Bounded in time and number.
/// </summary>
sealed class Flood
{
    const int InitiationSize = 148, Mac1At = 116, MacSize = 16, Variants = 64;
    const int BurstSize = 1000, BurstEveryMs = 200, MaxSeconds = 15;

    readonly byte[][] initiations = new byte[Variants][];
    readonly byte[] target;

    internal Flood(byte[] target, byte[] publicKey)
    {
        this.target = target;
        byte[] key = new byte[32], keyed = [.. "mac1----"u8, .. publicKey];
        Blake2s.Hash(keyed, 0, keyed.Length, key, 0);
        SystemRandomSource random = new();
        for (int i = 0; i < Variants; i++)
        {
            byte[] initiation = new byte[InitiationSize];
            random.Fill(initiation, 4, Mac1At - 4);
            initiation[0] = 1;
            Blake2s mac = new(MacSize, key);
            mac.Update(initiation, 0, Mac1At);
            mac.Finish(initiation, Mac1At);
            initiations[i] = initiation;
        }
    }

    /// <summary>Floods, then returns how many were sent and how many cookie replies came back.</summary>
    internal (long Sent, long CookieReplies) Run(IReadOnlyList<IPAddress> sources, int seconds)
    {
        List<UdpPort> ports = [];
        foreach (IPAddress address in sources)
        {
            ports.Add(UdpPort.Open(address, 0));
        }

        long sent = 0, replies = 0;
        byte[] buffer = new byte[2048], source = new byte[UdpPort.EndpointSize];
        long end = BootClock.NowMs + (Math.Min(seconds, MaxSeconds) * 1000L);
        while (BootClock.NowMs < end)
        {
            for (int i = 0; i < BurstSize; i++)
            {
                sent += ports[i % ports.Count].Send(initiations[i % Variants], target) ? 1 : 0;
            }

            Thread.Sleep(BurstEveryMs);
            foreach (UdpPort port in ports)
            {
                int length;
                while ((length = port.Receive(buffer, source)) >= 0)
                {
                    replies += length == 64 && buffer[0] == 3 ? 1 : 0;
                }
            }
        }

        foreach (UdpPort port in ports)
        {
            port.Dispose();
        }

        return (sent, replies);
    }
}
