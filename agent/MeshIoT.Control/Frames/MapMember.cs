using System;
using System.Collections.Generic;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>A member of a map frame that a node knows, by its name in any case. control-plane.md sections 0 and 5.3.</summary>
internal readonly record struct MapMember(string Name, MapMemberKind Kind)
{
    const int LongestName = 64;

    static readonly Dictionary<string, MapMember> Known = Make();

    /// <summary>The member whose name the reader stands on.</summary>
    public static MapMember Find(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestName * 6)
        {
            return default;
        }

        return Known.TryGetValue(reader.GetString()!, out MapMember member) ? member : default;
    }

    static Dictionary<string, MapMember> Make()
    {
        Dictionary<string, MapMember> known = new(StringComparer.OrdinalIgnoreCase);
        void Add(MapMemberKind kind, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                known[name] = new(name, kind);
            }
        }

        Add(MapMemberKind.List, nameof(MapResponse.Peers), nameof(MapResponse.PeersChanged), nameof(MapResponse.PeersChangedPatch), nameof(MapResponse.PeersRemoved),
            nameof(MapResponse.UserProfiles), nameof(MapResponse.PacketFilter));
        Add(MapMemberKind.Filters, nameof(MapResponse.PacketFilters));
        Add(MapMemberKind.Whole, nameof(MapResponse.KeepAlive), nameof(MapResponse.PingRequest), nameof(MapResponse.PopBrowserURL), nameof(MapResponse.Node),
            nameof(MapResponse.DERPMap), nameof(MapResponse.PeerSeenChange), nameof(MapResponse.OnlineChange), nameof(MapResponse.DNSConfig), nameof(MapResponse.Domain),
            nameof(MapResponse.CollectServices), nameof(MapResponse.Health), nameof(MapResponse.DisplayMessages), nameof(MapResponse.SSHPolicy), nameof(MapResponse.ControlTime),
            nameof(MapResponse.ClientVersion), nameof(MapResponse.ControlDialPlan), nameof(MapResponse.Debug));
        return known;
    }
}
