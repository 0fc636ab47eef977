using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>Takes in nodes that came from the coordinator, so that nobody behind has to check them. control-plane.md sections 5.4 and 8.</summary>
internal sealed class WireNodes
{
    const string LegacyDerpPrefix = "127.3.3.40:";

    /// <summary>More prefixes of one node are not kept.</summary>
    internal const int MaxPrefixes = 4096;

    readonly Interner interner = new();
    long dropped;

    /// <summary>Addresses, prefixes and endpoints that were left out because they made no sense.</summary>
    public long Dropped => dropped;

    /// <summary>
    /// The peer that a wire node describes: single addresses only in Addresses, readable prefixes only in AllowedIPs (null means Addresses), the home
    /// relay of the old form moved to the new one.
    /// </summary>
    public Peer ToPeer(Node node)
    {
        int dot = node.Name.IndexOf('.', StringComparison.Ordinal);
        string label = dot < 0 ? node.Name : node.Name[..dot];
        IPNetwork[] addresses = Keep(node.Addresses, IsSingleAddress);
        string hostname = node.Hostinfo?.Hostname ?? "";
        return new Peer
        {
            ID = node.ID,
            StableID = node.StableID,
            Label = label,
            Suffix = dot < 0 ? "" : interner.Text(node.Name[dot..]),
            User = node.User,
            Key = node.Key,
            DiscoKey = node.DiscoKey,
            Addresses = addresses,
            AllowedIPs = node.AllowedIPs is { } allowed ? Shared(Keep(allowed, static _ => true), addresses) : addresses,
            PrimaryRoutes = Keep(node.PrimaryRoutes, static _ => true),
            Endpoints = PeerEndpoints.Parse(node.Endpoints, ref dropped),
            HomeDERP = node.HomeDERP != 0 ? node.HomeDERP : LegacyDerp(node.DERP),
            Cap = node.Cap,
            OS = interner.Text(node.Hostinfo?.OS),
            Hostname = hostname == label ? label : hostname,
            PeerApi4 = PortOf(node, "peerapi4"),
            PeerApi6 = PortOf(node, "peerapi6"),
            PeerApiAnswersDns = PortOf(node, "peerapi-dns-proxy") != 0,
            Tags = interner.List(node.Tags),
            Capabilities = Capabilities(node.Capabilities, node.CapMap?.Keys),
            Online = node.Online,
            LastSeen = node.LastSeen,
            KeyExpiry = node.KeyExpiry,
            IsWireGuardOnly = node.IsWireGuardOnly,
            IsJailed = node.IsJailed,
            IsSaidExpired = node.Expired,
        };
    }

    /// <summary>The peer after a patch.</summary>
    public Peer Patch(Peer peer, PeerChange change)
    {
        // News of a disco key together with an offline state that is not newer than what is known: a late echo of the peer's past life.
        bool isStaleDisco = change.DiscoKey is not null && change.Online == false && change.LastSeen is { } seen && peer.LastSeen is { } known && seen <= known;
        return isStaleDisco ? peer : peer with
        {
            HomeDERP = change.DERPRegion != 0 ? change.DERPRegion : peer.HomeDERP,
            Cap = change.Cap != 0 ? change.Cap : peer.Cap,
            Capabilities = change.CapMap is { } caps ? Capabilities(null, caps.Keys) : peer.Capabilities,
            Endpoints = change.Endpoints is { } endpoints ? PeerEndpoints.Parse(endpoints, ref dropped) : peer.Endpoints,
            Key = change.Key ?? peer.Key,
            DiscoKey = change.DiscoKey ?? peer.DiscoKey,
            Online = change.Online ?? peer.Online,
            LastSeen = change.LastSeen ?? peer.LastSeen,
            KeyExpiry = change.KeyExpiry ?? peer.KeyExpiry,
        };
    }

    /// <summary>This node, with what makes no sense left out and the old form of the home relay read.</summary>
    public Node CleanSelf(Node node)
    {
        string[] addresses = Texts(Keep(node.Addresses, IsSingleAddress));
        return node with
        {
            Addresses = addresses,
            AllowedIPs = node.AllowedIPs is { } allowed ? Texts(Keep(allowed, static _ => true)) : addresses,
            HomeDERP = node.HomeDERP != 0 ? node.HomeDERP : LegacyDerp(node.DERP),
        };
    }

    static string[] Texts(IPNetwork[] prefixes) => [.. prefixes.Select(static prefix => prefix.ToString())];

    static bool IsSingleAddress(IPNetwork prefix) => prefix.PrefixLength == (prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    static IPNetwork[] Shared(IPNetwork[] prefixes, IPNetwork[] addresses) => prefixes.AsSpan().SequenceEqual(addresses) ? addresses : prefixes;

    static ushort PortOf(Node node, string service)
    {
        foreach (Service one in node.Hostinfo?.Services ?? [])
        {
            if (one.Proto == service)
            {
                return one.Port;
            }
        }

        return 0;
    }

    static int LegacyDerp(string? text) =>
        text is not null && text.StartsWith(LegacyDerpPrefix, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(LegacyDerpPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int region) ? region : 0;

    IReadOnlyList<string> Capabilities(IReadOnlyList<string>? legacy, IEnumerable<string>? map) => interner.List(
        legacy is not { Count: > 0 } ? map?.Order(StringComparer.Ordinal) : legacy.Concat(map ?? []).Distinct().Order(StringComparer.Ordinal));

    IPNetwork[] Keep(IReadOnlyList<string>? texts, Func<IPNetwork, bool> isGood)
    {
        if (texts is not { Count: > 0 })
        {
            return [];
        }

        IPNetwork[] found = new IPNetwork[Math.Min(texts.Count, MaxPrefixes)];
        int used = 0;
        foreach (string text in texts)
        {
            // The parser clears host bits; 10.0.0.1/8 is a mistake, not 10.0.0.0/8.
            if (used < found.Length && IPNetwork.TryParse(text, out IPNetwork prefix) && isGood(prefix)
                && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)), out IPAddress? written) && written.Equals(prefix.BaseAddress))
            {
                found[used++] = prefix;
            }
            else
            {
                dropped++;
            }
        }

        return used == found.Length ? found : found[..used];
    }
}
