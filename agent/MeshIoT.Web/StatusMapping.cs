using System.Collections.Generic;
using System;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;

namespace MeshIoT.Web;

/// <summary>From the node's snapshot to the LocalAPI's wire form.</summary>
public static class StatusMapping
{
    /// <summary>The whole status.</summary>
    public static StatusDto ToDto(NodeStatus s, string version, string tun, IReadOnlyList<FaultReport> others) => new()
    {
        BackendState = s.BackendState.ToString(),
        Version = version,
        LoginServer = s.LoginServer?.ToString(),
        AuthUrl = s.AuthUrl?.AbsoluteUri,
        Waiting = s.Waiting is { } waiting ? ToDto(waiting) : null,
        LoginPending = s.LoginPending,
        KeyExpiry = s.KeyExpiry,
        CoordinatorConnected = s.CoordinatorConnected,
        Tun = tun,
        Aead = AeadChoice.Name,
        Network = NetworkMapping.ToDto(s),
        Self = s.Self.Addresses.Count == 0 ? null : new NodeDto
        {
            Name = s.Self.Name,
            HostName = FirstLabel(s.Self.Name, s.Self.HostName),
            Addresses = [.. s.Self.Addresses.Select(a => a.ToString())],
            NodeKey = s.Self.NodeKey,
            Online = s.CoordinatorConnected,
            Os = "linux",
            Tags = s.Self.Tags,
        },
        Peers = [.. s.Peers.Select(ToDto)],
        Health = [.. s.Health.Concat(others).Select(ToDto)],
    };

    /// <summary>One peer.</summary>
    public static NodeDto ToDto(PeerStatus p) => new()
    {
        Name = p.Name,
        HostName = FirstLabel(p.Name, p.HostName),
        Addresses = [.. p.Addresses.Select(a => a.ToString())],
        NodeKey = p.NodeKey,
        Online = p.Online ?? false,
        Os = p.OS.Length == 0 ? null : p.OS,
        Tags = p.Tags,
        Path = PathMapping.PathOf(p.Endpoint, p.Relay),
        Endpoint = p.Endpoint?.ToString(),
        Relay = p.Relay,
        HomeRelay = p.HomeRelay,
        Active = p.Active,
        LastReceived = p.LastReceived,
        RxBytes = p.RxBytes,
        TxBytes = p.TxBytes,
        LastHandshake = p.LastHandshake,
        LastSeen = p.LastSeen,
    };

    /// <summary>A fault that has happened.</summary>
    public static FaultDto ToDto(FaultReport f) =>
        new(f.Fault.Code, f.Fault.Severity switch { Severity.Low => "low", Severity.Medium => "medium", _ => "high" }, f.Message, f.Next);

    /// <summary>The name by which the tailnet knows a node: two nodes may ask for one host name, only one gets it unchanged.</summary>
    static string FirstLabel(string name, string hostName)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return name.Length == 0 ? hostName : dot < 0 ? name : name[..dot];
    }
}
