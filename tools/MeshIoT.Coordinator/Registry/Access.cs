using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Policy;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Who may reach whom: the policy, worked out for the nodes and users of one <see cref="Tailnet"/>. Immutable. Nodes that wait for approval
/// are not in it: they see nobody, and nobody sees them.
/// </summary>
internal sealed class Access
{
    readonly CompiledPolicy policy;

    Access(CompiledPolicy policy) => this.policy = policy;

    /// <summary>No policy, and nobody there yet.</summary>
    public static Access Everything { get; } = new(CompiledPolicy.Compile(PolicyDocument.AllowAll, [], []));

    /// <summary>The policy that this is, as it was read.</summary>
    public PolicyDocument Document => policy.Document;

    /// <summary><paramref name="document"/> for all users and nodes of <paramref name="tailnet"/>.</summary>
    public static Access Of(PolicyDocument document, Tailnet tailnet) => new(CompiledPolicy.Compile(
        document, [.. tailnet.Users.Values.Select(ToPolicy)], [.. tailnet.Nodes.Values.Where(n => n.Approved).Select(n => ToPolicy(tailnet, n))]));

    /// <summary>The same policy in <paramref name="next"/>, where only <paramref name="changed"/> nodes differ from what this was made for.</summary>
    public Access With(Tailnet next, IReadOnlyCollection<long> changed)
    {
        List<PolicyNode> put = [];
        List<long> removed = [];
        foreach (long id in changed)
        {
            if (next.Nodes.TryGetValue(id, out NodeRecord? node) && node.Approved)
            {
                put.Add(ToPolicy(next, node));
            }
            else
            {
                removed.Add(id);
            }
        }

        return new Access(policy.With(put, removed));
    }

    /// <summary>The tests of the policy that do not hold.</summary>
    public ImmutableArray<PolicyError> RunTests() => policy.RunTests();

    /// <summary>True when either may reach the other.</summary>
    public bool CanSee(long a, long b) => policy.CanSee(a, b);

    /// <summary>All whom <paramref name="id"/> sees, which are all who see it, by ID.</summary>
    public PeerList Peers(long id) => policy.Peers(id);

    /// <summary>What the <paramref name="viewer"/> may send to <paramref name="peer"/>: its addresses, and the routes that lead to it and may be used.</summary>
    public IReadOnlyList<IPNetwork> AllowedIPs(long viewer, long peer) => policy.AllowedIPs(viewer, peer);

    /// <summary>What may come in at <paramref name="id"/>.</summary>
    public IReadOnlyList<FilterRule> Filter(long id) => policy.Filter(id);

    /// <summary>True when what may come in at <paramref name="id"/> is the same here and in <paramref name="other"/>.</summary>
    public bool HasSameFilter(Access other, long id) => ReferenceEquals(policy, other.policy) || HasSame(Filter(id), other.Filter(id));

    /// <summary>Who may log in by SSH at <paramref name="id"/>; null: nobody.</summary>
    public SshPolicy? Ssh(long id) => policy.Ssh(id);

    /// <summary>True when who may log in by SSH at <paramref name="id"/> is the same here and in <paramref name="other"/>.</summary>
    public bool HasSameSsh(Access other, long id) =>
        ReferenceEquals(policy, other.policy) || JsonOf(Ssh(id)).AsSpan().SequenceEqual(JsonOf(other.Ssh(id)));

    /// <summary>The attributes that the policy gives <paramref name="id"/>.</summary>
    public IReadOnlyList<string> SelfCaps(long id) => policy.SelfCaps(id);

    /// <summary>True when the attributes of <paramref name="id"/> are the same here and in <paramref name="other"/>.</summary>
    public bool HasSameCaps(Access other, long id) => ReferenceEquals(policy, other.policy) || SelfCaps(id).SequenceEqual(other.SelfCaps(id));

    /// <summary>The attributes of <paramref name="id"/> that others are told.</summary>
    public IReadOnlyList<string> PeerCaps(long id) => policy.PeerCaps(id);

    /// <summary>True when <paramref name="user"/> may give <paramref name="tag"/> to a node.</summary>
    public bool MayTag(UserRecord? user, string tag) => user is not null && policy.MayTag(ToPolicy(user), [tag]);

    /// <summary>True when a node with <paramref name="tags"/> may take <paramref name="tag"/> too.</summary>
    public bool MayTag(ImmutableArray<string> tags, string tag) => policy.MayTag(tags, [tag]);

    /// <summary>True when <paramref name="node"/> may serve <paramref name="route"/> without anybody approving it.</summary>
    public bool AutoApproves(Tailnet tailnet, NodeRecord node, IPNetwork route) => policy.AutoApproves(ToPolicy(tailnet, node), route);

    static PolicyUser ToPolicy(UserRecord user) => new(user.Id, user.Login, user.Login.Contains('@', StringComparison.Ordinal) ? user.Login : null, user.Role switch
    {
        UserRole.Owner => PolicyRole.Owner,
        UserRole.Admin => PolicyRole.Admin,
        _ => PolicyRole.Member,
    });

    static PolicyNode ToPolicy(Tailnet tailnet, NodeRecord node) => new()
    {
        Id = node.Id,
        StableId = node.StableId,
        Hostname = node.Label,
        UserId = node.UserId == 0 ? null : node.UserId,
        Tags = node.Tags,
        IPv4 = AddressPlan.IPv4(node.AddressIndex),
        IPv6 = AddressPlan.IPv6(node.AddressIndex),
        AnnouncedRoutes = node.Routes,
        ApprovedRoutes = node.Routes,
        PrimaryRoutes = node.Routes.RemoveAll(r => RouteList.IsExit(r) || tailnet.Primaries.GetValueOrDefault(r) != node.Id),
    };

    static bool HasSame(IReadOnlyList<FilterRule> a, IReadOnlyList<FilterRule> b)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        if (a.Count != b.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Count; i++)
        {
            if (!ReferenceEquals(a[i], b[i]) && !JsonOf(a[i]).AsSpan().SequenceEqual(JsonOf(b[i])))
            {
                return false;
            }
        }

        return true;
    }

    static byte[] JsonOf(FilterRule rule) => JsonSerializer.SerializeToUtf8Bytes(rule, TailcfgJson.Default.FilterRule);

    static byte[] JsonOf(SshPolicy? ssh) => ssh is null ? [] : JsonSerializer.SerializeToUtf8Bytes(ssh, TailcfgJson.Default.SshPolicy);
}
