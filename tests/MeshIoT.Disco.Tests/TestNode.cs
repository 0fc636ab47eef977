using System;
using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.Disco.Tests;

/// <summary>A node on a virtual wire that knows whom it is told to know.</summary>
sealed class TestNode : DiscoHost, IDisposable
{
    readonly VirtualWire wire;
    readonly HashSet<DiscoPublicKey> known = [];

    public TestNode(VirtualWire wire, int seed, string at, DiscoLimits? limits = null)
    {
        this.wire = wire;
        At = at;
        SeededRandom random = new(seed);
        Key = DiscoPrivateKey.Generate(random);
        using NodePrivateKey node = NodePrivateKey.Generate(random);
        NodeKey = node.PublicKey;
        Device = new DiscoDevice(new SodiumSuite(), random, Key, NodeKey, this, limits);
        wire.Place(this, at);
    }

    public string At { get; }

    public DiscoPrivateKey Key { get; }

    public NodePublicKey NodeKey { get; }

    public DiscoDevice Device { get; }

    public List<(DiscoPublicKey From, NodePublicKey Node, string At)> Pings { get; } = [];

    public int Changes { get; private set; }

    /// <summary>A datagram is answered from the address it came to, as by a machine with several.</summary>
    public bool AnswersFromWhereAsked { get; set; }

    string asked = "";

    /// <summary>When set, a ping makes its source a candidate of this peer.</summary>
    public DiscoPeer? Hearing { get; set; }

    public void Know(TestNode other) => known.Add(other.Key.PublicKey);

    public DiscoPeer Meet(TestNode other, params string[] at)
    {
        Know(other);
        other.Know(this);
        return Device.Add(other.Key.PublicKey, Pack(at.Length == 0 ? [other.At] : at));
    }

    public static byte[] Pack(params string[] at)
    {
        List<byte> all = [];
        foreach (string one in at)
        {
            all.AddRange(VirtualWire.Endpoint(one));
        }

        return [.. all];
    }

    public DiscoFault Take(byte[] bytes, string from, string to = "")
    {
        asked = to;
        byte[] copy = [.. bytes];
        return DiscoDatagram.IsDisco(copy) ? Device.Receive(copy, copy.Length, VirtualWire.Endpoint(from), wire.NowMs) : DiscoFault.WrongLength;
    }

    public override bool Knows(DiscoPublicKey key) => known.Contains(key);

    public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18) =>
        wire.Send(datagram.ToArray(), AnswersFromWhereAsked && asked.Length > 0 ? asked : At, VirtualWire.Text(endpoint18));

    public override void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18)
    {
        Pings.Add((from, nodeKey, VirtualWire.Text(source18)));
        if (Hearing is { } peer)
        {
            Device.Heard(peer, source18, wire.NowMs);
        }
    }

    /// <summary>Peers that may call, by node key.</summary>
    public Dictionary<NodePublicKey, DiscoPeer> Callers { get; } = [];

    public bool HasRelay { get; init; }

    public int CallsDue { get; set; }

    public override void CallDue(DiscoPeer peer, bool isSuspect, long nowMs) => CallsDue++;

    /// <summary>What was given to the relay for a peer.</summary>
    public List<byte[]> RelayedTo { get; } = [];

    /// <summary>What was given to the relay in answer to something that it brought.</summary>
    public List<(byte[] Bytes, int Region, NodePublicKey To)> Answers { get; } = [];

    public DiscoFault TakeRelayed(byte[] bytes, int region, NodePublicKey from)
    {
        byte[] copy = [.. bytes];
        return DiscoDatagram.IsDisco(copy) ? Device.ReceiveByRelay(copy, copy.Length, region, from, wire.NowMs) : DiscoFault.WrongLength;
    }

    public override void Relay(ReadOnlySpan<byte> datagram, int region, NodePublicKey to) => Answers.Add((datagram.ToArray(), region, to));

    public override bool Relay(ReadOnlySpan<byte> datagram, DiscoPeer peer)
    {
        RelayedTo.Add(datagram.ToArray());
        return HasRelay;
    }

    public override DiscoPeer? Caller(NodePublicKey nodeKey, DiscoPublicKey key) =>
        Callers.GetValueOrDefault(nodeKey) is { } peer && peer.Key == key ? peer : null;

    public override void BestChanged(DiscoPeer peer) => Changes++;

    public void Dispose()
    {
        Device.Dispose();
        Key.Dispose();
    }
}
