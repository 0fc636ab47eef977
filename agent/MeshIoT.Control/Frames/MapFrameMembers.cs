using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>Collects what a <see cref="MapFrameParser"/> reads of one frame. A member that comes twice counts as it came last.</summary>
internal sealed class MapFrameMembers(WireNodes nodes)
{
    /// <summary>More elements of one list than this are refused.</summary>
    internal const int MaxElements = 200_000;

    readonly MapResponse rest = new();
    readonly long droppedBefore = nodes.Dropped;
    List<Peer>? peers, peersChanged;
    List<PeerChange>? patches;
    List<long>? removed;
    List<UserProfile>? users;
    List<FilterRule>? rules;
    Dictionary<string, IReadOnlyList<FilterRule>?>? filters;
    string filterName = "";
    long withoutId;
    int elements;

    /// <summary>A list begins.</summary>
    public void Begin(MapMember member)
    {
        elements = 0;
        switch (member.Name)
        {
            case nameof(MapResponse.Peers):
                peers = [];
                break;
            case nameof(MapResponse.PeersChanged):
                peersChanged = [];
                break;
            case nameof(MapResponse.PeersChangedPatch):
                rest.PeersChangedPatch = patches = [];
                break;
            case nameof(MapResponse.PeersRemoved):
                rest.PeersRemoved = removed = [];
                break;
            case nameof(MapResponse.UserProfiles):
                rest.UserProfiles = users = [];
                break;
            case nameof(MapResponse.PacketFilter):
                rest.PacketFilter = rules = [];
                break;
            default:
                rest.PacketFilters = filters = new(StringComparer.Ordinal);
                break;
        }
    }

    /// <summary>A named filter begins.</summary>
    public void BeginFilter(string name)
    {
        if (filters!.Count == MaxElements)
        {
            throw new JsonException("too many filters");
        }

        filterName = name;
        filters[name] = rules = [];
    }

    /// <summary>The named filter is null.</summary>
    public void DeleteFilter() => filters![filterName] = null;

    /// <summary>An element of a list that has begun; never null.</summary>
    public void TakeElement(ref Utf8JsonReader reader, MapMember member)
    {
        if (++elements > MaxElements)
        {
            throw new JsonException("a list is too long");
        }

        TailcfgContext json = TailcfgJson.Default;
        switch (member.Name)
        {
            case nameof(MapResponse.Peers):
                TakePeer(peers!, ref reader);
                break;
            case nameof(MapResponse.PeersChanged):
                TakePeer(peersChanged!, ref reader);
                break;
            case nameof(MapResponse.PeersChangedPatch):
                patches!.Add(Read(ref reader, json.PeerChange)!);
                break;
            case nameof(MapResponse.PeersRemoved):
                removed!.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long id) ? id : throw new JsonException("not an id"));
                break;
            case nameof(MapResponse.UserProfiles):
                users!.Add(Read(ref reader, json.UserProfile)!);
                break;
            default:
                rules!.Add(Read(ref reader, json.FilterRule)!);
                break;
        }
    }

    /// <summary>A whole member; null means that it is absent.</summary>
    public void Take(ref Utf8JsonReader reader, MapMember member)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        TailcfgContext json = TailcfgJson.Default;
        switch (member.Name)
        {
            case nameof(MapResponse.KeepAlive):
                rest.KeepAlive = Read(ref reader, json.Boolean);
                break;
            case nameof(MapResponse.PingRequest):
                rest.PingRequest = Read(ref reader, json.PingRequest);
                break;
            case nameof(MapResponse.PopBrowserURL):
                rest.PopBrowserURL = Read(ref reader, json.String);
                break;
            case nameof(MapResponse.Node):
                rest.Node = Read(ref reader, json.Node);
                break;
            case nameof(MapResponse.DERPMap):
                rest.DERPMap = Read(ref reader, json.DerpMap);
                break;
            case nameof(MapResponse.PeerSeenChange):
                rest.PeerSeenChange = Read(ref reader, json.IReadOnlyDictionaryInt64Boolean);
                break;
            case nameof(MapResponse.OnlineChange):
                rest.OnlineChange = Read(ref reader, json.IReadOnlyDictionaryInt64Boolean);
                break;
            case nameof(MapResponse.DNSConfig):
                rest.DNSConfig = Read(ref reader, json.DnsConfig);
                break;
            case nameof(MapResponse.Domain):
                rest.Domain = Read(ref reader, json.String);
                break;
            case nameof(MapResponse.CollectServices):
                rest.CollectServices = Read(ref reader, json.Boolean);
                break;
            case nameof(MapResponse.Health):
                rest.Health = Read(ref reader, json.IReadOnlyListString);
                break;
            case nameof(MapResponse.DisplayMessages):
                rest.DisplayMessages = Read(ref reader, json.IReadOnlyDictionaryStringDisplayMessage);
                break;
            case nameof(MapResponse.SSHPolicy):
                rest.SSHPolicy = Read(ref reader, json.SshPolicy);
                break;
            case nameof(MapResponse.ControlTime):
                rest.ControlTime = Read(ref reader, json.NullableDateTimeOffset);
                break;
            case nameof(MapResponse.ClientVersion):
                rest.ClientVersion = Read(ref reader, json.ClientVersion);
                break;
            case nameof(MapResponse.ControlDialPlan):
                rest.ControlDialPlan = Read(ref reader, json.ControlDialPlan);
                break;
            default:
                rest.Debug = Read(ref reader, json.Debug);
                break;
        }
    }

    /// <summary>The frame.</summary>
    public MapFrame Finish() => new(rest) { Peers = peers, PeersChanged = peersChanged, Dropped = withoutId + nodes.Dropped - droppedBefore };

    static T? Read<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(ref reader, type);

    void TakePeer(List<Peer> list, ref Utf8JsonReader reader)
    {
        if (Read(ref reader, TailcfgJson.Default.Node) is { ID: > 0 } node)
        {
            list.Add(nodes.ToPeer(node));
        }
        else
        {
            withoutId++;
        }
    }
}
