using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Health;
using MeshIoT.Node.State;

namespace MeshIoT.Node.Session;

/// <summary>
/// What a node wishes for of its tailnet besides its name: tags and routes. Checked here, once, and kept in one form, so that
/// the same wish is the same text. control-plane.md section 4, flow 7.
/// </summary>
internal static class NodeWishes
{
    const int MostTags = 64, MostRoutes = 256, LongestTag = 100;

    static readonly string[] ExitRoutes = ["0.0.0.0/0", "::/0"];

    /// <summary>The tags in one form; "tag:" may be left out. Throws tag-invalid.</summary>
    public static string[] CheckTags(IReadOnlyList<string> tags)
    {
        string[] checkedTags = [.. tags.Select(static tag => tag.StartsWith("tag:", StringComparison.Ordinal) ? tag : "tag:" + tag)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (string tag in checkedTags)
        {
            string name = tag["tag:".Length..];
            bool good = name.Length > 0 && tag.Length <= LongestTag && char.IsAsciiLetter(name[0])
                && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');
            if (!good)
            {
                throw Faults.TagInvalid.With(Shortened(tag)).ToException();
            }
        }

        return checkedTags.Length <= MostTags ? checkedTags : throw Faults.TagInvalid.With($"{checkedTags.Length} tags").ToException();
    }

    /// <summary>The routes in one form. Throws route-invalid: no prefix, bits behind it, or a default route (an exit node is asked for by itself).</summary>
    public static string[] CheckRoutes(IReadOnlyList<string> routes)
    {
        SortedSet<string> good = new(StringComparer.Ordinal);
        foreach (string route in routes)
        {
            int slash = route.IndexOf('/', StringComparison.Ordinal);
            bool reads = slash > 0 && IPNetwork.TryParse(route, out IPNetwork _);
            IPNetwork prefix = reads ? IPNetwork.Parse(route) : default;
            if (!reads || prefix.PrefixLength == 0 || !IPAddress.TryParse(route.AsSpan(0, slash), out IPAddress? written) || !written.Equals(prefix.BaseAddress)
                || IPAddress.IsLoopback(written) || written.IsIPv6Multicast || IsMulticast(written))
            {
                throw Faults.RouteInvalid.With(Shortened(route)).ToException();
            }

            good.Add(prefix.ToString());
        }

        return good.Count <= MostRoutes ? [.. good] : throw Faults.RouteInvalid.With($"{good.Count} routes").ToException();
    }

    /// <summary>The routes with the two default routes added or taken away; null leaves them as they are.</summary>
    public static string[] WithExitNode(IEnumerable<string> routes, bool? exitNode)
    {
        string[] all = [.. routes];
        bool wanted = exitNode ?? all.Contains(ExitRoutes[0]);
        return [.. all.Except(ExitRoutes), .. wanted ? ExitRoutes : []];
    }

    /// <summary>The default routes among the routes.</summary>
    public static IEnumerable<string> ExitOf(IEnumerable<string>? routes) => (routes ?? []).Intersect(ExitRoutes);

    /// <summary>The tags to ask for.</summary>
    public static IReadOnlyList<string> TagsOf(NodeState state, TailnetNodeOptions options) => state.AdvertiseTags ?? options.RequestTags;

    /// <summary>The advertised routes, read.</summary>
    public static IReadOnlyList<IPNetwork> RoutesOf(NodeState state) =>
        [.. (state.AdvertiseRoutes ?? []).Where(static text => IPNetwork.TryParse(text, out _)).Select(static text => IPNetwork.Parse(text))];

    static bool IsMulticast(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && address.GetAddressBytes()[0] >= 224;

    static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
