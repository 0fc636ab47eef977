using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Linux;
using MeshIoT.WireGuard;

namespace MeshIoT.Interop.WireGuard;

/// <summary>
/// TUN, UDP and the WireGuard core in one thread: read both until they are dry, do what the core says, sleep until its next wake.
/// Commands come from another thread through <see cref="Tell"/>.
/// </summary>
sealed class PlainInterface : IDisposable
{
    // Neither side may starve the other: this many packets of one before the other gets its turn.
    const int Turn = 64;
    const int MaxDatagram = 65535, Room = 64;

    readonly TunDevice tun;
    readonly UdpPort udp;
    readonly LinkConfig link;
    readonly Poller poller;
    readonly WireGuardDevice device;
    readonly Tai64nClock timestamps = new(0);
    readonly Counters counters = new();
    readonly ConcurrentQueue<string> commands = new();
    readonly byte[] input = new byte[MaxDatagram], output = new byte[MaxDatagram + Room], source = new byte[UdpPort.EndpointSize];
    bool running = true;

    internal PlainInterface(InterfaceFile file, CryptoSuite suite)
    {
        device = new WireGuardDevice(suite, new SystemRandomSource(), timestamps, file.PrivateKey) { Mtu = file.Mtu };
        List<IPNetwork> routes = [];
        foreach (PeerSection section in file.Peers)
        {
            WireGuardPeer peer = device.AddPeer(section.PublicKey, section.PresharedKey);
            peer.PersistentKeepaliveSeconds = section.PersistentKeepaliveSeconds;
            if (section.Endpoint is not null)
            {
                peer.SetEndpoint(section.Endpoint);
            }

            foreach (IPNetwork prefix in section.AllowedIPs)
            {
                device.AllowedIPs.Insert(prefix.BaseAddress.GetAddressBytes(), prefix.PrefixLength, peer);
                routes.Add(prefix);
            }
        }

        udp = UdpPort.Open(file.Bind, file.ListenPort);
        tun = TunDevice.Open(file.Name, file.Mtu);
        link = LinkConfig.Open(tun.Name);
        link.SetAddresses(file.Addresses);
        link.Up();
        link.AddRules();
        link.SetRoutes(routes);
        poller = new Poller(tun.FileDescriptor, udp.FileDescriptor);
    }

    /// <summary>stats, handshake, load on, load off, quit. Any thread.</summary>
    internal void Tell(string command)
    {
        commands.Enqueue(command);
        poller.Wake();
    }

    internal void Run()
    {
        while (running)
        {
            poller.Wait(device.NextWakeMs - BootClock.NowMs);
            timestamps.SetWallTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            long now = BootClock.NowMs;
            while (commands.TryDequeue(out string? command))
            {
                Obey(command, now);
            }

            bool more = true;
            while (more)
            {
                more = TakeFromNetwork(BootClock.NowMs) | TakeFromHost(BootClock.NowMs);
            }

            Drain(BootClock.NowMs);
        }
    }

    public void Dispose()
    {
        link.Dispose();
        poller.Dispose();
        tun.Dispose();
        udp.Dispose();
    }

    bool TakeFromNetwork(long now)
    {
        for (int i = 0; i < Turn; i++)
        {
            int length = udp.Receive(input, source);
            if (length < 0)
            {
                return false;
            }

            DeviceResult result = device.Receive(input, 0, length, source, now, output, 0);
            counters.Received(input.AsSpan(0, length), result, device.LastFault);
            Act(result);
            Drain(now);
        }

        return true;
    }

    bool TakeFromHost(long now)
    {
        for (int i = 0; i < Turn; i++)
        {
            int length = tun.Read(input);
            if (length < 0)
            {
                return false;
            }

            Act(device.Send(input, 0, length, now, output, 0));
            Drain(now);
        }

        return true;
    }

    void Drain(long now)
    {
        DeviceResult result;
        while ((result = device.Poll(now, output, 0)) != DeviceResult.Done)
        {
            Act(result);
        }
    }

    void Act(DeviceResult result)
    {
        ReadOnlySpan<byte> bytes = output.AsSpan(0, device.Written);
        if (result == DeviceResult.DeliverToHost)
        {
            tun.Write(bytes);
        }
        else if (result == DeviceResult.SendToNetwork && bytes.Length > 0 && device.Endpoint is { } endpoint)
        {
            counters.Sent(bytes);
            udp.Send(bytes, endpoint);
        }
    }

    void Obey(string command, long now)
    {
        switch (command)
        {
            case "stats":
                Console.WriteLine(counters.ToJson(device, now, udp.SendDrops, tun.WriteDrops));
                break;
            case "handshake":
                for (int i = 0; i < device.PeerCount; i++)
                {
                    device.PeerAt(i).RequestHandshake();
                }

                Console.WriteLine("{}");
                break;
            case "load on" or "load off":
                device.UnderLoad = command == "load on";
                Console.WriteLine("{}");
                break;
            default:
                running = false;
                break;
        }
    }
}
