using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>A peer as it would come from a coordinator.</summary>
internal static class PeerWire
{
    /// <summary>The wire form; read again it gives an equal peer.</summary>
    public static Node ToNode(Peer peer) => new()
    {
        ID = peer.ID,
        StableID = peer.StableID,
        Name = peer.Name,
        User = peer.User,
        Key = peer.Key,
        DiscoKey = peer.DiscoKey,
        Addresses = Texts(peer.Addresses),
        AllowedIPs = ReferenceEquals(peer.AllowedIPs, peer.Addresses) ? null : Texts(peer.AllowedIPs),
        PrimaryRoutes = peer.PrimaryRoutes.Count == 0 ? null : Texts(peer.PrimaryRoutes),
        Endpoints = peer.Endpoints.Count == 0 ? null : [.. peer.Endpoints.Select(static endpoint => endpoint.ToString())],
        HomeDERP = peer.HomeDERP,
        Cap = peer.Cap,
        Hostinfo = new Hostinfo { OS = NullIfEmpty(peer.OS), Hostname = NullIfEmpty(peer.Hostname), Services = Services(peer) },
        Tags = peer.Tags.Count == 0 ? null : peer.Tags,
        CapMap = peer.Capabilities.Count == 0 ? null : peer.Capabilities.ToDictionary(static name => name, static _ => (IReadOnlyList<JsonElement>?)[]),
        Online = peer.Online,
        LastSeen = peer.LastSeen,
        KeyExpiry = peer.KeyExpiry,
        IsWireGuardOnly = peer.IsWireGuardOnly,
        IsJailed = peer.IsJailed,
        Expired = peer.IsSaidExpired,
    };

    static string[] Texts(IReadOnlyList<IPNetwork> prefixes) => [.. prefixes.Select(static prefix => prefix.ToString())];

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    static List<Service>? Services(Peer peer)
    {
        List<Service> services = [];
        void Add(string proto, ushort port)
        {
            if (port != 0)
            {
                services.Add(new Service { Proto = proto, Port = port });
            }
        }

        Add("peerapi4", peer.PeerApi4);
        Add("peerapi6", peer.PeerApi6);
        Add("peerapi-dns-proxy", peer.PeerApiAnswersDns ? (ushort)1 : (ushort)0);
        return services.Count == 0 ? null : services;
    }
}
