using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Who may reach whom: the policy, worked out for the nodes and users of one <see cref="Tailnet"/>. Immutable. Nodes that wait for approval
/// are not in it: they see nobody, and nobody sees them.
/// </summary>
internal sealed class Access
{
    static readonly IReadOnlyList<FilterRule> AllowAll = [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = PortRange.Any }] }];

    readonly ImmutableSortedSet<long> members;

    Access(ImmutableSortedSet<long> members) => this.members = members;

    /// <summary>No policy, and nobody there yet.</summary>
    public static Access Everything { get; } = new([]);

    /// <summary>The access in <paramref name="next"/>, where only <paramref name="changed"/> nodes differ from what this was made for.</summary>
    public Access With(Tailnet next, IReadOnlyCollection<long> changed)
    {
        ImmutableSortedSet<long>.Builder then = members.ToBuilder();
        foreach (long id in changed)
        {
            _ = next.Nodes.TryGetValue(id, out NodeRecord? node) && node.Approved ? then.Add(id) : then.Remove(id);
        }

        return new Access(then.ToImmutable());
    }

    /// <summary>True when either may reach the other.</summary>
    public bool CanSee(long a, long b) => a != b && members.Contains(a) && members.Contains(b);

    /// <summary>All whom <paramref name="id"/> sees, which are all who see it, by ID.</summary>
    public IEnumerable<long> Peers(long id) => members.Contains(id) ? members.Where(m => m != id) : [];

    /// <summary>What of the <paramref name="routes"/> of <paramref name="peer"/> the <paramref name="viewer"/> may use.</summary>
    public ImmutableArray<IPNetwork> RoutesOf(long viewer, long peer, ImmutableArray<IPNetwork> routes) => CanSee(viewer, peer) ? routes : [];

    /// <summary>What may come in at <paramref name="id"/>. The same list as long as nothing of it changes.</summary>
    public IReadOnlyList<FilterRule> Filter(long id) => members.Contains(id) ? AllowAll : [];

    /// <summary>True when what may come in at <paramref name="id"/> is the same here and in <paramref name="other"/>.</summary>
    public bool HasSameFilter(Access other, long id) => ReferenceEquals(Filter(id), other.Filter(id));

    /// <summary>True when who may log in by SSH at <paramref name="id"/> is the same here and in <paramref name="other"/>.</summary>
    public bool HasSameSsh(Access other, long id) => true;

    /// <summary>True when the capabilities of <paramref name="id"/> are the same here and in <paramref name="other"/>.</summary>
    public bool HasSameCaps(Access other, long id) => true;

    /// <summary>True when <paramref name="user"/> may give <paramref name="tag"/> to a node.</summary>
    public bool MayTag(UserRecord? user, string tag) => false;

    /// <summary>True when somebody with <paramref name="tags"/> may give <paramref name="tag"/> to a node.</summary>
    public bool MayTag(ImmutableArray<string> tags, string tag) => tags.Contains(tag);

    /// <summary>True when <paramref name="node"/> may serve <paramref name="route"/> without anybody approving it.</summary>
    public bool AutoApproves(NodeRecord node, IPNetwork route) => false;
}
