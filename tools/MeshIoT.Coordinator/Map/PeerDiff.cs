using System;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// What became of a node between two instants, as others see it: nothing, something that fits into a patch, or more than that.
/// control-plane.md section 7.8.
/// </summary>
internal readonly record struct PeerDiff(bool IsWhole, PeerChange? Patch)
{
    static readonly PeerDiff Whole = new(true, null);

    /// <summary>True when peers have nothing to learn.</summary>
    public bool IsNothing => !IsWhole && Patch is null;

    /// <summary>From <paramref name="old"/>, serving <paramref name="oldRoutes"/>, to <paramref name="node"/>, serving <paramref name="routes"/>.</summary>
    public static PeerDiff Between(NodeRecord old, ImmutableArray<IPNetwork> oldRoutes, NodeRecord node, ImmutableArray<IPNetwork> routes)
    {
        if (ReferenceEquals(old, node) && oldRoutes == routes)
        {
            return default;
        }

        if (old.NodeKey != node.NodeKey || old.Machine != node.Machine || old.UserId != node.UserId || old.Label != node.Label || old.Version != node.Version
            || old.AddressIndex != node.AddressIndex || !old.Tags.SequenceEqual(node.Tags) || !oldRoutes.SequenceEqual(routes) || HostinfoDiffers(old.Hostinfo, node.Hostinfo))
        {
            return Whole;
        }

        int oldHome = old.Hostinfo.NetInfo?.PreferredDERP ?? 0, home = node.Hostinfo.NetInfo?.PreferredDERP ?? 0;
        bool endpoints = !old.ShownEndpoints.AsSpan().SequenceEqual(node.ShownEndpoints.AsSpan()), disco = old.DiscoKey != node.DiscoKey;
        bool presence = old.Online != node.Online || (!node.Online && old.LastSeen != node.LastSeen), expiry = old.KeyExpiry != node.KeyExpiry;

        // A patch cannot take a value away, cannot bring a dead key to life, and one that takes a node offline must not bring a disco key.
        if ((endpoints && node.ShownEndpoints.IsEmpty) || (home != oldHome && home == 0) || (disco && (node.DiscoKey.IsZero || !node.Online))
            || (expiry && (node.KeyExpiry is null || old.Expired)) || (old.Expired && !node.Expired))
        {
            return Whole;
        }

        // The expiry goes along when it is reached: that is when clients without a clock learn of it.
        expiry |= node.Expired && !old.Expired;
        return !(endpoints || disco || presence || expiry || home != oldHome) ? default : new(false, new PeerChange
        {
            NodeID = node.Id,
            Endpoints = endpoints ? node.ShownEndpoints : null,
            DERPRegion = home != oldHome ? home : 0,
            DiscoKey = disco ? node.DiscoKey : null,
            Online = presence ? node.Online : null,
            LastSeen = presence && !node.Online ? node.LastSeen : null,
            KeyExpiry = expiry ? node.KeyExpiry : null,
        });
    }

    /// <summary>True when the node itself has something to learn about itself.</summary>
    public static bool SelfDiffers(NodeRecord old, ImmutableArray<IPNetwork> oldRoutes, NodeRecord node, ImmutableArray<IPNetwork> routes) =>
        !ReferenceEquals(old, node) || oldRoutes != routes
            ? old.Label != node.Label || old.UserId != node.UserId || !old.Tags.SequenceEqual(node.Tags) || old.KeyExpiry != node.KeyExpiry || old.Expired != node.Expired
                || old.Approved != node.Approved || !oldRoutes.SequenceEqual(routes)
            : false;

    static bool HostinfoDiffers(Hostinfo a, Hostinfo b) => !ReferenceEquals(a, b) && !Text(a).AsSpan().SequenceEqual(Text(b));

    static byte[] Text(Hostinfo hostinfo) => JsonSerializer.SerializeToUtf8Bytes(HostinfoView.ForPeers(hostinfo), TailcfgJson.Default.Hostinfo);
}
