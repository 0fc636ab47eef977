using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Node.Session;
using MeshIoT.Control;
using MeshIoT.Tailcfg;
using WireNode = MeshIoT.Tailcfg.Node;

namespace MeshIoT.Node.Tests;

/// <summary>A coordinator in memory: it gives out addresses, sends netmaps, and misbehaves on demand.</summary>
sealed class FakeTailnet
{
    public const string GoodKey = "good-key";

    readonly Lock gate = new();
    readonly Dictionary<NodePublicKey, Member> members = [];
    bool away;

    public MachinePublicKey ServerKey { get; set; } = MachinePrivateKey.Generate(new SystemRandomSource()).PublicKey;

    public IReadOnlyList<FilterRule> Filter { get; set; } =
        [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }];

    /// <summary>The relays that netmaps name; null: none.</summary>
    public DerpMap? Relays { get; set; }

    /// <summary>Answers to the next registrations, before the ordinary judgement.</summary>
    public Queue<Func<RegisterRequest, RegisterResponse>> Answers { get; } = [];

    /// <summary>The same for answers that come when the test wants; they are taken first, and hold nothing up meanwhile.</summary>
    public Queue<Func<RegisterRequest, CancellationToken, Task<RegisterResponse>>> Parked { get; } = [];

    public List<RegisterRequest> Registrations { get; } = [];

    public MapRequest? LastUpdate { get; private set; }

    /// <summary>Host names of all members.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (gate)
            {
                return [.. members.Values.Select(static member => member.Hostname)];
            }
        }
    }

    public NodePublicKey KeyOf(string hostname)
    {
        lock (gate)
        {
            return members.Values.Single(member => member.Hostname == hostname).Key;
        }
    }

    /// <summary>Changes what the coordinator thinks of a member, and tells everybody.</summary>
    public void Change(string hostname, DateTimeOffset? keyExpiry = null, bool authorized = true, IReadOnlyList<string>? routes = null)
    {
        lock (gate)
        {
            Member member = members.Values.Single(member => member.Hostname == hostname);
            (member.KeyExpiry, member.Authorized, member.Routes) = (keyExpiry, authorized, routes ?? []);
            Push();
        }
    }

    /// <summary>Sends all streams a frame.</summary>
    public void Say(MapResponse frame)
    {
        lock (gate)
        {
            foreach (Member member in members.Values)
            {
                member.Stream?.Writer.TryWrite(frame);
            }
        }
    }

    /// <summary>Of what new members are: expiry of the key and whether they are let in at once.</summary>
    public (DateTimeOffset? KeyExpiry, bool Authorized) NewMembers { get; set; } = (null, true);

    public int Updates { get; private set; }

    /// <summary>How many of the next lite updates meet a fault.</summary>
    public int RefusedUpdates { get; set; }

    /// <summary>While true nobody gets through and all streams are cut.</summary>
    public bool Away
    {
        get => away;
        set
        {
            lock (gate)
            {
                away = value;
                if (value)
                {
                    foreach (Member member in members.Values)
                    {
                        member.Stream?.Writer.TryComplete(new IOException("the wire was cut"));
                        member.Stream = null;
                    }
                }
            }
        }
    }

    public CoordinatorLink Open(CoordinatorAddress address) => new Link(this, address);

    public void Push()
    {
        lock (gate)
        {
            foreach (Member member in members.Values)
            {
                member.Stream?.Writer.TryWrite(NetmapFor(member));
            }
        }
    }

    public void Remove(string hostname)
    {
        lock (gate)
        {
            foreach (Member member in members.Values.Where(m => m.Hostname == hostname).ToList())
            {
                members.Remove(member.Key);
                member.Stream?.Writer.TryComplete();
            }
        }

        Push();
    }

    Task<RegisterResponse> RegisterAsync(RegisterRequest request, CancellationToken ct)
    {
        Func<RegisterRequest, CancellationToken, Task<RegisterResponse>>? parked;
        lock (gate)
        {
            if (!Parked.TryDequeue(out parked))
            {
                return Task.FromResult(Register(request));
            }

            Registrations.Add(request);
        }

        return parked(request, ct);
    }

    RegisterResponse Register(RegisterRequest request)
    {
        lock (gate)
        {
            Registrations.Add(request);
            if (Answers.TryDequeue(out Func<RegisterRequest, RegisterResponse>? answer))
            {
                return answer(request);
            }

            if (request.Expiry is { Year: 1970 })
            {
                members.Remove(request.NodeKey);
                return Welcome();
            }

            if (members.ContainsKey(request.NodeKey))
            {
                return Welcome();
            }

            if (request.Auth?.AuthKey != GoodKey)
            {
                return new RegisterResponse { Error = $"invalid auth key: {request.Auth?.AuthKey}" };
            }

            return Admit(request);
        }
    }

    public RegisterResponse Admit(RegisterRequest request)
    {
        members.Remove(request.OldNodeKey, out Member? before);
        before?.Stream?.Writer.TryComplete();
        int number = before?.Number ?? (members.Count == 0 ? 1 : members.Values.Max(static m => m.Number) + 1);
        members[request.NodeKey] = new Member(request.NodeKey, number, request.Hostinfo!.Hostname!)
        {
            KeyExpiry = NewMembers.KeyExpiry, Authorized = NewMembers.Authorized, Routes = before?.Routes ?? [],
        };
        return Welcome();
    }

    static RegisterResponse Welcome() => new() { MachineAuthorized = true };

    MapResponse NetmapFor(Member self) => new()
    {
        Node = Describe(self),
        Domain = "tail.example",
        DERPMap = Relays,
        Peers = [.. members.Values.Where(member => member != self).OrderBy(static m => m.Number).Select(Describe)],
        PeersRemoved = [.. Enumerable.Range(1, 20).Select(static n => (long)n).Except(members.Values.Select(static m => (long)m.Number))],
        PacketFilters = new Dictionary<string, IReadOnlyList<FilterRule>?> { ["base"] = Filter },
    };

    static WireNode Describe(Member member) => new()
    {
        ID = member.Number,
        StableID = $"n{member.Number}",
        Name = $"{member.Hostname}.tail.example.",
        Key = member.Key,
        DiscoKey = member.DiscoKey,
        Addresses = [$"100.64.0.{member.Number}/32", $"fd7a:115c:a1e0::{member.Number}/128"],
        Endpoints = member.Endpoints,
        Hostinfo = new Hostinfo { Hostname = member.Hostname, OS = "linux" },
        AllowedIPs = [$"100.64.0.{member.Number}/32", $"fd7a:115c:a1e0::{member.Number}/128", .. member.Routes],
        KeyExpiry = member.KeyExpiry,
        Online = member.Stream is not null,
        MachineAuthorized = member.Authorized,
        Cap = 130,
    };

    async Task StreamAsync(MapRequest request, Func<MapFrame, CancellationToken, ValueTask> onFrame, CancellationToken ct)
    {
        Channel<MapResponse> stream = Channel.CreateUnbounded<MapResponse>();
        lock (gate)
        {
            Member member = members.TryGetValue(request.NodeKey, out Member? known) ? known : throw Health.Faults.NodeNotKnown.With("coordinator.test").ToException();
            member.DiscoKey = request.DiscoKey;
            member.Endpoints = request.Endpoints ?? [];
            member.Stream?.Writer.TryComplete();
            member.Stream = stream;
            Push();
        }

        await foreach (MapResponse frame in stream.Reader.ReadAllAsync(ct))
        {
            await onFrame(MapFrame.From(frame), ct);
        }
    }

    void Update(MapRequest request)
    {
        lock (gate)
        {
            Updates++;
            if (RefusedUpdates > 0)
            {
                RefusedUpdates--;
                throw new IOException("the coordinator has no time");
            }

            LastUpdate = request;
            if (members.TryGetValue(request.NodeKey, out Member? member) && !member.Endpoints.SequenceEqual(request.Endpoints ?? []))
            {
                member.Endpoints = request.Endpoints ?? [];
                Push();
            }
        }
    }

    sealed class Member(NodePublicKey key, int number, string hostname)
    {
        public NodePublicKey Key => key;

        public int Number => number;

        public string Hostname => hostname;

        public DiscoPublicKey DiscoKey { get; set; }

        public IReadOnlyList<string> Endpoints { get; set; } = [];

        public DateTimeOffset? KeyExpiry { get; set; }

        public bool Authorized { get; set; } = true;

        public IReadOnlyList<string> Routes { get; set; } = [];

        public Channel<MapResponse>? Stream { get; set; }
    }

    sealed class Link(FakeTailnet tailnet, CoordinatorAddress address) : CoordinatorLink
    {
        public override Task<RegisterResponse> RegisterAsync(RegisterRequest request, CancellationToken ct)
        {
            Reach();
            return tailnet.RegisterAsync(request, ct);
        }

        public override Task StreamMapAsync(MapRequest request, Func<MapFrame, CancellationToken, ValueTask> onFrame, CancellationToken ct)
        {
            Reach();
            return tailnet.StreamAsync(request, onFrame, ct);
        }

        public override Task SendUpdateAsync(MapRequest request, CancellationToken ct)
        {
            Reach();
            tailnet.Update(request);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        // What a real link does before anything else: find the server, and judge its key.
        void Reach()
        {
            if (tailnet.Away)
            {
                throw new IOException("connection refused");
            }

            bool trusted = address.PinnedServerKey is { } pinned
                ? pinned == tailnet.ServerKey
                : address.AcceptServerKey?.Invoke(tailnet.ServerKey) ?? true;
            if (!trusted)
            {
                throw Health.Faults.ServerKeyNotAccepted.With(address.LoginServer.Host, tailnet.ServerKey.ShortString()).ToException();
            }
        }
    }
}
