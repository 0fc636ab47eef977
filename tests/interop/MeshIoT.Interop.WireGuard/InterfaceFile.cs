using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;

namespace MeshIoT.Interop.WireGuard;

/// <summary>One [Peer] section.</summary>
sealed class PeerSection
{
    internal byte[] PublicKey = [];
    internal byte[]? PresharedKey;
    internal List<IPNetwork> AllowedIPs = [];
    internal byte[]? Endpoint;
    internal int PersistentKeepaliveSeconds;
}

/// <summary>A configuration file as wg-quick(8) reads it, as far as the tests need; anything unknown is an error with its line.</summary>
sealed class InterfaceFile
{
    internal string Name = "wg0";
    internal byte[] PrivateKey = [];
    internal int ListenPort;
    internal int Mtu = 1420;
    internal IPAddress Bind = IPAddress.IPv6Any;
    internal List<IPAddress> Addresses = [];
    internal List<PeerSection> Peers = [];

    internal static InterfaceFile Read(string path)
    {
        InterfaceFile file = new();
        int number = 0;
        foreach (string raw in File.ReadLines(path))
        {
            number++;
            string line = raw.Split('#')[0].Trim();
            try
            {
                file.Take(line);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                // Never the line itself: it may hold a key.
                throw new FormatException($"{path}, line {number}: {line.Split('=')[0].Trim()} is not understood");
            }
        }

        return file;
    }

    static byte[] Key(string text)
    {
        byte[] key = Convert.FromBase64String(text);
        return key.Length == 32 ? key : throw new FormatException();
    }

    internal static byte[] EndpointOf(string text)
    {
        IPEndPoint parsed = IPEndPoint.Parse(text);
        byte[] endpoint = new byte[18];
        parsed.Address.MapToIPv6().TryWriteBytes(endpoint, out _);
        BinaryPrimitives.WriteUInt16BigEndian(endpoint.AsSpan(16), (ushort)parsed.Port);
        return endpoint;
    }

    void Take(string line)
    {
        if (line.Length == 0 || line == "[Interface]")
        {
            return;
        }

        if (line == "[Peer]")
        {
            Peers.Add(new PeerSection());
            return;
        }

        int equals = line.IndexOf('=', StringComparison.Ordinal);
        string key = line[..Math.Max(equals, 0)].Trim(), value = line[(equals + 1)..].Trim();
        if (Peers.Count == 0)
        {
            TakeInterface(key, value);
        }
        else
        {
            TakePeer(Peers[^1], key, value);
        }
    }

    void TakeInterface(string key, string value)
    {
        switch (key)
        {
            case "Name": Name = value; break;
            case "PrivateKey": PrivateKey = Key(value); break;
            case "ListenPort": ListenPort = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "MTU": Mtu = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "Bind": Bind = IPAddress.Parse(value); break;
            case "Address":
                foreach (string address in value.Split(','))
                {
                    Addresses.Add(IPAddress.Parse(address.Trim()));
                }

                break;
            default: throw new FormatException();
        }
    }

    static void TakePeer(PeerSection peer, string key, string value)
    {
        switch (key)
        {
            case "PublicKey": peer.PublicKey = Key(value); break;
            case "PresharedKey": peer.PresharedKey = Key(value); break;
            case "Endpoint": peer.Endpoint = EndpointOf(value); break;
            case "PersistentKeepalive": peer.PersistentKeepaliveSeconds = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "AllowedIPs":
                foreach (string prefix in value.Split(','))
                {
                    peer.AllowedIPs.Add(IPNetwork.Parse(prefix.Trim()));
                }

                break;
            default: throw new FormatException();
        }
    }
}
