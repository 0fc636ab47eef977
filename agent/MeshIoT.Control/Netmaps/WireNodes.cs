using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>Cleans a node that came from the coordinator, so that nobody behind has to. control-plane.md sections 5.4 and 8.</summary>
internal static class WireNodes
{
    const string LegacyDerpPrefix = "127.3.3.40:";

    /// <summary>
    /// A copy with single addresses only in Addresses, readable prefixes only in AllowedIPs (null means Addresses), and the home relay of the old
    /// form moved to the new one. Counts what it leaves out.
    /// </summary>
    public static Node Clean(Node node, ref long dropped)
    {
        IReadOnlyList<string> addresses = Keep(node.Addresses ?? [], IsSingleAddress, ref dropped);
        return node with
        {
            Addresses = addresses,
            AllowedIPs = node.AllowedIPs is { } allowed ? Keep(allowed, IsPrefix, ref dropped) : addresses,
            HomeDERP = node.HomeDERP != 0 ? node.HomeDERP : LegacyDerp(node.DERP),
        };
    }

    /// <summary>A copy with what the patch says.</summary>
    public static Node Patch(Node node, PeerChange change)
    {
        bool isStaleDisco = change.DiscoKey is not null && change.Online == false && change.LastSeen is { } seen && node.LastSeen is { } known && seen <= known;
        return isStaleDisco ? node : node with
        {
            HomeDERP = change.DERPRegion != 0 ? change.DERPRegion : node.HomeDERP,
            Cap = change.Cap != 0 ? change.Cap : node.Cap,
            CapMap = change.CapMap ?? node.CapMap,
            Endpoints = change.Endpoints ?? node.Endpoints,
            Key = change.Key ?? node.Key,
            KeySignature = change.KeySignature ?? node.KeySignature,
            DiscoKey = change.DiscoKey ?? node.DiscoKey,
            Online = change.Online ?? node.Online,
            LastSeen = change.LastSeen ?? node.LastSeen,
            KeyExpiry = change.KeyExpiry ?? node.KeyExpiry,
        };
    }

    // The parser clears host bits; 10.0.0.1/8 is a mistake, not 10.0.0.0/8.
    static bool IsPrefix(string text) =>
        IPNetwork.TryParse(text, out IPNetwork prefix) && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out IPAddress? written) && written.Equals(prefix.BaseAddress);

    static bool IsSingleAddress(string text) =>
        IPNetwork.TryParse(text, out IPNetwork prefix) && prefix.PrefixLength == (prefix.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);

    static IReadOnlyList<string> Keep(IReadOnlyList<string> texts, Func<string, bool> isGood, ref long dropped)
    {
        if (texts.All(isGood))
        {
            return texts;
        }

        string[] good = [.. texts.Where(isGood)];
        dropped += texts.Count - good.Length;
        return good;
    }

    static int LegacyDerp(string? text) =>
        text is not null && text.StartsWith(LegacyDerpPrefix, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(LegacyDerpPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int region) ? region : 0;
}
